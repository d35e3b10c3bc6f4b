// @ts-check
import assert from "node:assert/strict";
import {test} from "node:test";
import {laboratoryOf, merged, neuronsOf} from "../../../static/js/model/laboratory.js";
import {applyBinary, applyText, initialState} from "../../../static/js/model/model.js";
import {sampled} from "../../../static/js/views/laboratory/curve.js";
import {marksOf} from "../../../static/js/views/network/health.js";

const rows = (/** @type {number[]} */ ...numbers) => Float32Array.from(numbers);

test("the history grows in order, and forgets what lies beyond the present", () => {
  const first = merged(null, 20, Int32Array.of(20, 0), rows(1, 2, 3, 4, 5, 6, 7, 8), 2);
  assert.deepEqual(first.steps, [0, 20]);
  assert.deepEqual(
    first.delta.map(row => [...row]),
    [
      [5, 6],
      [1, 2],
    ],
  );
  assert.deepEqual(
    first.gradient.map(row => [...row]),
    [
      [7, 8],
      [3, 4],
    ],
  );
  const second = merged(first, 30, Int32Array.of(10), rows(9, 9, 8, 8), 2);
  assert.deepEqual(second.steps, [0, 10, 20]);
  assert.deepEqual([...second.delta[1]], [9, 9]);
  assert.deepEqual(merged(second, 15, new Int32Array(0), rows(), 2).steps, [0, 10]);
});

test("a long history is thinned, its newest row kept", () => {
  const many = merged(
    null,
    5000,
    Int32Array.from({length: 901}, (_, k) => k),
    new Float32Array(1802),
    1,
  );
  assert.ok(many.steps.length <= 600);
  assert.equal(many.steps.at(-1), 900);
  assert.equal(many.steps.length, many.delta.length);
});

/** @param {number} number @param {number[]} steps */
const answer = (number, steps) =>
  /** @type {[Record<string, any>, Record<string, any>]} */ ([
    {
      kind: "laboratory",
      layout: 7,
      step: 9,
      number,
      serial: 3,
      more: false,
      rest: 50,
      samples: 4,
      batch: 2,
      initializer: "he_normal",
      factor: null,
      expected: 0.5,
      flat_slope: 0.05,
    },
    {
      layers: Float32Array.from({length: 42}, (_, k) => k),
      expected: rows(0.5, 0.6, 1, 2),
      health: Int32Array.of(0, 1, 2, 2, 0, 0),
      reach: rows(4, 4, 8, 1, 2, 3),
      counts: new Float32Array(96),
      history_steps: Int32Array.from(steps),
      history: new Float32Array(6 * steps.length),
    },
  ]);

test("an answer is read by rows, and another run begins another history", () => {
  const lab = laboratoryOf(null, ...answer(1, [3, 9]));
  assert.equal(lab.layers, 3);
  assert.equal(lab.bins, 32);
  assert.ok(Number.isNaN(lab.factor));
  assert.deepEqual([...lab.delta], [0, 1, 2]);
  assert.deepEqual([...lab.slope_part], [12, 13, 14]);
  assert.deepEqual([...lab.moved_at], [39, 40, 41]);
  assert.deepEqual([...lab.expected_spread], [1, 2]);
  assert.equal(lab.flat_slope, 0.05);
  assert.deepEqual(laboratoryOf(lab, ...answer(1, [6])).history.steps, [3, 6, 9]);
  assert.deepEqual(laboratoryOf(lab, ...answer(2, [6])).history.steps, [6]);
});

test("what a page asks for over the run comes with the answer, and goes with the next that has none", () => {
  const [header, arrays] = answer(1, [3]);
  const over = {name: "modes", why: null, values: [3, 2], descent: true};
  const more = {over_steps: Int32Array.of(0, 5, 9), over: rows(0, 0, 1, 0, 2, 1), over_theory: rows(0, 0, 1, 0, 2, 1)};
  const lab = laboratoryOf(null, {...header, over}, {...arrays, ...more});
  assert.deepEqual([lab.over?.name, lab.over?.columns, lab.over?.values], ["modes", 2, [3, 2]]);
  assert.deepEqual([...(lab.over?.steps ?? [])], [0, 5, 9]);
  assert.equal(laboratoryOf(lab, ...answer(1, [6])).over, null);
  const refused = laboratoryOf(null, {...header, over: {name: "noise", why: "coupled"}}, arrays).over;
  assert.deepEqual([refused?.why, refused?.columns, refused?.theory], ["coupled", 0, null]);
});

test("an answer about another network is not for this one", () => {
  const state = {
    ...initialState("en", "light"),
    ...applyText(initialState("en", "light"), {kind: "layout", id: 8, sizes: [2, 1]}),
  };
  assert.deepEqual(applyBinary(/** @type {any} */ (state), ...answer(1, [9])), {});
  assert.equal(
    applyText(/** @type {any} */ ({...state, laboratory: {}}), {kind: "layout", id: 9, sizes: [2, 1]}).laboratory,
    null,
  );
});

test("dead and saturated neurons have names and marks", () => {
  const sizes = [2, 3, 2, 1];
  const health = Int32Array.of(0, 1, 2, 2, 0, 0);
  assert.deepEqual(neuronsOf(health, sizes, 1, 2), [3]);
  assert.deepEqual(neuronsOf(health, sizes, 1, 1), [2]);
  assert.deepEqual(neuronsOf(health, sizes, 2, 2), [1]);
  const g = {
    first: [0, 2, 5, 7],
    columns: sizes.map(() => ({size: 10})),
    x: Float64Array.from({length: 8}, (_, u) => 10 * u),
    y: new Float64Array(8),
  };
  const marks = marksOf(/** @type {any} */ ({g, part: null, whole: {sizes}, matrices: false}), health);
  assert.deepEqual(
    marks.map(({x, kind}) => [x, kind]),
    [
      [30, 1],
      [40, 2],
      [50, 2],
    ],
  );
  const part = {from: 1, sizes: [3, 2]};
  const near = {
    first: [0, 3],
    columns: [{size: 8}, {size: 8}],
    x: Float64Array.from({length: 5}, (_, u) => u),
    y: new Float64Array(5),
  };
  assert.deepEqual(
    marksOf(/** @type {any} */ ({g: near, part, whole: {sizes}, matrices: false}), health).map(({x}) => x),
    [1, 2, 3],
  );
});

test("a curve knows its slope", () => {
  const curve = sampled("sigmoid", 4);
  assert.ok(curve);
  const steepest = curve.slope.reduce((a, b) => Math.max(a, b));
  assert.ok(Math.abs(steepest - 0.25) < 1e-3);
  assert.equal(sampled("softmax", 4), null);
  assert.ok(Math.abs(sampled("leaky_relu", 4, {leaky_slope: 0.25}).slope[0] - 0.25) < 1e-4, "a net's own leak");
});
