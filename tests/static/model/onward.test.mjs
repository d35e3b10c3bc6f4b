import assert from "node:assert/strict";
import test from "node:test";
import {applyText, initialState} from "../../../static/js/model/model.js";
import {applyOnward} from "../../../static/js/model/onward.js";

const f = (...numbers) => Float32Array.from(numbers);

/** A run of one layer as it is told as a whole at a step, with the norms that it has there. */
function told(state, step, norm) {
  const steps = Int32Array.from({length: step}, (_, k) => k + 1);
  const batch = f(...[...steps].flatMap(k => [1 / k, 1 / k, 1 / k]));
  const none = {metrics: f(), metric_steps: new Int32Array(0)};
  const history = {kind: "history", step, ghosts: [], ghost: null, ahead: false};
  const past = {batch, batch_steps: steps, rates: f(...steps.map(() => 0.1)), ...none};
  const tail = {batch: f(), rates: f(), metrics: f()};
  const frame = {
    kind: "frame",
    seq: step,
    layout: 1,
    step,
    epoch: 0,
    sample: 0,
    tail: {from: step, to: step, stride: 1},
  };
  const numbers = {P: f(1), G: f(2), A: f(3), Z: f(4), D: f(5), norms: f(norm, norm, 1, 1)};
  const known = {...state, ...applyOnward(state, history, past)};
  return {...known, ...applyOnward(known, frame, {...numbers, ...tail})};
}

function begun() {
  const first = initialState("en", "light");
  return {...first, ...applyText(first, {kind: "layout", id: 1, sizes: [1, 1], activations: ["tanh"]})};
}

test("a history that goes on keeps the norms of late, and is the same series for who draws it", () => {
  const one = told(begun(), 2, 0.5);
  const {series} = one;
  const {version} = series;
  const two = told(one, 5, 0.25);
  assert.equal(two.series, series);
  assert.ok(series.version > version);
  assert.deepEqual(series.batch.step, [1, 2, 3, 4, 5]);
  assert.deepEqual(series.norms.step, [2, 5]);
  assert.deepEqual(
    series.norms.delta.map(row => row[0]),
    [0.5, 0.25],
  );
});

test("a run that has gone back, or is another, begins a series of its own", () => {
  const one = told(begun(), 5, 0.5);
  const back = told(one, 3, 0.25);
  assert.notEqual(back.series, one.series);
  assert.deepEqual(back.series.norms.step, [3]);
  const other = {...one, ...applyText(one, {kind: "layout", id: 2, sizes: [1, 2], activations: ["tanh"]})};
  assert.notEqual(told(other, 7, 0.25).series, one.series);
});
