import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {differences, namesOf} from "../../../static/js/model/lane_names.js";
import {behind, fairTarget, letterOf, reached, runnersOf, stuck} from "../../../static/js/model/lanes.js";
import {applyBinary, applyText, initialState} from "../../../static/js/model/model.js";
import {appendMetrics, emptySeries, MOST_POINTS} from "../../../static/js/model/series.js";
import {choicesOf} from "../../../static/js/views/lanes/options.js";

const f = (...numbers) => Float32Array.from(numbers);
const config = {optimizer: {name: "sgd", learning_rate: 0.1}};

function told(...lanes) {
  return {
    kind: "state",
    config,
    playing: false,
    speed: 60,
    status: {kind: "running"},
    log: [],
    furthest: 9,
    step: 3,
    lane: lanes[0]?.id,
    lanes: lanes.length
      ? lanes.map(lane => ({config, log: [], status: {kind: "running"}, step: 3, ...lane}))
      : undefined,
  };
}

function frame(step, header = {}, arrays = {}) {
  return [
    {
      kind: "frame",
      seq: step,
      layout: 1,
      step,
      epoch: 0,
      sample: 0,
      loss: 0.5,
      test_loss: null,
      accuracy: 1,
      test_accuracy: null,
      learning_rate: 0.1,
      tail: {from: step - 1, to: step, stride: 1},
      ...header,
    },
    {
      P: f(1),
      G: f(2),
      A: f(3),
      Z: f(4),
      D: f(5),
      norms: f(1, 2, 3, 4),
      batch: f(0.5),
      rates: f(0.1),
      metrics: f(1, 0.5, NaN, 1, NaN),
      ...arrays,
    },
  ];
}

const numbers = (id, more = {}) => ({
  id,
  step: 4,
  loss: 0.25,
  test_loss: null,
  accuracy: 0.75,
  test_accuracy: null,
  status: "running",
  ...more,
});

function raced(...lanes) {
  return {...initialState("en", "light"), ...applyText(initialState("en", "light"), told(...lanes))};
}

test("a state without lanes has one, made of its own fields", () => {
  const state = raced();
  assert.deepEqual(
    state.lanes.map(({id, config: own, step}) => [id, own, step]),
    [[0, config, 3]],
  );
  assert.equal(state.lane, 0);
});

test("a frame brings each lane's numbers, curve, path and norms; a state keeps them", () => {
  let state = raced({id: 2}, {id: 0});
  state.surface = {plane_id: 7, path: f(), points: 0, path_version: 1};
  const arrays = {
    lane0_metrics: f(1, 0.25, NaN, 0.75, NaN),
    lane0_path: f(1, 2, 3),
    lane0_norms: f(1, 2, 3, 4),
    path: f(4, 5, 6),
  };
  state = {...state, ...applyBinary(state, ...frame(4, {lanes: [numbers(2), numbers(0)], plane_id: 7}, arrays))};
  const [focus, other] = state.lanes;
  assert.equal(focus.series.metrics.step.length, 0);
  assert.deepEqual(other.series.metrics.step, [4]);
  assert.deepEqual(other.series.metrics.loss, [0.25]);
  assert.deepEqual([...other.track.path.subarray(0, 3)], [1, 2, 3]);
  assert.equal(other.track.points, 1);
  assert.deepEqual(
    [[...other.norms.delta], [...other.norms.gradient]],
    [
      [1, 2],
      [3, 4],
    ],
  );
  assert.ok(Number.isNaN(other.test_loss));
  state = {
    ...state,
    ...applyText(state, told({id: 2}, {id: 0, status: {kind: "diverged", step: 4, loss: "nan"}}, {id: 5})),
  };
  assert.equal(state.lanes[1].series, other.series);
  assert.equal(state.lanes[1].loss, 0.25);
  assert.equal(state.lanes[2].track.points, 0);
});

test("a path that belongs to another plane is not taken", () => {
  const state = raced({id: 0}, {id: 1});
  state.surface = {plane_id: 7, path: f(), points: 0, path_version: 1};
  const [, other] = applyBinary(
    state,
    ...frame(4, {lanes: [numbers(0), numbers(1)], plane_id: 8}, {lane1_path: f(1, 2, 3)}),
  ).lanes;
  assert.equal(other.track.points, 0);
});

test("a history and a surface replace curves and paths of all lanes", () => {
  let state = raced({id: 0}, {id: 1});
  appendMetrics(state.lanes[1].series, 0, f(1, 9, 9, 9, 9));
  const history = {batch: f(), batch_steps: Int32Array.of(), rates: f(), metrics: f(), metric_steps: Int32Array.of()};
  const lane = {lane1_metrics: f(0, 3, NaN, 0.5, NaN, 0, 2, NaN, 0.6, NaN), lane1_metric_steps: Int32Array.of(0, 10)};
  state = {...state, ...applyBinary(state, {kind: "history", step: 10}, {...history, ...lane})};
  assert.deepEqual(state.lanes[1].series.metrics.step, [0, 10]);
  assert.deepEqual(state.lanes[1].series.metrics.loss, [3, 2]);
  state = {
    ...state,
    ...applyBinary(
      state,
      {kind: "surface", plane_id: 1, figures: {}},
      {grid: f(), path: f(0, 0, 1), lane1_path: f(1, 1, 1, 2, 2, 2)},
    ),
  };
  assert.equal(state.lanes[1].track.points, 2);
  assert.equal(state.lanes[0].track.points, 0);
});

test("the lane in focus is told by frame and curves, others by their own numbers", () => {
  let state = raced({id: 1}, {id: 3});
  state = {...state, ...applyBinary(state, ...frame(4, {lanes: [numbers(1), numbers(3)]}))};
  const [focus, other] = runnersOf(state);
  assert.deepEqual([focus.id, focus.focus, focus.loss, focus.series === state.series], [1, true, 0.5, true]);
  assert.deepEqual([other.id, other.focus, other.loss, letterOf(other.id)], [3, false, 0.25, "D"]);
});

test("a target is reached at the latest where it is known to be, exactly where all steps are known, or never", () => {
  const series = emptySeries();
  appendMetrics(series, 10, f(0, 3, 3, 0, 0, 5, NaN, 3, 0, 0, 20, 0.9, 3, 0, 0, 40, 0.1, 0, 0, 0));
  assert.deepEqual(reached(series, 1), {step: 30, exact: false});
  assert.deepEqual(reached(series, 3), {step: 10, exact: false});
  assert.equal(reached(series, 0.01), null);
});

test("one lane's divergence stops nothing but itself", () => {
  const diverged = {kind: "diverged", step: 1};
  const state = (...kinds) => ({status: {kind: kinds[0]}, lanes: kinds.map((kind, id) => ({id, status: {kind}}))});
  assert.equal(stuck(state("diverged", "running")), false);
  assert.equal(stuck(state("running", "diverged")), false);
  assert.equal(stuck(state("diverged", "diverged")), true);
  assert.equal(stuck({status: diverged, lanes: []}), true);
});

test("curves of lanes stay bounded and ascending though no batch losses come", () => {
  const series = emptySeries();
  for (let step = 0; step < 3 * MOST_POINTS; step++) appendMetrics(series, step, f(0, 1, 1, 1, 1));
  const {step} = series.metrics;
  assert.ok(step.length < MOST_POINTS && step.length > MOST_POINTS / 4);
  assert.ok(step.every((value, k) => k === 0 || value > step[k - 1]));
});

test("a target is met from below where more is better, and a fair one is met by about half", () => {
  const series = loss => {
    const made = emptySeries();
    loss.forEach((value, step) => appendMetrics(made, step, f(0, value, NaN, 1 - value, NaN)));
    return made;
  };
  const all = [series([0.9, 0.5, 0.12]), series([0.9, 0.4, 0.29]), series([0.9, 0.8, NaN])];
  assert.deepEqual(reached(all[0], 0.85, "accuracy"), {step: 2, exact: true});
  assert.equal(fairTarget(all, "loss"), 0.3);
  assert.equal(fairTarget(all, "accuracy"), 0.7);
  assert.ok(Number.isNaN(fairTarget(all, "test_loss")));
  assert.ok(Number.isNaN(fairTarget([], "loss")));
});

const whole = {
  data: {name: "circle", samples: 400},
  network: {hidden: [4, 2], activation: "tanh", normalization: null, dropout: 0},
  optimizer: {name: "sgd", learning_rate: 0.5},
  schedule: {name: "constant"},
  l2: 0,
  initializer: "he_normal",
  batch_size: 10,
  seed: 0,
  initial: null,
  loss: null,
};
const with_ = (part, change) => ({
  ...whole,
  [part]: typeof change === "object" && change !== null ? {...whole[part], ...change} : change,
});

test("a lane is named by what sets it apart, the first by all that others differ in", async () => {
  const table = JSON.parse(readFileSync(new URL("../../../static/i18n/en.json", import.meta.url), "utf8"));
  const t = (key, params = {}) => (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => params[name]);
  const configs = [
    whole,
    {...whole, optimizer: {name: "adam", learning_rate: 0.5, beta1: 0.9}},
    with_("optimizer", {learning_rate: 0.3}),
    with_("network", {activation: ["relu", "relu"]}),
    with_("network", {hidden: [8, 8]}),
    {...whole, seed: 3},
  ];
  const names = namesOf(
    configs.map((one, id) => ({id, config: one})),
    {t, lang: "en", ends: [2, 1]},
  );
  assert.deepEqual([...names.values()], [names.get(0), "Adam", "η 0.3", "ReLU", "2-8-8-1", "the same settings"]);
  for (const word of ["2-4-2-1", "Tanh", "SGD", "η 0.5"])
    assert.ok(names.get(0).includes(word), `${names.get(0)} lacks ${word}`);
  assert.deepEqual(differences(with_("network", {activation: ["tanh", "tanh"]}), whole), []);
  assert.equal(namesOf([{id: 0, config: whole}], {t, lang: "en", ends: null}).get(0), "SGD");
});

test("every choice of a new lane differs from the lane it starts from", () => {
  const options = {
    landscapes: [],
    optimizers: [
      {name: "sgd", hyperparameters: []},
      {name: "adam", hyperparameters: []},
    ],
    activations: ["tanh", "relu"],
    normalizations: ["batch", "layer"],
    initializers: ["he_normal", "zeros"],
    limits: {layers: 8, neurons: 7},
  };
  const rates = {sgd: 0.3, adam: 0.02};
  const groups = choicesOf({options, config: whole, rates}, key => key, [2, 1]);
  assert.deepEqual(
    groups.map(({key}) => key),
    ["learning_rate", "optimizer", "activation", "normalization", "architecture", "initializer"],
  );
  const labels = Object.fromEntries(groups.map(({key, choices}) => [key, choices.map(({label}) => label)]));
  assert.deepEqual(labels.learning_rate, ["0.05", "0.15", "1.5", "5"]);
  assert.deepEqual(labels.optimizer, ["optimizer.adam"]);
  assert.equal(groups.find(({key}) => key === "optimizer").choices[0].rate, 0.02);
  assert.deepEqual(labels.architecture, ["2-4-2-2-1", "2-4-1", "2-7-4-1", "2-2-1-1"]);
  assert.ok(groups.find(({key}) => key === "architecture").choices.every(({shapes}) => shapes));
  const none = choicesOf({options, config: with_("network", {hidden: []}), rates}, key => key, [2, 1]).map(
    ({key}) => key,
  );
  assert.deepEqual(none, ["learning_rate", "optimizer", "architecture", "initializer"]);
});

test("a run that stands is behind until the picture of its last step has come, one or six lanes", () => {
  for (const lanes of [[], [{id: 2}], [{id: 4}, {id: 1, step: 90}]]) {
    const has = (state, step) => ({...state, frame: {step}});
    const stands = {...initialState("en", "light"), ...applyText(initialState("en", "light"), told(...lanes))};
    assert.equal(behind(stands), false, "nothing is drawn yet");
    assert.equal(behind(has(stands, 2)), true);
    assert.equal(behind(has(stands, 3)), false);
    assert.equal(behind(has(stands, 8)), false, "a step taken by hand says no more than its frame");
    assert.equal(behind({...has(stands, 2), playing: true}), false);
  }
});
