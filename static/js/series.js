// @ts-check
/** What the curves remember: batch losses and rates per step, full losses at the frames' steps, gradient norms of late. */

/** @typedef {import("./types").Series} Series */

/** Above this many points the older half of a curve is halved, so that memory and drawing stay bounded. */
export const MOST_POINTS = 16_000;
const MOST_NORMS = 240, MOST_GHOSTS = 3;

/** @returns {Series} */
export function emptySeries() {
  return {
    version: 0,
    batch: {step: [], low: [], high: [], last: []},
    rate: {step: [], value: []},
    metrics: {step: [], loss: [], test_loss: [], accuracy: [], test_accuracy: []},
    norms: {step: [], delta: [], gradient: []},
    ghosts: [],
  };
}

/**
 * Append the tail of a frame: the steps since the last one drawn.
 * @param {Series} series changed in place
 * @param {Record<string, any>} header @param {Record<string, any>} arrays
 */
export function appendTail(series, header, arrays) {
  const {from, to, stride} = header.tail;
  const {batch, rate} = series, buckets = stride > 1;
  const entries = buckets ? arrays.batch.length / 3 : arrays.batch.length;
  for (let k = 0; k < entries; k++) {
    const step = Math.min(to, from + (k + 1) * stride), at = buckets ? 3 * k : k;
    batch.step.push(step);
    batch.low.push(arrays.batch[at]);
    batch.high.push(arrays.batch[buckets ? at + 1 : at]);
    batch.last.push(arrays.batch[buckets ? at + 2 : at]);
    rate.step.push(step);
    rate.value.push(arrays.rates[k]);
  }
  const {metrics} = series, rows = arrays.metrics.length / 5;
  for (let k = 0; k < rows; k++) addMetrics(metrics, from + arrays.metrics[5 * k], arrays.metrics, 5 * k + 1);
  thin(series);
  series.version++;
}

/**
 * Replace the curves by the run's history, as after a reload or a return to an earlier step.
 * @param {Record<string, any>} _header @param {Record<string, any>} arrays @param {Series["ghosts"]} ghosts @returns {Series}
 */
export function seriesFromHistory(_header, arrays, ghosts) {
  const series = emptySeries(), {batch, rate, metrics} = series;
  for (let k = 0; k < arrays.batch_steps.length; k++) {
    batch.step.push(arrays.batch_steps[k]);
    batch.low.push(arrays.batch[3 * k]);
    batch.high.push(arrays.batch[3 * k + 1]);
    batch.last.push(arrays.batch[3 * k + 2]);
    rate.step.push(arrays.batch_steps[k]);
    rate.value.push(arrays.rates[k]);
  }
  const columns = arrays.metric_steps.length ? arrays.metrics.length / arrays.metric_steps.length : 5;
  for (let k = 0; k < arrays.metric_steps.length; k++) addMetrics(metrics, arrays.metric_steps[k], arrays.metrics, columns * k + columns - 4);
  series.ghosts = ghosts.slice(-MOST_GHOSTS);
  return series;
}

/** @param {Series["metrics"]} metrics @param {number} step @param {ArrayLike<number>} row @param {number} at */
function addMetrics(metrics, step, row, at) {
  while (metrics.step.length && metrics.step[metrics.step.length - 1] >= step) for (const column of Object.values(metrics)) column.pop();
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

/** Join pairs of the older half once a curve is too long. @param {Series} series */
function thin({batch, rate, metrics}) {
  const n = batch.step.length;
  if (n > MOST_POINTS) {
    const pairs = n >> 2;
    for (let k = 0; k < pairs; k++) {
      const a = 2 * k, b = a + 1;
      batch.step[k] = rate.step[k] = batch.step[b];
      batch.low[k] = Math.min(batch.low[a], batch.low[b]);
      batch.high[k] = Math.max(batch.high[a], batch.high[b]);
      batch.last[k] = batch.last[b];
      rate.value[k] = rate.value[b];
    }
    for (const column of [...Object.values(batch), ...Object.values(rate)]) column.splice(pairs, pairs);
  }
  if (metrics.step.length > MOST_POINTS) {
    const pairs = metrics.step.length >> 2;
    for (const column of Object.values(metrics)) {
      for (let k = 0; k < pairs; k++) column[k] = column[2 * k + 1];
      column.splice(pairs, pairs);
    }
  }
}
