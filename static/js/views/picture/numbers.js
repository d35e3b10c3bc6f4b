// @ts-check
/** The numbers that a panel's picture is drawn of, as tables of text. Pure. */

import {integer, percent, plain} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {createSweep, firstUnits, isPlane, loadGrid, loadSamples} from "../../maths/forward.js";
import {layerName} from "../shared/layer_names.js";
import {picked} from "../shared/numbers.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("../shared/numbers.js").Table} Table */

/** Rows of a table, columns of a grid and inputs of a sample that are shown: of more, evenly picked, or the first. */
const MOST_ROWS = 400;
const MOST_COLUMNS = 13;
const MOST_INPUTS = 8;

/** @param {number} x */
const number = x => plain(x, 4);

/** Neurons at the sample that is shown, and parameters. @param {State} state @param {Translate} t @returns {Table[]} */
function network({layout, frame}, t) {
  if (!layout || !frame || layout.landscape) return [];
  const {sizes, units} = layout;
  const layers = sizes.length - 1;
  const called = (/** @type {number} */ l) => (l ? layerName(l - 1, layers, t) : t("table.inputs"));
  const neurons = units.flatMap(({offset, size}, l) =>
    Array.from({length: size}, (_, j) => {
      const [z, a, d] = [frame.Z, frame.A, frame.D].map(numbers => number(numbers[offset + j]));
      return [`${called(l)}, ${j + 1}`, l ? z : "", a, l ? d : ""];
    }),
  );
  return [
    {caption: t("table.neurons"), heads: [t("table.neuron"), "z", "a", "δ"], rows: some(neurons)},
    {
      caption: t("table.parameters"),
      heads: [t("table.parameter"), t("table.value"), "∂C/∂w"],
      rows: some(parametersOf(layout, [frame.P, frame.G], t)),
    },
  ];
}

/** Weights and biases by their names, each with its number in some arrays.
 * @param {import("../../types").Layout} layout @param {ArrayLike<number>[]} arrays @param {Translate} t */
function parametersOf({sizes, blocks, bias}, arrays, t) {
  return blocks.flatMap(({offset, cols}, l) =>
    Array.from({length: (sizes[l] + (bias ? 1 : 0)) * cols}, (_, k) => {
      const [from, to] = [Math.floor(k / cols), k % cols];
      const name = from < sizes[l] ? t("table.weight", {from: from + 1, to: to + 1}) : t("table.bias", {to: to + 1});
      const layer = layerName(l, sizes.length - 1, t);
      return [`${layer}, ${name}`, ...arrays.map(numbers => number(numbers[offset + k]))];
    }),
  );
}

/** @template T @param {T[]} rows @returns {T[]} */
const some = rows => picked(rows.length, MOST_ROWS).map(k => rows[k]);

/** What the network says of samples. @param {State} state @param {Translate} t @returns {Table[]} */
function output({layout, frame, data}, t) {
  if (!layout || !frame || !data || layout.landscape) return [];
  const {inputs, outputs} = data;
  const shown = data.image ? 0 : Math.min(inputs, MOST_INPUTS);
  const count = Math.min(data.n, MOST_ROWS);
  const sweep = createSweep(layout, count);
  loadSamples(sweep, data.X, inputs, 0, count);
  sweep.start(frame.P, frame.S);
  sweep.advance();
  const last = firstUnits(layout.sizes)[layout.sizes.length - 1];
  const rows = Array.from({length: count}, (_, i) => [
    `${i + 1} ${t(i < data.train ? "table.training" : "table.test")}`,
    ...Array.from({length: shown}, (_none, k) => number(data.X[i * inputs + k])),
    ...Array.from({length: outputs}, (_none, k) => number(data.y[i * outputs + k])),
    ...Array.from({length: outputs}, (_none, k) => number(sweep.rows[last + k][i])),
  ]);
  const each = (/** @type {string} */ key) =>
    Array.from({length: outputs}, (_, k) => (outputs > 1 ? `${t(key)} ${k + 1}` : t(key)));
  const heads = [t("table.sample"), ...data.features.slice(0, shown), ...each("table.target"), ...each("table.output")];
  return [{caption: t("table.samples"), heads, rows}, ...overPlane(layout, frame, data, t)];
}

/** The output over the plane, where a sample is a point of one: a table for each output, x₁ to the right, x₂ upwards.
 * @param {import("../../types").Layout} layout @param {import("../../types").Frame} frame
 * @param {import("../../types").Data} data @param {Translate} t @returns {Table[]} */
function overPlane(layout, frame, data, t) {
  if (!data.plane || !isPlane(data)) return [];
  const n = MOST_COLUMNS;
  const sweep = createSweep(layout, n * n);
  loadGrid(sweep, data, n, n);
  sweep.start(frame.P, frame.S);
  sweep.advance();
  const [[left, right], [low, high]] = data.domain;
  const share = (/** @type {number} */ k) => (k + 0.5) / n;
  const places = Array.from({length: n}, (_, k) => k);
  const [across, up] = data.plane.axes;
  const heads = [`${up} \\ ${across}`, ...places.map(k => number(left + share(k) * (right - left)))];
  const last = firstUnits(layout.sizes)[layout.sizes.length - 1];
  return Array.from({length: data.outputs}, (_, unit) => ({
    caption: [t("table.plane"), ...(data.outputs > 1 ? [`${t("table.output")} ${unit + 1}`] : [])].join(" · "),
    heads,
    rows: places.map(i => [
      number(high - share(i) * (high - low)),
      ...places.map(k => number(sweep.rows[last + unit][i * n + k])),
    ]),
  }));
}

/** The grid of the loss surface. @param {State} state @param {Translate} t @returns {Table[]} */
function surface({surface: found}, t) {
  if (!found) return [];
  const {alpha, beta, grid, resolution: n} = found;
  const at = (/** @type {[number, number]} */ [low, high], /** @type {number} */ k) =>
    number(low + ((high - low) * k) / (n - 1));
  const places = picked(n, MOST_COLUMNS);
  const heads = ["β \\ α", ...places.map(k => at(alpha, k))];
  const rows = places.map(i => [at(beta, i), ...places.map(k => number(grid[i * n + k]))]);
  return [{caption: t("table.surface"), heads, rows}];
}

/** Losses and accuracies. @param {State} state @param {Translate} t @returns {Table[]} */
function curves({series: {metrics}, data}, t) {
  const accurate = data?.kind === "regression" ? number : percent;
  const {step, loss, test_loss: test, accuracy, test_accuracy: tested} = metrics;
  const known = (/** @type {number[]} */ list) => list.some(Number.isFinite);
  const columns = /** @type {[string, number[], (x: number) => string][]} */ ([
    ["measure.train_loss", loss, number],
    ["measure.test_loss", test, number],
    ["table.accuracy", accuracy, accurate],
    ["table.test_accuracy", tested, accurate],
  ]).filter(([, list]) => known(list));
  const rows = picked(step.length, MOST_ROWS).map(k => [
    integer(step[k]),
    ...columns.map(([, list, words]) => (Number.isFinite(list[k]) ? words(list[k]) : "–")),
  ]);
  return [{caption: t("panel.curves"), heads: [t("bar.step"), ...columns.map(([key]) => t(key))], rows}];
}

/** Norms of every layer in the last step. @param {State} state @param {Translate} t @returns {Table[]} */
function gradients({frame}, t) {
  if (!frame) return [];
  const {delta, gradient, weight, update} = frame.norms;
  const all = [delta, gradient, weight, update];
  const rows = Array.from(delta, (_, l) => [layerName(l, delta.length, t), ...all.map(list => number(list[l]))]);
  return [{caption: t("panel.gradients"), heads: [t("table.layer"), "‖δ‖", "‖∂W‖", "‖W‖", "‖ΔW‖"], rows}];
}

/** Training losses of all lanes, at steps of the one that has come furthest. @param {State} state @param {Translate} t
 * @returns {Table[]} */
function race({lanes, lane, series}, t) {
  if (lanes.length < 2) return [];
  const all = lanes.map(one => (one.id === lane ? series : one.series).metrics);
  const {step} = all.reduce((longest, each) => ((each.step.at(-1) ?? 0) > (longest.step.at(-1) ?? 0) ? each : longest));
  const losses = all.map(each => new Map(Array.from(each.step, (at, k) => [at, each.loss[k]])));
  const cell = (/** @type {number | undefined} */ loss) => (loss === undefined ? "–" : number(loss));
  const rows = picked(step.length, MOST_ROWS).map(k => [
    integer(step[k]),
    ...losses.map(byStep => cell(byStep.get(step[k]))),
  ]);
  return [{caption: t("measure.train_loss"), heads: [t("bar.step"), ...lanes.map(({id}) => letterOf(id))], rows}];
}

/** How every layer fares. @param {State} state @param {Translate} t @returns {Table[]} */
function lab({laboratory: found}, t) {
  if (!found) return [];
  const {delta, gradient, weight, update, slope, flat, ratio, moved} = found;
  const columns = [delta, gradient, weight, update, slope, flat, ratio, moved];
  const heads = ["‖δ‖", "‖∂W‖", "‖W‖", "‖ΔW‖", "|f′|", t("table.flat"), "‖ΔW‖ / ‖W‖", t("lab.moved")];
  const cell = (/** @type {number | undefined} */ x) => (x === undefined || Number.isNaN(x) ? "–" : number(x));
  const rows = Array.from(delta, (_, l) => [layerName(l, delta.length, t), ...columns.map(list => cell(list[l]))]);
  return [...overRun(found, t), {caption: t("panel.gradients"), heads: [t("table.layer"), ...heads], rows}];
}

/** What the laboratory's open page shows over the run. @param {import("../../types").Laboratory} laboratory
 * @param {Translate} t @returns {Table[]} */
function overRun({over}, t) {
  if (!over || over.why) return [];
  const {name, steps, columns, rows, theory, values} = over;
  const modes = values.map(s => `s = ${plain(s, 3)}`);
  const heads = {
    modes: () => [...modes, ...(theory ? modes.map(mode => `${mode}, ${t("lab.theory")}`) : [])],
    noise: () => ["tr(Σ) / |G|²", "|G|²", "tr(Σ)"],
    tasks: () => [t(`lab.tasks_${over.unit}_head`), ...(theory ? [t("lab.tasks_fresh_label")] : [])],
  }[name]();
  const of = (/** @type {Float32Array | null} */ numbers, /** @type {number} */ k) =>
    Array.from(numbers?.slice(k * columns, (k + 1) * columns) ?? [], number);
  const told = picked(steps.length, MOST_ROWS).map(k => [integer(steps[k]), ...of(rows, k), ...of(theory, k)]);
  return [{caption: t(`lab.tab_${name}`), heads: [t("bar.step"), ...heads], rows: told}];
}

/** The coming step: losses before and after it, and what becomes of every parameter.
 * @param {State} state @param {Translate} t @returns {Table[]} */
function microscope({microscope: step, layout}, t) {
  if (!step || !layout || layout.landscape || step.layout !== layout.id) return [];
  const losses = /** @type {[string, [number, number]][]} */ ([
    ["measure.train_loss", step.loss],
    ["measure.test_loss", step.test_loss],
    ["measure.batch_loss", step.batch_loss],
  ]).filter(([, pair]) => pair.some(Number.isFinite));
  const heads = [t("table.parameter"), t("table.before"), "∂C/∂w", "Δw", t("table.after")];
  const arrays = [step.P, step.slope, step.step, step.P_after];
  return [
    {
      caption: t("table.losses"),
      heads: [t("table.loss"), t("table.before"), t("table.after")],
      rows: losses.map(([key, pair]) => [t(key), ...pair.map(number)]),
    },
    {caption: t("table.step"), heads, rows: some(parametersOf(layout, arrays, t))},
  ];
}

/** @type {Record<string, (state: State, t: Translate) => Table[]>} */
const TABLES = {network, race, output, surface, curves, gradients, lab, microscope};

/** Panels that have a table. */
export const TABLED = Object.keys(TABLES);

/** The tables of a panel. @param {string} name @param {State} state @param {Translate} t @returns {Table[]} */
export const tablesOf = (name, state, t) => TABLES[name]?.(state, t).filter(({rows}) => rows.length) ?? [];
