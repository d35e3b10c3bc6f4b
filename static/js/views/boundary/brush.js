// @ts-check
/** Samples put into the plane, moved and erased: from what there is to what there shall be. Pure. */

/** @typedef {import("../../types").Data} Data */
/** x₁, x₂ and the class. @typedef {[number, number, number]} Sample */
/** What a run says of samples that a hand has changed. @typedef {{painted: Sample[], erased: number[]}} Painting */

/** @typedef {Pick<Data, "places" | "points" | "y" | "outputs" | "target_range">} Labelled */

/** As many as the core takes, and how near to the edge. */
export const MOST = 500;
const EDGE = 1.19;

/** A place with as many digits as an eye tells apart. @param {number} x */
const placed = x => Math.round(1000 * Math.min(EDGE, Math.max(-EDGE, x))) / 1000;

/** @param {[number, number]} at @param {number} label @returns {Sample} */
export const sampleOf = ([x1, x2], label) => [placed(x1), placed(x2), label];

/** With more samples, as many as there is room for. @param {Painting} painting @param {Sample[]} added
 * @returns {Painting} */
export function withSamples({painted, erased}, added) {
  return {painted: [...painted, ...added].slice(0, MOST), erased};
}

/** Where a painted sample stands in the list, by its point and class: the list may have changed since the data came.
 * @param {Painting} painting @param {Labelled} data @param {number} row @returns {number} −1 for none */
function indexOf({painted}, data, row) {
  const at = /** @type {[number, number]} */ ([...(data.points ?? []).slice(2 * row, 2 * row + 2)]);
  const wanted = String(sampleOf(at, labelOf(data, row)));
  return painted.findIndex(sample => String(sample) === wanted);
}

/** Without the samples in these rows. @param {Painting} painting @param {Labelled} data
 * @param {Iterable<number>} rows @returns {Painting} */
export function without(painting, data, rows) {
  const all = [...rows];
  const isPainted = (/** @type {number} */ row) => (data.places?.[row] ?? 0) < 0;
  const taken = new Set(all.filter(isPainted).map(row => indexOf(painting, data, row)));
  const drawn = all.filter(row => !isPainted(row)).map(row => data.places?.[row] ?? 0);
  return {
    painted: painting.painted.filter((_, k) => !taken.has(k)),
    erased: [...new Set([...painting.erased, ...drawn])].sort((a, b) => a - b),
  };
}

/** With the sample of a row elsewhere: what was drawn is erased and painted there. @param {Painting} painting
 * @param {Labelled} data @param {number} row @param {[number, number]} at @returns {Painting} */
export function moved(painting, data, row, at) {
  const sample = sampleOf(at, labelOf(data, row));
  if ((data.places?.[row] ?? 0) >= 0) return withSamples(without(painting, data, [row]), [sample]);
  const index = indexOf(painting, data, row);
  return {...painting, painted: painting.painted.map((other, k) => (k === index ? sample : other))};
}

/** The class of a sample, from 0. @param {Pick<Data, "y" | "outputs" | "target_range">} data @param {number} row */
export function labelOf({y, outputs, target_range: [low, high]}, row) {
  if (outputs === 1) return Number(y[row] > (low + high) / 2);
  const own = y.subarray(row * outputs, (row + 1) * outputs);
  return own.indexOf(Math.max(...own));
}

/** Whether a stroke has gone far enough from its last sample for another. @param {[number, number]} from px
 * @param {[number, number]} to px @param {number} apart px */
export const isApart = ([x, y], [px, py], apart) => Math.hypot(x - px, y - py) >= apart;

/** Whether two say the same. @param {Painting} one @param {Painting} other */
export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
