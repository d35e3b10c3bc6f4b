// @ts-check
/** Where rows, scales and columns of the laboratory's pages lie in the room there is. Pure. */

/** @typedef {import("../../types").Laboratory} Laboratory */
/** `small` is the height of the type. @typedef {{width: number, height: number, small: number}} Room */

/** On a narrower stage there are no words beside the numbers, in px. */
export const NARROW = 430;

/** The scale of update to weight, log₁₀, and its lowest end. */
const LOW = -8;
const LOWEST = -40;
export const HIGH = 0;

/**
 * The page of rows: names, scale, history and numbers.
 * @param {Room} room
 * @param {number} layers
 * @param {number} names width of the widest
 * @param {number} passed width of the words over the factors, 0 where they have no room
 */
export function rowsLayout({width, height, small}, layers, names, passed) {
  const top = small * 1.7;
  const bottom = height - small * 1.8;
  const numbers = small * 5.4;
  const passes = passed ? Math.max(small * 4.2, passed + 14) : 0;
  const row = (bottom - top) / layers;
  const left = 14 + names;
  const plots = width - left - numbers - passes - 24;
  const right = left + plots * 0.52;
  return {
    top,
    bottom,
    row,
    layers,
    /** ends of the scale, and of the history */
    left,
    right,
    from: right + 18,
    to: left + plots + 6,
    /** width of the columns of numbers and of factors */
    numbers,
    passes,
    /** where a share of the scale stands: see `standing` @param {number} share */
    xOf: share => (share < 0 ? left + 4 : share > 1 ? right + 5 : left + 14 + share * (right - left - 14)),
    /** the middle of a row @param {number} k */
    yOf: k => top + (k + 0.5) * row,
  };
}

/**
 * Ends of the scale of factors, log₁₀, in steps of a half so that it stands still.
 * @param {Pick<Laboratory, "layers" | "weights_part" | "slope_part" | "most_gain">} lab
 * @returns {[number, number]}
 */
export function factorRange({layers, weights_part, slope_part, most_gain}) {
  let [least, most] = [-0.5, 0.25];
  for (let k = 0; k < layers - 1; k++) {
    const weights = Math.log10(weights_part[k]);
    const both = weights + Math.log10(slope_part[k]);
    for (const x of [weights, both, Math.log10(most_gain[k])])
      if (Number.isFinite(x)) [least, most] = [Math.min(least, x), Math.max(most, x)];
  }
  return [Math.max(-4, Math.floor(2 * least - 0.1) / 2), Math.min(4, Math.ceil(2 * most + 0.1) / 2)];
}

/**
 * The page of reasons: bars of factors, their product, small histograms and marks of health, and below them the curve
 * of the chosen layer.
 * @param {Room} room
 * @param {number} layers hidden ones
 * @param {number} names width of the widest
 * @param {[number, number]} range of the factors' scale, log₁₀
 */
export function whyLayout({width, height, small}, layers, names, [low, high]) {
  const top = small * 1.8;
  const wanted = Math.min(height * 0.46, Math.max(130, height - top - layers * 26 - small * 2));
  const lower = Math.max(wanted, height - top - small * 2.1 - layers * 70);
  const bottom = height - lower - small * 2.1;
  const left = 14 + names;
  const product = width > NARROW ? small * 12.2 : small * 4;
  const flags = small * 5;
  const mini = Math.min(130, width * 0.2);
  const right = width - product - mini - flags - 16;
  return {
    top,
    bottom,
    row: (bottom - top) / layers,
    layers,
    left,
    right,
    low,
    high,
    /** where the products end, and the left edge and the width of the small histograms */
    productEnd: right + product - 4,
    histogram: right + product + 4,
    mini,
    /** where marks of health begin */
    flags: right + product + mini + 10,
    curve: {x: 8, y: bottom + small * 2, width: width - 16, height: height - bottom - small * 2 - 2},
    /** @param {number} exponent of a factor */
    xOf: exponent => left + 6 + ((Math.min(high, Math.max(low, exponent)) - low) / (high - low)) * (right - left - 12),
  };
}

/**
 * The page of speeds: update to weight, how far each layer has moved and when, and below them the errors over the run.
 * @param {Room} room
 * @param {Pick<Laboratory, "layers" | "ratio">} lab
 * @param {number} names width of the widest
 */
export function speedLayout({width, height, small}, {layers, ratio}, names) {
  const slowest = Math.log10(ratio.reduce((a, b) => (b > 0 && b < a ? b : a), 1));
  const least = Math.max(LOWEST, Math.min(LOW, 4 * Math.floor(slowest / 4))); // in strides, so that it stands still
  const top = small * 1.8;
  const bottom = top + Math.min((height - top) * 0.46, layers * 26);
  const left = 14 + names;
  const right = width - small * 5.6 - small * 8.4 - 10;
  return {
    top,
    bottom,
    row: (bottom - top) / layers,
    layers,
    left,
    /** the scale's lowest end, log₁₀ */
    least,
    /** where the columns of numbers end */
    moved: right + small * 5.6,
    after: right + small * 5.6 + small * 8.4,
    plot: {
      x: small * 3.6,
      y: bottom + small * 4.8,
      width: width - small * 6.4,
      height: height - bottom - small * 8,
    },
    /** @param {number} exponent of update to weight */
    xOf: exponent =>
      left + 4 + ((Math.min(HIGH, Math.max(least, exponent)) - least) / (HIGH - least)) * (right - left - 8),
  };
}

/**
 * The page of normalization: histograms before and behind it, and below them the statistics of the chosen layer.
 * @param {Room} room
 * @param {number} layers hidden ones
 * @param {number} names width of the widest
 * @param {boolean} batch whether there are statistics
 */
export function normLayout({width, height, small}, layers, names, batch) {
  const lower = batch ? Math.min(height * 0.5, Math.max(150, height - layers * 60 - small * 4)) : 0;
  const top = small * 1.8;
  const bottom = Math.min(height - lower - small * 0.6, top + layers * 90);
  const left = 12 + names;
  const range = small * 4.6;
  const plot = (width - left - 16 - 2 * range) / 2;
  return {
    top,
    row: (bottom - top) / layers,
    layers,
    /** left edges of the histograms before and behind, and their width */
    left,
    second: left + plot + range + 8,
    plot,
    statistics: {x: 10, y: bottom + small * 0.8, width: width - 20, height: height - bottom - small},
  };
}
