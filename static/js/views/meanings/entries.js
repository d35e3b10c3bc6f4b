// @ts-check
/** The entries of the page of meanings: what each number is, and what it is in this run. Pure. */

import {integer, plain} from "../../draw/format.js";
import {partsOf} from "../../maths/formulas.js";
import {meaningOf, nameOf, penalized, tested} from "../../model/measures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Tree} Tree */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{name: string, term: string, words: string[]}} Entry */

/** How a loss takes several outputs together: the first sign of its formula that does. @param {Tree} tree
 * @returns {"mean" | "sum" | undefined} */
function joinOf(tree) {
  const [sign, parts] = partsOf(tree);
  if (sign === "mean" || sign === "sum") return sign;
  return parts.map(joinOf).find(found => found !== undefined);
}

/** Where keys do something, with the words for that place. */
const PLACES = {
  page: "keys.page_term",
  network: "panel.network",
  timeline: "panel.timeline",
  output: "panel.output",
  probe: "keys.probe_term",
  paint: "keys.paint_term",
  pad: "keys.pad_term",
  surface: "panel.surface",
  curves: "panel.curves",
  gradients: "panel.gradients",
  microscope: "bar.microscope",
  laboratory: "lab.title",
  race: "race.title",
  cells: "keys.cells_term",
  sweep: "keys.sweep_term",
  maps: "keys.maps_term",
};

/** What keys do, place by place. @param {Translate} t @returns {Entry[]} */
export const keysOf = t =>
  Object.entries(PLACES).map(([name, term]) => ({name: `keys-${name}`, term: t(term), words: [t(`keys.${name}`)]}));

/**
 * @param {State} state
 * @param {Translate} t
 * @returns {Entry[]}
 */
export function entriesOf(state, t) {
  if (!state.layout || !state.data) return [];
  const about = state.layout.landscape ? [] : [epoch(state, t), ...losses(state, t), ...accuracies(state, t)];
  const rest = state.layout.landscape ? ["gradient_function", "curvature"] : ["delta", "gradient", "ties", "lambda"];
  return [...about, ...rest.map(name => told(name, t)), ...more(state, t)];
}

/** @param {string} name @param {Translate} t @param {string[]} [here] what it is in this run @returns {Entry} */
const told = (name, t, here = []) => ({
  name,
  term: t(`meaning.${name}_term`),
  words: [t(`meaning.${name}`), ...here],
});

/** @param {State} state @param {Translate} t */
function epoch({data, config, frame}, t) {
  const n = data?.train ?? 0;
  const size = Math.min(config?.batch_size ?? n, n);
  const here = {n: integer(n), steps: integer(Math.ceil(n / Math.max(1, size))), epoch: integer(frame?.epoch ?? 0)};
  return told("epoch", t, [t("meaning.epoch_here", here)]);
}

/** @param {State} state @param {Translate} t @returns {Entry[]} */
function losses(state, t) {
  const {layout, data, config} = state;
  const names = /** @type {import("../../model/measures.js").Name[]} */ ([
    "train_loss",
    ...(penalized(config) ? ["objective"] : []),
    ...(tested(data) ? ["test_loss"] : []),
    "batch_loss",
  ]);
  const defined = names.map(name => ({name, term: t(`measure.${name}`), words: [meaningOf(name, state, t)]}));
  const kind = joinOf(layout?.formulas.loss?.formula ?? "");
  const outputs = kind ? [t(`meaning.outputs_${kind}`, {loss: t(`loss.${layout?.loss}`)})] : [];
  return [...defined, told("outputs", t, outputs)];
}

/** @param {State} state @param {Translate} t @returns {Entry[]} */
function accuracies(state, t) {
  const fields = /** @type {("accuracy" | "test_accuracy")[]} */ (
    tested(state.data) ? ["accuracy", "test_accuracy"] : ["accuracy"]
  );
  return fields.map(field => {
    const name = nameOf(field, state);
    return {name, term: t(`measure.${name}`), words: [meaningOf(name, state, t)]};
  });
}

/** What only some runs have. @param {State} state @param {Translate} t @returns {Entry[]} */
function more({config, data}, t) {
  const s = config?.label_smoothing ?? 0;
  if (!s || !data) return [];
  const K = Math.max(2, data.outputs);
  return [
    told("smoothing", t, [
      t("meaning.smoothing_here", {s: plain(s, 2), K, yes: plain(1 - s + s / K, 3), no: plain(s / K, 3)}),
    ]),
  ];
}
