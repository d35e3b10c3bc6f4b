// @ts-check
/**
 * What the curves remember: batch losses and rates per step, full losses at the frames' steps, gradient norms of late.
 */

/** @typedef {import("../types").Series} Series */

/**
 * Above this many points neighbours are joined and a point covers twice as many steps, so that memory and drawing stay
 * bounded
 * and all of a curve is equally fine. */
export const MOST_POINTS = 16_000;
const MOST_NORMS = 240;
const MOST_GHOSTS = 3;

/** @returns {Series} */
export function emptySeries() {
  return {
    version: 0,
    stride: 1,
    pending: null,
    batch: {step: [], low: [], high: [], last: []},
    rate: {step: [], value: []},
    metrics: {step: [], loss: [], test_loss: [], accuracy: [], test_accuracy: []},
    norms: {step: [], delta: [], gradient: []},
    ghosts: [],
    ghost: null,
    ahead: false,
  };
}

/**
 * Append the tail of a frame: the steps since the last one drawn.
 * @param {Series} series changed in place
 * @param {Record<string, any>} header @param {Record<string, any>} arrays
 */
export function appendTail(series, header, arrays) {
  const {from, to, stride} = header.tail;
  const buckets = stride > 1;
  const entries = buckets ? arrays.batch.length / 3 : arrays.batch.length;
  for (let k = 0; k < entries; k++) {
    const at = buckets ? 3 * k : k;
    addBatch(
      series,
      Math.min(to, from + (k + 1) * stride),
      arrays.batch[at],
      arrays.batch[buckets ? at + 1 : at],
      arrays.batch[buckets ? at + 2 : at],
      arrays.rates[k],
    );
  }
  if (series.ahead && to >= (series.ghosts.at(-1)?.step.at(-1) ?? 0)) {
    series.ghosts = series.ghosts.slice(0, -1);
    series.ahead = false;
  }
  appendMetrics(series, from, arrays.metrics);
  series.version++;
}

/**
 * Append full losses and accuracies. Where no batch losses keep the series short, the metrics themselves do.
 * @param {Series} series changed in place @param {number} from step that the rows count from
 * @param {ArrayLike<number>} rows of (steps since `from`, loss, test loss, accuracy, test accuracy)
 */
export function appendMetrics(series, from, rows) {
  for (let k = 0; k < rows.length; k += 5) addMetrics(series, from + rows[k], rows, k + 1);
  while (series.batch.step.length === 0 && series.metrics.step.length >= MOST_POINTS) {
    series.stride *= 2;
    thinMetrics(series);
  }
}

/**
 * Replace the curves by the run's history, as after a reload or a return to an earlier step.
 * @param {Record<string, any>} header @param {Record<string, any>} arrays @returns {Series}
 */
export function seriesFromHistory(header, arrays) {
  const series = emptySeries();
  const {batch, rate} = series;
  for (let k = 0; k < arrays.batch_steps.length; k++) {
    push(batch, arrays.batch_steps[k], arrays.batch[3 * k], arrays.batch[3 * k + 1], arrays.batch[3 * k + 2]);
    rate.step.push(arrays.batch_steps[k]);
    rate.value.push(arrays.rates[k]);
  }
  while ((batch.step.at(-1) ?? 0) / series.stride > MOST_POINTS / 2) series.stride *= 2;
  placeMetrics(series, arrays.metric_steps, arrays.metrics);
  series.ghosts = (header.ghosts ?? []).slice(-MOST_GHOSTS);
  const left = JSON.stringify(header.ghost ?? null);
  series.ghost = series.ghosts.find(curve => JSON.stringify(curve) === left) ?? header.ghost ?? null;
  series.ahead = header.ahead === true;
  return series;
}

/** Metrics at given steps. @param {Series} series changed in place @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} rows loss, test loss, accuracy and test accuracy are the last columns of each */
export function placeMetrics(series, steps, rows) {
  const columns = steps.length ? rows.length / steps.length : 5;
  for (let k = 0; k < steps.length; k++) addMetrics(series, steps[k], rows, columns * k + columns - 4);
}

/** Add a step, or some of them, to the batch losses; the point is made when it covers `stride` steps.
 * @param {Series} series
 * @param {number} step
 * @param {number} low
 * @param {number} high
 * @param {number} last
 * @param {number} rate
 */
function addBatch(series, step, low, high, last, rate) {
  const {pending, batch, stride} = series;
  const from = batch.step.at(-1) ?? 0;
  const point = (series.pending = pending
    ? {low: Math.min(pending.low, low), high: Math.max(pending.high, high), last}
    : {low, high, last});
  if (step - from < stride) return;
  push(batch, step, point.low, point.high, last);
  series.rate.step.push(step);
  series.rate.value.push(rate);
  series.pending = null;
  if (batch.step.length >= MOST_POINTS) widen(series);
}

/** @param {Series["batch"]} batch @param {number} step @param {number} low @param {number} high @param {number} last */
function push(batch, step, low, high, last) {
  batch.step.push(step);
  batch.low.push(low);
  batch.high.push(high);
  batch.last.push(last);
}

/** Add full losses, unless the last ones are nearer than a point is wide; those of a step already known are replaced.
 * @param {Series} series @param {number} step @param {ArrayLike<number>} row @param {number} at */
function addMetrics({metrics, stride}, step, row, at) {
  while (metrics.step.length && metrics.step[metrics.step.length - 1] >= step)
    for (const column of Object.values(metrics)) column.pop();
  if (metrics.step.length && step - metrics.step[metrics.step.length - 1] < stride && Number.isFinite(row[at])) return;
  metrics.step.push(step);
  metrics.loss.push(row[at]);
  metrics.test_loss.push(row[at + 1]);
  metrics.accuracy.push(row[at + 2]);
  metrics.test_accuracy.push(row[at + 3]);
}

/** @param {Series} series @param {number} step @param {Float32Array} delta @param {Float32Array} gradient */
export function addNorms({norms}, step, delta, gradient) {
  if (norms.step[norms.step.length - 1] === step) return;
  norms.step.push(step);
  norms.delta.push(delta);
  norms.gradient.push(gradient);
  if (norms.step.length > MOST_NORMS) for (const column of [norms.step, norms.delta, norms.gradient]) column.shift();
}

/** Join neighbours: half the points, each covering twice as many steps. @param {Series} series */
function widen(series) {
  const {batch, rate} = series;
  const pairs = batch.step.length >> 1;
  series.stride *= 2;
  for (let k = 0; k < pairs; k++) {
    const a = 2 * k;
    const b = a + 1;
    batch.step[k] = rate.step[k] = batch.step[b];
    batch.low[k] = Math.min(batch.low[a], batch.low[b]);
    batch.high[k] = Math.max(batch.high[a], batch.high[b]);
    batch.last[k] = batch.last[b];
    rate.value[k] = rate.value[b];
  }
  for (const column of [...Object.values(batch), ...Object.values(rate)]) column.splice(pairs, pairs);
  thinMetrics(series);
}

/** Keep metrics that lie at least a stride apart. @param {Series} series */
function thinMetrics({metrics, stride}) {
  let kept = 0;
  let last = -Infinity;
  for (let k = 0; k < metrics.step.length; k++) {
    if (metrics.step[k] - last < stride) continue;
    last = metrics.step[k];
    for (const column of Object.values(metrics)) column[kept] = column[k];
    kept++;
  }
  for (const column of Object.values(metrics)) column.length = kept;
}
