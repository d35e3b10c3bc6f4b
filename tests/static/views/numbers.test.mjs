import assert from "node:assert/strict";
import {test} from "node:test";

import en from "../../../static/i18n/en.json" with {type: "json"};
import {percent} from "../../../static/js/draw/format.js";
import {initialState} from "../../../static/js/model/model.js";
import {TABLED, tablesOf} from "../../../static/js/views/picture/numbers.js";
import {picked} from "../../../static/js/views/shared/numbers.js";

const t = (key, params = {}) => {
  assert.ok(en[key], key);
  return en[key].replace(/\{(\w+)\}/g, (_, name) => params[name]);
};

/** One sigmoid neuron on two inputs, two samples. */
const STATE = {
  ...initialState("en", "light"),
  layout: {
    sizes: [2, 1],
    activations: ["sigmoid"],
    normalization: [null],
    residual: [false],
    bias: true,
    leaky_slope: 0.01,
    landscape: null,
    units: [
      {offset: 0, size: 2},
      {offset: 2, size: 1},
    ],
    blocks: [{offset: 0, rows: 3, cols: 1, gamma: null, beta: null, fixed: false, statistics: null}],
  },
  data: {
    X: new Float32Array([1, 2, 0, 0]),
    y: new Float32Array([1, 0]),
    n: 2,
    train: 1,
    inputs: 2,
    outputs: 1,
    image: null,
    features: ["x₁", "x₂"],
  },
  frame: {
    step: 3,
    P: new Float32Array([0.5, -0.25, 1]),
    G: new Float32Array([0.1, 0.2, 0.3]),
    S: new Float32Array(0),
    A: new Float32Array([1, 2, 0.7311]),
    Z: new Float32Array([0, 0, 1]),
    D: new Float32Array([0, 0, -0.25]),
    norms: {delta: [0.25], gradient: [0.5], weight: [0.75], update: [0.125]},
  },
  surface: {alpha: [-1, 1], beta: [0, 2], resolution: 3, grid: Float32Array.from({length: 9}, (_, k) => k)},
};
STATE.series = {
  ...STATE.series,
  metrics: {step: [0, 1], loss: [0.7, 0.6], test_loss: [NaN, NaN], accuracy: [0.5, 1], test_accuracy: [NaN, NaN]},
};

test("a table holds the numbers that the picture is drawn of", () => {
  const [neurons, parameters] = tablesOf("network", STATE, t);
  assert.deepEqual(neurons.rows[2].slice(1), ["1.000", "0.7311", "−0.2500"]);
  assert.deepEqual(parameters.rows[1], ["Output layer, weight from 2 to 1", "−0.2500", "0.2000"]);
  const [samples] = tablesOf("output", STATE, t);
  assert.deepEqual(samples.rows[0], ["1 training", "1.000", "2.000", "1.000", "0.7311"]);
  assert.equal(samples.rows[1][0], "2 test");
  assert.deepEqual(tablesOf("surface", STATE, t)[0].rows[2], ["2.000", "6.000", "7.000", "8.000"]);
  assert.deepEqual(tablesOf("curves", STATE, t)[0].rows[1], ["1", "0.6000", percent(1)]);
  const regression = {...STATE, data: {...STATE.data, kind: "regression"}};
  assert.deepEqual(tablesOf("curves", regression, t)[0].rows[0], ["0", "0.7000", "0.5000"], "R² is no share");
  assert.deepEqual(tablesOf("gradients", STATE, t)[0].rows[0].slice(1), ["0.2500", "0.5000", "0.7500", "0.1250"]);
});

test("the output over the plane has a table, a row for each height", () => {
  const plane = {axes: ["x₁", "x₂"], features: ["x1", "x2"], shift: [0, 0], scale: [1, 1]};
  const data = {
    ...STATE.data,
    domain: [
      [-13, 13],
      [-6.5, 6.5],
    ],
    plane,
  };
  const [, grid] = tablesOf("output", {...STATE, data}, t);
  assert.deepEqual([grid.rows.length, grid.heads[1], grid.heads.at(-1)], [13, "−12.00", "12.00"]);
  const value = (x1, x2) => 1 / (1 + Math.exp(-(0.5 * x1 - 0.25 * x2 + 1)));
  assert.equal(grid.rows[0][0], "6.000");
  assert.ok(Math.abs(Number(grid.rows[0][8]) - value(2, 6)) < 1e-3);
  assert.ok(Math.abs(Number(grid.rows[12][7]) - value(0, -6)) < 1e-3);
});

test("what the laboratory shows over the run has a table, theory beside it", () => {
  const layers = Object.fromEntries(
    ["delta", "gradient", "weight", "update", "slope", "flat", "ratio", "moved"].map(name => [name, [0.5]]),
  );
  const steps = Int32Array.of(0, 1200);
  const rows = Float32Array.of(0, 0, 3, 1);
  const modes = {name: "modes", why: null, steps, columns: 2, rows, theory: rows, values: [3, 1.5]};
  const [table] = tablesOf("lab", {...STATE, laboratory: {...layers, over: modes}}, t);
  assert.equal(table.heads.length, 5);
  assert.deepEqual(table.rows[1], ["1,200", "3.000", "1.000", "3.000", "1.000"]);
  const noise = {name: "noise", why: null, steps, columns: 3, rows: Float32Array.of(1, 2, 2, 4, 1, 4), theory: null};
  const [scale] = tablesOf("lab", {...STATE, laboratory: {...layers, over: {...noise, values: []}}}, t);
  assert.deepEqual(scale.rows[1], ["1,200", "4.000", "1.000", "4.000"]);
  const tasks = {name: "tasks", unit: "loss", why: null, steps, columns: 1, rows: Float32Array.of(2, 3), theory: null};
  const [ends] = tablesOf("lab", {...STATE, laboratory: {...layers, over: {...tasks, values: []}}}, t);
  assert.deepEqual(ends.heads.slice(1), [en["lab.tasks_loss_head"]]);
  assert.deepEqual(ends.rows[1], ["1,200", "3.000"]);
  assert.equal(tablesOf("lab", {...STATE, laboratory: {...layers, over: {name: "modes", why: "bends"}}}, t).length, 1);
});

test("lanes, the laboratory and the coming step have tables too", () => {
  const lanes = [
    {id: 0, series: STATE.series},
    {id: 2, series: {metrics: {step: [0, 2], loss: [0.7, 0.4]}}},
  ];
  const [race] = tablesOf("race", {...STATE, lanes, lane: 0}, t);
  assert.deepEqual(race.heads.slice(1), ["A", "C"]);
  assert.deepEqual(race.rows, [
    ["0", "0.7000", "0.7000"],
    ["2", "–", "0.4000"],
  ]);
  const [one, none] = [[0.5], []];
  const measured = {delta: [0.25], gradient: one, weight: one, update: one, slope: none, flat: none, ratio: one};
  const [lab] = tablesOf("lab", {...STATE, laboratory: {...measured, moved: [NaN]}}, t);
  assert.deepEqual(lab.rows[0].slice(1), ["0.2500", "0.5000", "0.5000", "0.5000", "–", "–", "0.5000", "–"]);
  const {P} = STATE.frame;
  const pair = (before, after) => ({loss: [before, after], test_loss: [NaN, NaN], batch_loss: [before, after]});
  const step = {layout: 7, ...pair(0.7, 0.6), P, slope: P, step: P.map(x => -x), P_after: P.map(() => 0)};
  const layout = {...STATE.layout, id: 7};
  const [losses, parameters] = tablesOf("microscope", {...STATE, layout, microscope: step}, t);
  assert.deepEqual(losses.rows, [
    [en["measure.train_loss"], "0.7000", "0.6000"],
    [en["measure.batch_loss"], "0.7000", "0.6000"],
  ]);
  assert.deepEqual(parameters.rows[1], ["Output layer, weight from 2 to 1", "−0.2500", "−0.2500", "0.2500", "0"]);
  for (const {heads, rows} of [race, lab, losses, parameters])
    for (const row of rows) assert.equal(row.length, heads.length);
});

test("every row has a cell under every head, and nothing is told before there is something", () => {
  for (const name of TABLED) {
    for (const {heads, rows} of tablesOf(name, STATE, t))
      for (const row of rows) assert.equal(row.length, heads.length);
    assert.deepEqual(tablesOf(name, initialState("en", "light"), t), []);
  }
  assert.deepEqual(tablesOf("race", STATE, t), []);
});

test("of many rows the first, the last, and evenly picked ones between are shown", () => {
  assert.deepEqual(picked(3, 5), [0, 1, 2]);
  const some = picked(1000, 11);
  assert.deepEqual([some.length, some[0], some.at(-1)], [11, 0, 999]);
  assert.equal(new Set(some).size, 11);
});
