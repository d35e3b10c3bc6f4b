import assert from "node:assert/strict";
import test from "node:test";
import {changeOf, orderOf, QUANTITIES, scaleOf, valuesOf} from "../../../static/js/views/sweep/cells.js";
import {Survey} from "../../../static/js/views/sweep/survey.js";

const CONFIG = {network: {hidden: [4, 2]}};

test("a cell has the changes of both axes, and depth and width make one shape", () => {
  assert.deepEqual(changeOf("learning_rate", "", 0.1, "", CONFIG), {learning_rate: 0.1});
  assert.deepEqual(changeOf("l2", "seed", 0.1, 3, CONFIG), {l2: 0.1, seed: 3});
  assert.deepEqual(changeOf("width", "", 5, "", CONFIG), {network: {hidden: [5, 5]}});
  assert.deepEqual(changeOf("depth", "", 3, "", CONFIG), {network: {hidden: [4, 4, 4]}});
  for (const change of [changeOf("depth", "width", 2, 7, CONFIG), changeOf("width", "depth", 7, 2, CONFIG)])
    assert.deepEqual(change, {network: {hidden: [7, 7]}});
  for (const [name, {values, change}] of Object.entries(QUANTITIES))
    for (const value of values) assert.equal(Object.keys(change(value, CONFIG)).length, 1, name);
});

test("values are read with commas or spaces, and what is none is refused", () => {
  assert.deepEqual(valuesOf("0.1, 1e-3;5", false), [0.1, 0.001, 5]);
  assert.deepEqual(valuesOf("tanh relu", true), ["tanh", "relu"]);
  for (const text of ["", "1, x", Array(17).fill(1).join(" ")]) assert.equal(valuesOf(text, false), null);
});

test("cells are asked for coarse first, every one once", () => {
  const order = orderOf(5, 5);
  assert.deepEqual(order.slice(0, 4), [0, 4, 20, 24]);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    [...Array(25).keys()],
  );
});

test("colours go from the least to the largest, losses by their powers of ten", () => {
  const scale = scaleOf([1, 100, null], "loss");
  assert.deepEqual([1, 10, 100].map(scale), [0, 0.5, 1]);
  assert.equal(scaleOf([3], "test_accuracy")(3), 0.5);
});

test("a sweep fills its cells, and ends where it is refused or cancelled", async () => {
  const act = (op, {changes}) => {
    const values = changes.map(({l2}) => l2);
    return Promise.resolve({loss: values, test_accuracy: values, reached: values, diverged: values, gradient: values});
  };
  const survey = new Survey(act, () => {});
  const changes = Array.from({length: 9}, (_, k) => ({l2: k}));
  await survey.begin([...changes.keys()].reverse(), changes, {});
  assert.deepEqual(
    survey.outcomes.map(({loss}) => loss),
    [...changes.keys()],
  );
  assert.equal(survey.busy, false);
  const refused = new Survey(
    () => Promise.resolve({ok: false}),
    () => {},
  );
  await refused.begin([0], [{}], {});
  assert.deepEqual([refused.busy, refused.done], [false, 0]);
});
