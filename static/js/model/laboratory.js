// @ts-check
/**
 * The gradient laboratory as it comes over the wire: what is measured now, and the history that grows with every
 * answer. Pure.
 */

import {number} from "../wire/protocol.js";

/** @typedef {import("../types").Laboratory} Laboratory */

/** What the rows of the array `layers` are. */
const ROWS = /** @type {const} */ ([
  "delta",
  "gradient",
  "weight",
  "weights_part",
  "slope_part",
  "normalization_part",
  "mean_gain",
  "most_gain",
  "slope",
  "flat",
  "update",
  "ratio",
  "moved",
  "moved_at",
]);

const MOST_HISTORY = 600;

/**
 * @param {Laboratory | null} before
 * @param {Record<string, any>} header
 * @param {Record<string, any>} arrays
 * @returns {Laboratory}
 */
export function laboratoryOf(before, header, arrays) {
  const layers = arrays.layers.length / ROWS.length;
  const hidden = layers - 1;
  const bins = arrays.counts.length / layers;
  const row = (/** @type {Float32Array} */ array, /** @type {number} */ k, /** @type {number} */ width) =>
    array.subarray(k * width, (k + 1) * width);
  const reading = /** @type {Record<typeof ROWS[number], Float32Array>} */ (
    Object.fromEntries(ROWS.map((name, k) => [name, row(arrays.layers, k, layers)]))
  );
  const {layout, step, serial, more, rest, samples, batch, initializer} = header;
  const expected = arrays.expected ?? new Float32Array(2 * hidden).fill(NaN);
  const continues = before && before.number === header.number && before.layout === layout ? before.history : null;
  return {
    layout,
    step,
    number: header.number,
    serial,
    more,
    rest,
    samples,
    batch,
    initializer,
    layers,
    bins,
    untold: header.untold ?? [],
    ...reading,
    factor: number(header.factor),
    expected: number(header.expected),
    flat_slope: header.flat_slope,
    expected_factors: row(expected, 0, hidden),
    expected_spread: row(expected, 1, hidden),
    health: arrays.health,
    reach: row(arrays.reach, 0, layers),
    counts: arrays.counts,
    z_reach: row(arrays.reach, 1, layers),
    z_counts: arrays.z_counts ?? null,
    statistics: arrays.statistics ?? null,
    over: header.over ? overOf(header.over, arrays) : null,
    history: merged(continues, step, arrays.history_steps, arrays.history, layers),
  };
}

/** What was measured over the run. @param {Record<string, any>} header @param {Record<string, any>} arrays
 * @returns {import("../types").OverRun} */
function overOf(header, arrays) {
  const steps = arrays.over_steps ?? new Int32Array(0);
  const rows = arrays.over ?? new Float32Array(0);
  return {
    name: header.name,
    why: header.why,
    steps,
    columns: steps.length ? rows.length / steps.length : 0,
    rows,
    theory: arrays.over_theory ?? null,
    values: header.values ?? [],
    descent: header.descent ?? false,
    batch: header.batch ?? 0,
    whole: header.whole ?? 0,
    samples: header.samples ?? 0,
    unit: header.unit ?? "loss",
    length: header.length ?? 0,
    fresh: header.fresh ?? 0,
    lanes: (header.lanes ?? []).map((/** @type {number} */ lane) => laneOf(lane, arrays[`over_lane_${lane}`])),
  };
}

/** Another lane: when its tasks ended, and how. @param {number} lane @param {Float32Array} rows (k, 2) */
function laneOf(lane, rows) {
  const column = (/** @type {number} */ j) => Array.from(rows.filter((_, k) => k % 2 === j));
  return {lane, steps: column(0), errors: column(1)};
}

/**
 * The history with new rows in their places, without what lies beyond the present; above a number of rows every other
 * one goes.
 * @param {Laboratory["history"] | null} before
 * @param {number} present
 * @param {Int32Array} steps
 * @param {Float32Array} rows (k, 2, layers)
 * @param {number} layers
 * @returns {Laboratory["history"]}
 */
export function merged(before, present, steps, rows, layers) {
  const known = new Map((before?.steps ?? []).map((step, k) => [step, k]));
  const fresh = new Map(Array.from(steps, (step, k) => [step, k]));
  let order = [...new Set([...known.keys(), ...fresh.keys()])].filter(step => step <= present).sort((a, b) => a - b);
  if (order.length > MOST_HISTORY) order = order.filter((_, k) => k % 2 === 0 || k === order.length - 1);
  const pick = (/** @type {"delta" | "gradient"} */ name, /** @type {number} */ part) =>
    order.map(step => {
      const k = fresh.get(step);
      const at = (2 * (k ?? 0) + part) * layers;
      return k === undefined && before ? before[name][known.get(step) ?? 0] : rows.slice(at, at + layers);
    });
  return {steps: order, delta: pick("delta", 0), gradient: pick("gradient", 1)};
}

/**
 * Numbers of the neurons of a layer that are of a kind, from 1.
 * @param {Int32Array} health of all neurons after the input
 * @param {number[]} sizes of all layers
 * @param {number} layer from 1 @param {number} kind 1 saturated, 2 dead */
export function neuronsOf(health, sizes, layer, kind) {
  let first = 0;
  for (let l = 1; l < layer; l++) first += sizes[l];
  const found = [];
  for (let j = 0; j < sizes[layer]; j++) if (health[first + j] === kind) found.push(j + 1);
  return found;
}
