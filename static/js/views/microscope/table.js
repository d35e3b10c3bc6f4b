// @ts-check
/** All numbers of a phase, a row for each neuron: of the sample, and the mean over its batch. */

import {dropsOut, incoming, passedOn, weightAt} from "./subject.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./subject.js").Subject} Subject */
/**
 * A column: its symbol, and the colour of its way.
 * @typedef {{symbol: string, tone?: "forward" | "backward", mean?: boolean}} Column
 */
/** `index` is what an arrow or a click chooses by the row; −1 where there is nothing to choose.
 * @typedef {{columns: Column[], rows: {index: number, label: string, numbers: number[]}[]}} Table */

/** @param {string} symbol @param {Column["tone"]} [tone] @returns {Column} */
const column = (symbol, tone) => ({symbol, tone});
/** @param {string} symbol @param {Column["tone"]} [tone] @returns {Column} */
const mean = (symbol, tone) => ({symbol, tone, mean: true});

/** Phases whose rows are looked at, not chosen. @type {Set<Phase["kind"]>} */
const LOOKED_AT = new Set(["input", "loss"]);

/** The update has a table of its own: see `parameter_table.js`. @type {Table} */
const NO_TABLE = {columns: [], rows: []};

/** Whether one row of several is chosen, and formulas speak of it. @param {Phase["kind"]} kind @param {Table} table */
export const isChoice = (kind, {rows}) =>
  !LOOKED_AT.has(kind) && rows.length > 1 && rows.every(({index}) => index >= 0);

/**
 * @param {Phase} phase
 * @param {Subject} subject
 * @param {import("../../types").Data} data
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @returns {Table}
 */
export function tableOf({kind, layers: [low, high]}, subject, data, t) {
  const {step, layout} = subject;
  const {sample, mean: average} = step;
  const last = layout.sizes.length - 1;
  const {offset, size} = layout.units[low];
  const masked = dropsOut(step, layout, low) ? [column("mask")] : [];
  /** @param {(u: number, j: number) => number[]} numbers */
  const neurons = numbers =>
    Array.from({length: size}, (_, j) => ({
      index: j,
      label: low === last && size > 1 ? (data.class_names[j] ?? String(j + 1)) : String(j + 1),
      numbers: numbers(offset + j, j),
    }));
  switch (kind) {
    case "input":
      return {
        columns: [column("x")],
        rows: neurons(u => [sample.A[u]]).map((row, j) => ({...row, label: data.features[j] ?? row.label})),
      };
    case "sum":
      return {columns: [column("z", "forward"), mean("z", "forward")], rows: neurons(u => [sample.Z[u], average.Z[u]])};
    case "normalize":
      return {
        columns: [column("z", "forward"), column("μ"), column("σ"), column("u", "forward")],
        rows: neurons(u => [sample.Z[u], step.centre[u], step.spread[u], sample.U[u]]),
      };
    case "activate":
      return activationTable(low, step, masked, neurons);
    case "loss":
      return {
        columns: [column("y"), column("a", "forward"), column("a − y")],
        rows: neurons((u, j) => [subject.y[j], sample.A[u], sample.A[u] - subject.y[j]]),
      };
    case "error":
      return {
        columns: [column("f′"), ...masked, column("δ", "backward"), mean("δ", "backward")],
        rows: neurons(u => [sample.F[u], ...(masked.length ? [step.mask[u]] : []), sample.D[u], average.D[u]]),
      };
    case "gradient":
      return gradientTable(subject, data);
    case "update":
      return NO_TABLE;
    case "result":
      return {
        columns: [column(t("microscope.before")), column(t("microscope.after")), column(t("microscope.change"))],
        rows: /** @type {const} */ (["loss", "test_loss", "batch_loss", "sample_loss"])
          .filter(name => Number.isFinite(step[name][0]))
          .map(name => ({
            index: -1,
            label: t(`microscope.${name}`),
            numbers: [...step[name], step[name][1] - step[name][0]],
          })),
      };
    default:
      return groupTable(kind, low, high, subject);
  }
}

/** What the activation is taken of and what is passed on; with a skip also what the activation makes.
 * @param {number} layer
 * @param {Microscope} step
 * @param {Column[]} masked the column of the mask, where neurons drop out
 * @param {(numbers: (u: number) => number[]) => Table["rows"]} neurons
 * @returns {Table}
 */
function activationTable(layer, step, masked, neurons) {
  const {sample, mean: average} = step;
  const input = step.normalization[layer - 1] ? "u" : "z";
  const more = step.residual[layer - 1] || masked.length > 0;
  const made = more ? [column(`f(${input})`)] : [];
  return {
    columns: [column(input), ...made, ...masked, column("a", "forward"), mean("a", "forward")],
    rows: neurons(u => [
      sample.U[u],
      ...(more ? [sample.A[u]] : []),
      ...(masked.length ? [step.mask[u]] : []),
      passedOn(step, u),
      (average.H ?? average.A)[u],
    ]),
  };
}

/**
 * Weights into the neuron: what comes in, the sample's δ a, the batch's ∂C/∂w.
 * @param {Subject} subject
 * @param {import("../../types").Data} data
 * @returns {Table}
 */
function gradientTable(subject, data) {
  const {step, layout, layer, index} = subject;
  const inputs = layout.sizes[layer - 1];
  const delta = step.sample.D[layout.units[layer].offset + index];
  const bias = layout.blocks[layer - 1].rows > inputs;
  const rows = Array.from({length: inputs + (bias ? 1 : 0)}, (_, k) => {
    const a = k < inputs ? incoming(subject, k) : 1;
    return {
      index: -1,
      label: k === inputs ? "b" : layer === 1 ? (data.features[k] ?? String(k + 1)) : String(k + 1),
      numbers: [a, delta * a, step.slope[weightAt(layout, layer, k, index)]],
    };
  });
  return {
    columns: [column(layer > 1 ? "a" : "x", "forward"), column("δ a", "backward"), mean("∂C/∂w", "backward")],
    rows: layout.blocks[layer - 1].fixed && bias ? rows.slice(0, -1) : rows,
  };
}

/**
 * One row for each layer of a group.
 * @param {Phase["kind"]} kind
 * @param {number} low
 * @param {number} high
 * @param {Subject} subject
 * @returns {Table}
 */
function groupTable(kind, low, high, {step, layout}) {
  const rms = (/** @type {Float32Array} */ of, /** @type {number} */ l) => {
    const {offset, size} = layout.units[l];
    let sum = 0;
    for (let u = offset; u < offset + size; u++) sum += of[u] ** 2;
    return Math.sqrt(sum / size);
  };
  const norm = (/** @type {number} */ l) => {
    const {offset, cols} = layout.blocks[l - 1];
    const count = layout.sizes[l - 1] * cols;
    let sum = 0;
    for (let p = offset; p < offset + count; p++) sum += step.G[p] ** 2;
    return Math.sqrt(sum);
  };
  const forward = kind === "forward";
  const layers = Array.from({length: high - low + 1}, (_, k) => (forward ? low + k : high - k));
  return {
    columns: forward
      ? [column("‖z‖", "forward"), column("‖a‖", "forward")]
      : [column("‖δ‖", "backward"), column("‖∂W‖", "backward")],
    rows: layers.map(l => ({
      index: -1,
      label: String(l),
      numbers: forward
        ? [rms(step.sample.Z, l), rms(step.sample.H ?? step.sample.A, l)]
        : [rms(step.sample.D, l), norm(l)],
    })),
  };
}
