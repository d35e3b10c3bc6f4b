// @ts-check
/**
 * The loss on the plane as a field: reading it between grid points, and the height at which each loss is drawn. Pure.
 */

/** A grid of losses over a window of the plane, row i at beta low…high, column j at alpha low…high.
 * @typedef {{resolution: number, grid: Float32Array, alpha: [number, number], beta: [number, number]}} Field */

/** How losses become heights 0…1.
 * @typedef {{low: number, high: number, log: boolean, shift: number, from: number, span: number, clipped: boolean}}
 * Scale
 * low, high: the losses at heights 0 and 1; above `high` the surface is cut off, and `clipped` says so. */

/**
 * Grid column and row of a point, fractional.
 * @param {Field} field
 * @param {number} a
 * @param {number} b
 * @returns {[number, number]}
 */
function cellOf({resolution, alpha, beta}, a, b) {
  return [
    ((a - alpha[0]) / (alpha[1] - alpha[0])) * (resolution - 1),
    ((b - beta[0]) / (beta[1] - beta[0])) * (resolution - 1),
  ];
}

/** Value at fractional column u and row v on the two triangles of the cell, exactly as the surface is drawn; NaN
 * outside and in holes.
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} u
 * @param {number} v
 * @returns {number}
 */
export function valueAt(values, n, u, v) {
  if (!(u >= 0 && v >= 0 && u <= n - 1 && v <= n - 1)) return NaN;
  const j = Math.min(n - 2, u | 0);
  const i = Math.min(n - 2, v | 0);
  const x = u - j;
  const y = v - i;
  const k = i * n + j;
  if (x + y <= 1) {
    const corner = values[k];
    return corner + x * (values[k + 1] - corner) + y * (values[k + n] - corner);
  }
  const corner = values[k + n + 1];
  return corner + (1 - x) * (values[k + n] - corner) + (1 - y) * (values[k + 1] - corner);
}

/** Loss at a point of the plane; NaN outside the window and in holes.
 * @param {Field} field @param {number} a @param {number} b @returns {number} */
export function lossAt(field, a, b) {
  const [u, v] = cellOf(field, a, b);
  return valueAt(field.grid, field.resolution, u, v);
}

/** Slope of the loss along α and β, by central differences one cell wide; NaN where the loss is not known.
 * @param {Field} field @param {number} a @param {number} b @returns {[number, number]} */
export function slopeAt(field, a, b) {
  const n = field.resolution - 1;
  const da = (field.alpha[1] - field.alpha[0]) / n / 2;
  const db = (field.beta[1] - field.beta[0]) / n / 2;
  return [
    (lossAt(field, a + da, b) - lossAt(field, a - da, b)) / (2 * da),
    (lossAt(field, a, b + db) - lossAt(field, a, b - db)) / (2 * db),
  ];
}

/** The grid point of least loss; null where there is no number at all. @param {Field} field */
export function lowest({resolution: n, grid, alpha, beta}) {
  let at = -1;
  for (let k = 0; k < grid.length; k++) if (Number.isFinite(grid[k]) && (at < 0 || grid[k] < grid[at])) at = k;
  if (at < 0) return null;
  const along = (/** @type {[number, number]} */ [low, high], /** @type {number} */ i) =>
    low + ((high - low) * i) / (n - 1);
  return {alpha: along(alpha, at % n), beta: along(beta, Math.floor(at / n)), loss: grid[at]};
}

/** Share of the grid that holds a number. @param {Field} field @returns {number} 0…1 */
export function known({grid}) {
  let count = 0;
  for (let k = 0; k < grid.length; k++) if (Number.isFinite(grid[k])) count++;
  return count / grid.length;
}

/** A finer grid on its way, its missing cells read from the coarser one before it, so that nothing flickers.
 * @param {Field} coarse @param {Field} fine over the same window @returns {Field} */
export function filled(coarse, fine) {
  const n = fine.resolution;
  const grid = fine.grid.slice();
  const scale = (coarse.resolution - 1) / (n - 1);
  for (let i = 0, k = 0; i < n; i++) {
    for (let j = 0; j < n; j++, k++) {
      if (Number.isNaN(grid[k])) grid[k] = valueAt(coarse.grid, coarse.resolution, j * scale, i * scale);
    }
  }
  return {...fine, grid};
}

/**
 * What lies more than this many times as far above the lowest loss as the median does is cut: there the loss explodes.
 */
const REACH = {linear: 6, log: 3};

/** The scale of heights for a grid. It reaches up to the losses of the path (`least`) even where it cuts the rest.
 * @param {Float32Array} grid
 * @param {boolean} log
 * @param {number} [least] a loss that must not be cut
 * @returns {Scale}
 */
export function scaleOf(grid, log, least = NaN) {
  const finite = grid.filter(Number.isFinite).sort();
  if (!finite.length) return {low: 0, high: 1, log: false, shift: 0, from: 0, span: 1, clipped: false};
  const min = finite[0];
  const max = finite[finite.length - 1];
  const median = finite[finite.length >> 1];
  // A logarithm needs losses above 0: others are lifted to just above it.
  const shift = !log || min > 0 ? 0 : 1e-3 * (median - min || 1) - min;
  const to = (/** @type {number} */ loss) => (log ? Math.log10(Math.max(loss + shift, 1e-30)) : loss);
  const bottom = Math.max(to(min), log ? to(median) - 8 : -Infinity);
  const reach = (to(median) - bottom) * REACH[log ? "log" : "linear"];
  let top = to(max);
  if (reach > 0 && top > bottom + 1.25 * reach) {
    const wanted = Number.isFinite(least) ? Math.min(to(least), bottom + 3 * reach) : -Infinity;
    top = Math.min(top, Math.max(bottom + reach, wanted));
  }
  const span = top - bottom > 1e-9 * Math.max(1, Math.abs(top)) ? top - bottom : 1;
  const back = (/** @type {number} */ x) => (log ? 10 ** x - shift : x);
  return {low: back(bottom), high: back(bottom + span), log, shift, from: bottom, span, clipped: top < to(max)};
}

/**
 * Losses beyond the cut keep a height above 1, so that the rim of the cut runs true between grid points; up to this
 * one.
 */
const HIGHEST = 4;

/** Height of a loss: 0…1 for what is shown, up to HIGHEST where it is cut, NaN for no number.
 * @param {Scale} scale @param {number} loss @returns {number} */
export function heightOf({log, shift, from, span}, loss) {
  const x = ((log ? Math.log10(Math.max(loss + shift, 1e-30)) : loss) - from) / span;
  return x < 0 ? 0 : x > HIGHEST ? HIGHEST : x;
}

/** Heights of a whole grid; holes are NaN. @param {Scale} scale @param {Float32Array} grid @returns {Float32Array} */
export function heightsOf(scale, grid) {
  return Float32Array.from(grid, loss => heightOf(scale, loss));
}

/**
 * Whether `next` is so near to `shown` that keeping the old scale is calmer.
 * @param {Scale} shown
 * @param {Scale} next
 */
export function near(shown, next) {
  return (
    shown.log === next.log &&
    shown.shift === next.shift &&
    shown.clipped === next.clipped &&
    Math.abs(shown.from - next.from) < 0.04 * shown.span &&
    Math.abs(shown.span - next.span) < 0.08 * shown.span
  );
}
