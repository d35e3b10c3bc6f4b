import assert from "node:assert/strict";
import test from "node:test";
import {applyBinary, applyText, initialState} from "../../../static/js/model/model.js";
import {appendTail, emptySeries, MOST_POINTS} from "../../../static/js/model/series.js";

const f = (...numbers) => Float32Array.from(numbers);

function frame(step, {from = step - 1, batch = f(0.5), stride = 1, ...more} = {}) {
  return [
    {
      kind: "frame",
      seq: step,
      layout: 1,
      step,
      epoch: 0,
      sample: 0,
      loss: null,
      test_loss: 0.25,
      accuracy: 1,
      test_accuracy: null,
      learning_rate: 0.1,
      tail: {from, to: step, stride},
      ...more.header,
    },
    {
      P: f(1),
      G: f(2),
      A: f(3),
      Z: f(4),
      D: f(5),
      norms: f(1, 2, 3, 4, 5, 6, 7, 8),
      batch,
      rates: f(...Array(stride > 1 ? batch.length / 3 : batch.length).fill(0.1)),
      metrics: f(step - from, 0.5, 0.25, 1, NaN),
      path: more.path ?? f(),
    },
  ];
}

test("a frame becomes numbers, null is NaN, norms are split by row", () => {
  const state = initialState("en", "light");
  const patch = applyBinary(state, ...frame(3));
  assert.ok(Number.isNaN(patch.frame.loss));
  assert.equal(patch.frame.test_loss, 0.25);
  assert.equal(patch.frame.measured, 3);
  assert.deepEqual([...patch.frame.norms.gradient], [3, 4]);
  assert.deepEqual(state.series.batch.step, [3]);
  assert.deepEqual(state.series.metrics.step, [3]);
  assert.equal(applyBinary(state, ...frame(9, {header: {measured: 4}})).frame.measured, 4);
});

test("a normalized net's frame brings what activations are taken of and the statistics; a plain one's activations are taken of z", () => {
  const state = initialState("en", "light");
  const [header, arrays] = frame(3);
  const plain = applyBinary(state, header, arrays).frame;
  assert.equal(plain.I, plain.Z);
  assert.equal(plain.S.length, 0);
  const normalized = applyBinary(state, header, {...arrays, I: f(7), S: f(8, 9)}).frame;
  assert.deepEqual([[...normalized.I], [...normalized.S]], [[7], [8, 9]]);
});

test("of a large net some layers come along, and of the others the last known numbers hold", () => {
  const [header, {P, G, ...others}] = frame(3);
  const state = {...initialState("en", "light"), layout: {id: 1, parameters: 4}};
  state.frame = applyBinary(state, header, {...others, P: f(1, 2, 3, 4), G: f(5, 6, 7, 8)}).frame;
  const next = applyBinary(
    state,
    ...[frame(4)[0], {...others, "P:1": f(20), "P:2": f(30, 40), "G:2": f(70, 80)}],
  ).frame;
  assert.deepEqual([...next.P], [1, 20, 30, 40]);
  assert.deepEqual([...next.G], [5, 6, 70, 80]);
  assert.deepEqual([...state.frame.P], [1, 2, 3, 4]);
  assert.notEqual(next.P, state.frame.P);
  state.frame = null;
  assert.deepEqual([...applyBinary(state, ...[frame(5)[0], {...others, "P:1": f(20)}]).frame.P], [0, 20, 0, 0]);
});

test("a tail in buckets keeps smallest, largest and last, and ends at its step", () => {
  const series = emptySeries();
  const [header, arrays] = frame(2500, {from: 0, stride: 1000, batch: f(1, 9, 2, 3, 8, 4, 5, 7, 6)});
  appendTail(series, header, arrays);
  assert.deepEqual(series.batch.step, [1000, 2000, 2500]);
  assert.deepEqual(series.batch.low, [1, 3, 5]);
  assert.deepEqual(series.batch.high, [9, 8, 7]);
  assert.deepEqual(series.batch.last, [2, 4, 6]);
});

test("curves stay bounded, ascending and keep their extremes", () => {
  const series = emptySeries();
  for (let step = 1; step <= 3 * MOST_POINTS; step++) {
    const [header, arrays] = frame(step, {batch: f(step === 777 ? 99 : 1)});
    appendTail(series, header, arrays);
  }
  assert.ok(series.batch.step.length <= MOST_POINTS + 1);
  assert.ok(series.metrics.step.length <= MOST_POINTS + 1);
  assert.ok(series.batch.step.every((s, i, all) => i === 0 || s > all[i - 1]));
  assert.ok(3 * MOST_POINTS - series.batch.step.at(-1) < series.stride);
  assert.equal(Math.max(...series.batch.high), 99);
  for (const column of [...Object.values(series.batch), ...Object.values(series.rate)])
    assert.equal(column.length, series.batch.step.length);
});

test("a long curve is equally fine everywhere", () => {
  const series = emptySeries();
  for (let step = 1; step <= 10 * MOST_POINTS; step++) appendTail(series, ...frame(step, {batch: f(1)}));
  const gaps = new Set(series.batch.step.slice(1).map((s, i) => s - series.batch.step[i]));
  assert.deepEqual([...gaps], [series.stride]);
  const apart = series.metrics.step.slice(1).map((s, i) => s - series.metrics.step[i]);
  assert.ok(Math.max(...apart) <= 2 * Math.min(...apart), `${Math.min(...apart)} to ${Math.max(...apart)} steps apart`);
});

test("a run's own future is no ghost any more once the run has caught up with it; a future that it has left stays one", () => {
  const left = {step: [0, 9], loss: [1, 0.5]};
  const future = {step: [4, 6], loss: [0.4, 0.3]};
  const ahead = {...emptySeries(), ghosts: [left, future], ahead: true};
  appendTail(ahead, ...frame(5));
  assert.deepEqual([ahead.ghosts, ahead.ahead], [[left, future], true]);
  appendTail(ahead, ...frame(6));
  assert.deepEqual([ahead.ghosts, ahead.ahead], [[left], false]);
  appendTail(ahead, ...frame(10));
  assert.deepEqual(ahead.ghosts, [left]);
});

test("metrics of a step already known replace it", () => {
  const series = emptySeries();
  appendTail(series, ...frame(4));
  appendTail(series, ...frame(4, {from: 3}));
  assert.deepEqual(series.metrics.step, [4]);
});

test("the path grows only on its own plane", () => {
  const state = initialState("en", "light");
  const surface = {
    kind: "surface",
    plane: "pca",
    plane_id: 3,
    alpha: [-1, 1],
    beta: [-1, 1],
    resolution: 2,
    progress: 1,
    axes: [],
    figures: {share: null, distance: 0, plane_loss: 1, loss: 1, parameters: 9},
  };
  Object.assign(state, applyBinary(state, surface, {grid: f(1, 2, 3, 4), path: f(0, 0, 1)}));
  Object.assign(state, applyBinary(state, ...frame(1, {header: {plane_id: 3}, path: f(0.5, 0.25, 2)})));
  assert.equal(state.surface.points, 2);
  assert.deepEqual([...state.surface.path.subarray(3, 6)], [0.5, 0.25, 2]);
  Object.assign(state, applyBinary(state, ...frame(2, {header: {plane_id: 2}, path: f(9, 9, 9)})));
  assert.equal(state.surface.points, 2);
});

test("a path of hours is thinned, keeps its first and newest points and its order", () => {
  const state = initialState("en", "light");
  const surface = {
    kind: "surface",
    plane: "random",
    plane_id: 1,
    alpha: [-1, 1],
    beta: [-1, 1],
    resolution: 2,
    progress: 1,
    figures: {parameters: 9},
  };
  Object.assign(state, applyBinary(state, surface, {grid: f(1, 2, 3, 4), path: f(0, 0, 0)}));
  for (let step = 1; step < 20_000; step++)
    Object.assign(state, applyBinary(state, ...frame(step, {header: {plane_id: 1}, path: f(step, 0, 0)})));
  const {path, points} = state.surface;
  const steps = Array.from({length: points}, (_, k) => path[3 * k]);
  assert.ok(points <= 6001);
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), 19_999);
  assert.ok(steps.every((s, i) => i === 0 || s > steps[i - 1]));
});

test("a new layout empties what belonged to the old one", () => {
  const state = initialState("en", "light");
  state.view.hover = {kind: "neuron", layer: 3, index: 5};
  const patch = applyText(state, {kind: "layout", id: 2, sizes: [2, 1]});
  assert.equal(patch.view.hover, null);
  assert.equal(patch.frame, null);
  assert.deepEqual(patch.layout.sizes, [2, 1]);
});
