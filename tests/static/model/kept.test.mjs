import assert from "node:assert/strict";
import test from "node:test";
import {keptInspection} from "../../../static/js/model/kept.js";
import {trace} from "../../../static/js/maths/forward.js";

const sizes = [2, 3, 1];
const block = (offset, rows, cols, more = {}) => ({offset, rows, cols, gamma: null, beta: null, fixed: false, ...more});
const layout = {
  id: 4,
  sizes,
  activations: ["tanh", "sigmoid"],
  normalization: [null, null],
  blocks: [block(0, 3, 3), block(9, 4, 1)],
  units: [
    {offset: 0, size: 2},
    {offset: 2, size: 3},
    {offset: 5, size: 1},
  ],
};
const P = Float32Array.from({length: 13}, (_, k) => Math.sin(k + 1));
const {A, Z, I} = trace(layout, P, [0.5, -0.25]);
const D = Float32Array.from([0, 0, 0.1, -0.2, 0.3, 0.7]);
const frame = {layout: 4, sample: 6, step: 42, P, G: P.map(x => -x), A, Z, I, D};
const state = {frame, layout};
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("a weight: its value, its gradient, and δ times what it multiplies", () => {
  for (let to = 0; to < 3; to++)
    for (let from = 0; from <= 2; from++) {
      const found = keptInspection(state, {target: {layer: 1, to, from}, key: "k"});
      assert.equal(found.index, from * 3 + to);
      assert.equal(found.value, P[from * 3 + to]);
      assert.equal(found.gradient, -P[from * 3 + to]);
      near(found.tree.v, D[2 + to] * (from < 2 ? A[from] : 1));
      near(
        found.tree.k.reduce((product, {v}) => product * v, 1),
        found.tree.v,
      );
      assert.equal(found.tree.n, from < 2 ? "dC_dw" : "dC_db");
      assert.deepEqual([found.key, found.step, found.rows, found.kept], ["k", 42, [6], true]);
    }
});

test("a neuron: what is summed is its z, and its error is δ", () => {
  for (const [layer, to] of [
    [1, 0],
    [1, 2],
    [2, 0],
  ]) {
    const {forward, tree, input, a} = keptInspection(state, {target: {layer, to}});
    const unit = layout.units[layer].offset + to;
    near(
      forward.k.reduce((sum, {v}) => sum + v, 0),
      Z[unit],
    );
    assert.deepEqual([forward.v, tree.v, input, a], [Z[unit], D[unit], I[unit], A[unit]]);
  }
  assert.equal(keptInspection(state, {target: {layer: 0, to: 1}}).a, -0.25);
});

test("it says nothing that it cannot know", () => {
  const target = {layer: 1, to: 0, from: 0};
  for (const other of [{frame: null}, {frame: {...frame, layout: 5}}, {frame: {...frame, sample: -1}}, {layout: null}])
    assert.equal(keptInspection({...state, ...other}, {target}), null);
  const normalized = {...layout, normalization: ["batch", null], blocks: [block(0, 3, 3, {gamma: 9, beta: 12})]};
  const gamma = keptInspection({frame, layout: normalized}, {target: {...target, from: "gamma"}});
  assert.deepEqual([gamma.index, gamma.value, gamma.tree], [9, P[9], null]);
  assert.equal(keptInspection({frame, layout: normalized}, {target}).tree, null, "δ is of another number there");
});
