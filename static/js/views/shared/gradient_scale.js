// @ts-check
/** What the gradient rows rest on: a calm log axis, the fitted factor per layer, and where things stand. Pure. */

/**
 * @typedef {{low: number, high: number, rest: number}} Axis powers of ten at both ends; rest: how long it has been
 * wider than needed
 */

/** How many updates an axis stays wider than it must before it narrows. */
const PATIENCE = 60;
const LEAST_SPAN = 3;
const LOWEST = -46;
const HIGHEST = 39;

/** Exponents of the least and the greatest positive finite number; null when there is none.
 * @param {Iterable<ArrayLike<number>>} rows @returns {[number, number] | null} */
export function exponents(rows) {
  let least = Infinity;
  let most = 0;
  for (const row of rows) {
    for (let k = 0; k < row.length; k++) {
      const value = row[k];
      if (!(value > 0 && value < Infinity)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return most > 0 ? [Math.log10(least), Math.log10(most)] : null;
}

/**
 * The axis for the numbers shown: it grows at once, and narrows only after it has been too wide for a while, so that it
 * stands still while numbers jitter.
 * @param {Axis|null} axis before
 * @param {[number, number]|null} range
 * @returns {Axis}
 */
export function axisFor(axis, range) {
  if (!range) return axis ?? {low: -3, high: 0, rest: 0};
  const wanted = wide(Math.max(LOWEST, Math.floor(range[0] - 0.05)), Math.min(HIGHEST, Math.ceil(range[1] + 0.05)) + 0);
  if (!axis) return {...wanted, rest: 0};
  const low = Math.min(axis.low, wanted.low);
  const high = Math.max(axis.high, wanted.high);
  if (low < axis.low || high > axis.high) return {low, high, rest: 0};
  const loose = wanted.low - axis.low + axis.high - wanted.high;
  if (loose < 2) return {low, high, rest: 0};
  return axis.rest + 1 >= PATIENCE ? {...wanted, rest: 0} : {low, high, rest: axis.rest + 1};
}

/** @param {number} low @param {number} high */
function wide(low, high) {
  const missing = Math.max(0, LEAST_SPAN - (high - low));
  return {low: low - missing, high};
}

/**
 * Straight line through log₁₀ ‖δ‖ over the hidden layers: going back, each layer passes on `factor` of the error
 * signal.
 * Averaged over the given rows; null below three hidden layers, or when fewer than three carry any signal in the newest
 * row.
 * @param {ArrayLike<number>[]} rows ‖δ‖ per layer after the input, the output included; newest last
 * @returns {{factor: number, slope: number, start: number} | null} slope per layer and value at the first one, both
 * log₁₀
 */
export function fitted(rows) {
  const layers = (rows[0]?.length ?? 1) - 1;
  if (layers < 3) return null;
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (let k = 0; k < layers; k++) {
    const y = meanLog(rows, k);
    if (!Number.isFinite(y)) continue;
    n++;
    sumX += k;
    sumY += y;
    sumXX += k * k;
    sumXY += k * y;
  }
  if (n < 3) return null;
  const slope = (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
  return {factor: 10 ** -slope, slope, start: (sumY - slope * sumX) / n};
}

/**
 * Mean of log₁₀ of one layer over the rows that hold a positive number; NaN when the newest does not.
 * @param {ArrayLike<number>[]} rows
 * @param {number} layer
 */
function meanLog(rows, layer) {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    if (row[layer] > 0 && row[layer] < Infinity) {
      sum += Math.log10(row[layer]);
      count++;
    }
  }
  return rows[rows.length - 1][layer] > 0 ? sum / count : NaN;
}

/** Where a norm stands between the axis's ends: 0…1; −1 for zero, 2 for what is no number or infinite.
 * @param {Axis} axis @param {number} norm */
export function standing({low, high}, norm) {
  if (norm === 0) return -1;
  if (!(norm > 0 && norm < Infinity)) return 2;
  return Math.min(1, Math.max(0, (Math.log10(norm) - low) / (high - low)));
}

/**
 * Every how many layers a label has room.
 * @param {number} layers
 * @param {number} room pixels per layer
 * @param {number} need pixels per label
 */
export function labelStride(layers, room, need) {
  const least = need / Math.max(0.01, room);
  return [1, 2, 4, 5, 8, 10, 16, 20, 32].find(stride => stride >= least) ?? Math.max(1, layers);
}

/**
 * Whether layer k of `layers` is named: the last one always, the first unless that crowds.
 * @param {number} k
 * @param {number} layers
 * @param {number} stride
 */
export function labelled(k, layers, stride) {
  if (k === layers - 1) return true;
  return ((k + 1) % stride === 0 || (k === 0 && stride > 2)) && layers - 1 - k >= 0.8 * stride;
}

/** Where the error signal passes on less than the one, or more than the other, per layer, it is said to vanish or to
 * explode. */
const VANISHING = 0.6;
const EXPLODING = 1.7;

/** What becomes of the error signal at this factor per layer. @param {number} factor a number */
export const growthOf = factor => (factor < VANISHING ? "vanishing" : factor > EXPLODING ? "exploding" : "steady");
