// @ts-check
/** Places for the words beside marks, so that none is written over another. */

/** @typedef {{left: number, right: number, middle: number}} Place of a word on the sheet, px */

/**
 * Where a word beside a mark has room: to its right, to its left, or a line below or above; null where it has none.
 * @param {number} x of the mark
 * @param {number} y of the mark
 * @param {{aside: number, wide: number, high: number}} size how far the word stands from the mark, and its own size
 * @param {number} width of the sheet
 * @param {readonly Place[]} taken by the words that stand there already
 * @returns {Place | null}
 */
export function roomFor(x, y, {aside, wide, high}, width, taken) {
  for (const middle of [y, y + high, y - high])
    for (const left of [x + aside, x - aside - wide]) {
      const right = left + wide;
      if (left < 0 || right >= width) continue;
      const free = taken.every(
        word => right <= word.left || word.right <= left || Math.abs(word.middle - middle) >= high,
      );
      if (free) return {left, right, middle};
    }
  return null;
}
