// @ts-check
/** How strong what flows is: through single weights, and of whole layers on the way back; pure. */

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */

/** At most so many pulses in a gap. */
const MOST = 130;
/** An error signal this many powers of ten below the largest is as faint as it gets; below BRIGHT none is large. */
const DECADES = 4.5;
const BRIGHT = 0.003;

/** Brightness 0…1 of a layer's δ beside the largest, on a log scale. @param {number} delta @param {number} largest */
export function glow(delta, largest) {
  if (!(delta > 0)) return delta === 0 ? 0 : 1;
  return Math.min(1, Math.max(0.05, 1 + Math.log10(delta / Math.max(largest, BRIGHT)) / DECADES));
}

/**
 * The strongest flows through the edges into layer l, relative to the strongest of all.
 * @param {Layout} layout @param {Frame} frame @param {number} l @param {1 | -1} direction
 * @returns {{from: number, to: number, strength: number}[]}
 */
export function strongest({blocks, units, sizes}, {P, A, D}, l, direction) {
  const {offset, rows, cols} = blocks[l - 1];
  const all = new Float32Array(rows * cols);
  const inputs = sizes[l - 1];
  let most = 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const a = i < inputs ? A[units[l - 1].offset + i] : 1;
      const size = Math.abs(P[offset + i * cols + j] * (direction > 0 ? a : D[units[l].offset + j]));
      all[i * cols + j] = size;
      if (size > most) most = size;
    }
  if (!(most > 0)) return [];
  const least = Math.max(0.03 * most, all.length > MOST ? all.slice().sort()[all.length - MOST] : 0);
  const flows = [];
  for (let k = 0; k < all.length; k++)
    if (all[k] >= least && flows.length < MOST)
      flows.push({from: Math.floor(k / cols), to: k % cols, strength: all[k] / most});
  return flows;
}
