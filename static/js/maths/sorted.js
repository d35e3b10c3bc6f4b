// @ts-check
/** Places in ascending numbers, found by halving. */

/**
 * Index of the first number that is not below `x`; their count where all are.
 * @param {ArrayLike<number>} sorted ascending
 * @param {number} x
 */
export const firstAtLeast = (sorted, x) => firstWhere(sorted, value => value >= x);

/**
 * Index of the last number that is at most `x`; −1 where all are above.
 * @param {ArrayLike<number>} sorted ascending
 * @param {number} x
 */
export const lastAtMost = (sorted, x) => firstWhere(sorted, value => value > x) - 1;

/** Index of the first number of which something holds that holds of all after it.
 * @param {ArrayLike<number>} sorted @param {(value: number) => boolean} holds */
function firstWhere(sorted, holds) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
