// @ts-check
/** The pixels of a map: which are asked for when, what they show until then, and their colours. Pure. */

import {firstAtLeast} from "../../maths/sorted.js";

/** A window of the plane, in log₁₀. @typedef {{x: [number, number], y: [number, number]}} Range2 */
/** Rows first … stop − 1 in steps of the stride.
 * @typedef {{stride: number, first: number, stop: number, fresh: boolean}} Tile */

/** The first picture has so many pixels a side, or up to twice as many. */
const COARSEST = 4;
/** Share of the colour scale next to 0 that no pixel has: so the two kinds are told apart (Sohl-Dickstein 2024). */
const GAP = 0.25;

/** The whole map. @type {Range2} */
export const WHOLE = {x: [-3, 6], y: [-3, 6]};

/** Distances between pixels, the coarsest first. @param {number} size pixels per side @returns {number[]} */
export function stridesOf(size) {
  const strides = [1];
  while (size / strides[0] / 2 >= COARSEST) strides.unshift(2 * strides[0]);
  return strides;
}

/**
 * The tile that follows, as many rows of it as hold about so many pixels.
 * @param {number} size
 * @param {{stride: number, row: number}} place where the last one ended
 * @param {number} pixels
 * @returns {Tile}
 */
export function tileAt(size, {stride, row}, pixels) {
  const fresh = stride !== stridesOf(size)[0];
  const across = Math.ceil(size / stride) * (fresh ? 0.75 : 1);
  const rows = Math.max(fresh ? 2 : 1, Math.round(pixels / across));
  return {stride, first: row, stop: Math.min(size, row + rows * stride), fresh};
}

/** The pixels of a tile in their order, as indices row · size + column. @param {number} size @param {Tile} tile */
export function pixelsOf(size, {stride, first, stop, fresh}) {
  /** @type {number[]} */
  const found = [];
  for (let row = Math.ceil(first / stride) * stride; row < stop; row += stride)
    for (let column = 0; column < size; column += stride)
      if (!fresh || row % (2 * stride) || column % (2 * stride)) found.push(row * size + column);
  return found;
}

/** What a pixel shows: its own measure, or that of the coarser one around it; NaN where neither is known.
 * @param {Float64Array} measures @param {number} size @param {number} row @param {number} column */
export function shownAt(measures, size, row, column) {
  for (let stride = 1; stride <= size; stride *= 2) {
    const value = measures[(row - (row % stride)) * size + column - (column % stride)];
    if (!Number.isNaN(value)) return value;
  }
  return NaN;
}

/**
 * A function from measures to −1…1, equalized: converged runs (below 0) are spread evenly over 0.25…1 by their rank
 * among themselves, the others over −0.25…−1; slow ones are at the ends.
 * @param {Float64Array} measures
 */
export function equalized(measures) {
  const known = measures.filter(value => !Number.isNaN(value)).sort();
  const below = firstAtLeast(known, 0);
  return (/** @type {number} */ value) => {
    const rank = firstAtLeast(known, value);
    if (value < 0) return GAP + (1 - GAP) * (1 - rank / Math.max(1, below - 1));
    return -GAP - (1 - GAP) * Math.min(1, (rank - below) / Math.max(1, known.length - below - 1));
  };
}

/** log₁₀ at a pixel. @param {[number, number]} range @param {number} size @param {number} k */
export const placeOf = ([low, high], size, k) => low + ((high - low) * k) / (size - 1);

/**
 * A window within another, by shares 0…1 of its sides, as wide as high in pixels.
 * @param {Range2} range
 * @param {{left: number, right: number, bottom: number, top: number}} shares
 * @returns {Range2}
 */
export function within({x, y}, {left, right, bottom, top}) {
  /** @type {(side: [number, number], share: number) => number} */
  const at = ([low, high], share) => low + (high - low) * share;
  return {x: [at(x, left), at(x, right)], y: [at(y, bottom), at(y, top)]};
}

/** The window around a point that is `factor` as wide. @param {Range2} range @param {{x: number, y: number}} at shares
 * @param {number} factor */
export const around = (range, at, factor) =>
  within(range, {
    left: at.x - factor * at.x,
    right: at.x + factor * (1 - at.x),
    bottom: at.y - factor * at.y,
    top: at.y + factor * (1 - at.y),
  });

/** Whether float64 tells the numbers of neighbouring pixels apart, with room to spare.
 * @param {Range2} range @param {number} size */
export const resolved = ({x, y}, size) =>
  [x, y].every(([low, high]) => (high - low) / size > 16 * Number.EPSILON * Math.max(1, Math.abs(low), Math.abs(high)));

/** Whether a window lies where rates are numbers at all. @param {Range2} range */
export const allowed = ({x, y}) => [x, y].every(([low, high]) => low >= -300 && high <= 300);

/** The bitmap of a whole map in rows of 0 and 1; null while a pixel is missing.
 * @param {Float64Array} measures @param {number} size */
export function bitmapOf(measures, size) {
  if (measures.some(value => Number.isNaN(value))) return null;
  return Array.from({length: size}, (_, row) =>
    Array.from(measures.subarray(row * size, (row + 1) * size), value => (value < 0 ? "1" : "0")).join(""),
  );
}
