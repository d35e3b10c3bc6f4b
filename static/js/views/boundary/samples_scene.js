// @ts-check
/** Which samples are paged through, which are on the strip, and which are mistakes. Pure. */

/**
 * The sample before or after another, of those to page through; one that is none of them leads to the first or last.
 * @param {number[] | null} chosen rows, all where null
 * @param {number} n samples in all
 * @param {number} row
 * @param {number} way 1 or −1
 */
export function beside(chosen, n, row, way) {
  const count = chosen?.length ?? n;
  const at = chosen ? chosen.indexOf(row) : row;
  const to = (Math.max(at, way < 0 ? 0 : -1) + way + count) % count;
  return chosen ? chosen[to] : to;
}

/**
 * The page of samples that holds one of them.
 * @param {number[] | null} chosen rows, all where null
 * @param {number} n samples in all
 * @param {number} row
 * @param {number} room for so many
 * @returns {number[]} rows
 */
export function pageOf(chosen, n, row, room) {
  const all = chosen?.length ?? n;
  const count = Math.min(all, Math.max(1, room));
  const at = chosen ? Math.max(0, chosen.indexOf(row)) : row;
  const first = Math.min(Math.floor(at / count) * count, Math.max(0, all - count));
  return Array.from({length: count}, (_, i) => chosen?.[first + i] ?? first + i);
}

/** What every sample is and is taken for; −1 while that is unknown.
 * @typedef {{labels: Int16Array, taken: Int16Array}} Judged */

/** The next sample that the network takes for something else; −1 if there is none.
 * @param {Judged} judged @param {number} after */
export function mistakeAfter({labels, taken}, after) {
  const n = labels.length;
  for (let k = 1; k <= n; k++) {
    const at = (after + k) % n;
    if (taken[at] >= 0 && taken[at] !== labels[at]) return at;
  }
  return -1;
}

/** Mistakes among the first `train` samples, and among the others. @param {Judged} judged @param {number} train */
export function countMistakes({labels, taken}, train) {
  const count = {train: 0, test: 0};
  for (let k = 0; k < labels.length; k++) if (taken[k] !== labels[k]) count[k < train ? "train" : "test"]++;
  return count;
}
