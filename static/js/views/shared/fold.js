// @ts-check
/**
 * A curve of any length in bounded memory: steps fold into buckets of equal width, widths double when room runs out.
 * Pure.
 */

/**
 * Buckets of one curve. `low` and `high` bound the finite values, `last` is the newest; count 0 is an empty bucket, and
 * a
 * bucket that met NaN or infinity is `broken`.
 * @typedef {object} Fold
 * @property {Float64Array} low
 * @property {Float64Array} high
 * @property {Float64Array} last
 * @property {Uint32Array} count
 * @property {Uint8Array} broken
 * @property {number} width steps per bucket
 * @property {number} used buckets up to the newest */

/** Room for this many buckets: two for each pixel of a wide chart. */
export const ROOM = 2048;

/** @returns {Fold} */
export function emptyFold() {
  const numbers = () => new Float64Array(ROOM);
  return {
    low: numbers(),
    high: numbers(),
    last: numbers(),
    count: new Uint32Array(ROOM),
    broken: new Uint8Array(ROOM),
    width: 1,
    used: 0,
  };
}

/** @param {Fold} fold forgets everything, in place */
export function clear(fold) {
  fold.count.fill(0);
  fold.broken.fill(0);
  fold.width = 1;
  fold.used = 0;
}

/** Add what happened at a step, or up to it. Steps come in ascending order.
 * @param {Fold} fold @param {number} step ≥ 0 @param {number} low @param {number} high @param {number} last */
export function include(fold, step, low, high, last) {
  while (step / fold.width >= ROOM) halve(fold);
  const at = Math.floor(step / fold.width);
  if (at >= fold.used) {
    fold.count.fill(0, fold.used, at + 1);
    fold.broken.fill(0, fold.used, at + 1);
    fold.used = at + 1;
  }
  if (!Number.isFinite(low + high + last)) {
    fold.broken[at] = 1;
    return;
  }
  const first = fold.count[at]++ === 0;
  fold.low[at] = first ? low : Math.min(fold.low[at], low);
  fold.high[at] = first ? high : Math.max(fold.high[at], high);
  fold.last[at] = last;
}

/** @typedef {import("../../types").Series["ghosts"][number]} Ghost */
/** @type {WeakMap<Ghost, Fold>} */
const ghosts = new WeakMap();

/** The curve of a run left behind. It grows no more, so it is folded once. @param {Ghost} ghost */
export function foldOf(ghost) {
  let fold = ghosts.get(ghost);
  if (!fold) {
    ghosts.set(ghost, (fold = emptyFold()));
    for (let k = 0; k < ghost.step.length; k++)
      include(fold, ghost.step[k], ghost.loss[k], ghost.loss[k], ghost.loss[k]);
  }
  return fold;
}

/** Join neighbours: half the buckets, twice as wide. @param {Fold} fold */
function halve(fold) {
  const {low, high, last, count, broken} = fold;
  const used = (fold.used + 1) >> 1;
  for (let k = 0; k < used; k++) {
    const a = 2 * k;
    const b = a + 1;
    const hasA = count[a] > 0;
    const hasB = b < fold.used && count[b] > 0;
    const from = hasA ? a : b;
    low[k] = hasA && hasB ? Math.min(low[a], low[b]) : low[from];
    high[k] = hasA && hasB ? Math.max(high[a], high[b]) : high[from];
    last[k] = hasB ? last[b] : last[a];
    broken[k] = broken[a] | (b < fold.used ? broken[b] : 0);
    count[k] = count[a] + (b < fold.used ? count[b] : 0);
  }
  fold.used = used;
  fold.width *= 2;
}

/**
 * Least positive, least and greatest finite value.
 * @param {Fold} fold
 * @returns {{positive: number, low: number, high: number}} infinities when there is none
 */
export function extent({low, high, count, used}) {
  let positive = Infinity;
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < used; k++) {
    if (!count[k]) continue;
    if (low[k] < least) least = low[k];
    if (low[k] > 0 && low[k] < positive) positive = low[k];
    if (high[k] > most) most = high[k];
  }
  return {positive, low: least, high: most};
}

/** End of the step axis: a round number with room to grow, so that the axis rests between its changes.
 * @param {number} step @returns {number} */
export function axisEnd(step) {
  if (step <= 20) return 20;
  const unit = 10 ** Math.floor(Math.log10(step));
  return unit * ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find(factor => factor * unit >= step) ?? 10);
}

/**
 * Range of the loss axis. It begins at 0 unless the losses lie far above it; with a logarithm it ends at 1, 2 or 5
 * times
 * a power of ten. @param {number} low @param {number} high @param {boolean} log @returns {[number, number]} */
export function lossRange(low, high, log) {
  if (!(high >= low)) return log ? [0.1, 1] : [0, 1];
  if (log) {
    const [from, to] = [roundLog(low, false), roundLog(Math.max(high, low * 1.05), true)];
    return to > from ? [from, to] : [from, from * 10];
  }
  const zero = low >= 0 && low < 0.45 * high;
  const span = high - (zero ? 0 : low) || Math.abs(high) || 1;
  const unit = 10 ** Math.floor(Math.log10(span / 5));
  const step = unit * ([1, 2, 5].find(factor => factor * unit >= span / 5) ?? 10);
  const bottom = zero ? 0 : Math.floor(low / step + 1e-6) * step;
  const top = Math.ceil(high / step + 1e-3) * step;
  return [+bottom.toPrecision(12), +(top > bottom ? top : bottom + step).toPrecision(12)];
}

/** @param {number} x > 0 @param {boolean} up @returns {number} */
function roundLog(x, up) {
  const unit = 10 ** Math.floor(Math.log10(x));
  const steps = [1, 2, 5, 10];
  const factor = up ? steps.find(step => step * unit >= x * 0.9999) : steps.findLast(step => step * unit <= x * 1.0001);
  return +((factor ?? 1) * unit).toPrecision(3);
}
