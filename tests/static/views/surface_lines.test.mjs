import assert from "node:assert/strict";
import {test} from "node:test";

import {indexOf, withPick} from "../../../static/js/views/network/picking.js";
import {alike, arrowsOf, magnification} from "../../../static/js/views/surface/step_parts.js";
import {cutRange, ridgeOf} from "../../../static/js/views/surface/cut.js";
import {sharpnessRange} from "../../../static/js/views/surface/sharpness.js";
import {catapultOf, limitsOf, stateOf} from "../../../static/js/views/surface/stability.js";

const PLAIN = {rescaled: false, step: 9};

test("curvature against its limit, in words", () => {
  assert.equal(stateOf(2, 4, 1, PLAIN), "stable");
  assert.equal(stateOf(2, 4, 1, {...PLAIN, penalized: true}), "held", "a penalty may raise the loss without it");
  assert.equal(stateOf(3.9, 4, 1, PLAIN), "edge");
  assert.equal(stateOf(4.2, 4, 1, PLAIN), "edge");
  assert.equal(stateOf(5, 4, 1, PLAIN), "unstable");
  assert.equal(stateOf(5, NaN, null, PLAIN), "free");
  assert.equal(stateOf(NaN, 4, 1, PLAIN), "unknown");
  const adam = {rescaled: true, step: 9};
  assert.equal(stateOf(2, 38, 19, adam), "held", "one step of a rule with memory may raise the loss");
  assert.equal(stateOf(2, 3.8, 1.9, PLAIN), "held");
  assert.equal(stateOf(2, 4, 1, adam), "held");
  assert.equal(stateOf(NaN, 38, 19, {rescaled: true, step: 0}), "unborn");
});

test("the limit changes where the rate did, and ends with the present rate", () => {
  const rate = {step: [1, 2, 3, 4, 5, 9], value: [0.5, 0.5, 0.1, 0.1, 0.1, 7]};
  assert.deepEqual(limitsOf(rate, 0.1, 5, 1), {step: [1, 3], value: [4, 20]});
  assert.deepEqual(limitsOf(rate, 0.2, 5, 2), {step: [1, 3, 5], value: [8, 40, 20]});
  assert.deepEqual(limitsOf({step: [], value: []}, 1, 0, 1), {step: [0], value: [2]});
});

test("a cut tells its ends and the hill between them", () => {
  const alpha = [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.5];
  assert.deepEqual(ridgeOf({alpha, loss: [9, 2, 3, 5, 2, 1, 0.5]}), {first: 2, last: 1, barrier: 3});
  assert.deepEqual(ridgeOf({alpha, loss: [9, 2, 1.5, 1.2, 1.1, 1, 7]}), {first: 2, last: 1, barrier: 0});
  const between = ridgeOf({alpha: [-0.1, 0.1, 0.9, 1.1], loss: [1, 3, 4, 8]});
  assert.ok(Math.abs(between.first - 2) < 1e-12 && Math.abs(between.last - 6) < 1e-12);
});

test("small arrows are enlarged by 1, 2, 5, 10 …, large ones are true", () => {
  assert.equal(magnification(40), 1);
  assert.equal(magnification(20), 2);
  assert.equal(magnification(10), 5);
  assert.equal(magnification(0.5), 100);
  assert.equal(magnification(NaN), 1);
  for (let length = 0.001; length < 23; length *= 1.3)
    assert.ok(magnification(length) * length <= 58 && magnification(length) * length > 14);
});

test("two arrows are one where they are the same but for rounding", () => {
  assert.ok(alike([0.1, -2], [0.1 + 1e-12, -2]));
  assert.ok(!alike([0.1, -2], [0.1001, -2]));
  assert.ok(!alike([0.1, null], [0.1, null]));
  assert.ok(!alike(null, [0.1, 1]));
});

test("weights and biases that are picked on the diagram have their places in θ", () => {
  const layout = /** @type {any} */ ({
    sizes: [2, 3, 1],
    blocks: [
      {offset: 0, rows: 3, cols: 3, fixed: false},
      {offset: 9, rows: 4, cols: 1, fixed: true},
    ],
  });
  const weight = {kind: "weight", layer: 1, from: 1, to: 2};
  const bias = {kind: "neuron", layer: 1, index: 0};
  assert.equal(indexOf(weight, layout), 5);
  assert.equal(indexOf(bias, layout), 6);
  assert.equal(indexOf({kind: "neuron", layer: 0, index: 0}, layout), -1);
  assert.equal(indexOf({kind: "neuron", layer: 2, index: 0}, layout), -1);
  const one = withPick([], weight, layout);
  assert.deepEqual(
    withPick(one, bias, layout).map(({index}) => index),
    [5, 6],
  );
  assert.deepEqual(withPick(one, weight, layout), []);
  assert.equal(withPick(one, null, layout), one);
});

const parts = (more = {}) => ({
  coming: true,
  step: 3,
  gradient: [1, -2],
  momentum: null,
  update: [1, -2],
  rates: null,
  learning_rate: 0.1,
  ...more,
});
const told = given => arrowsOf(parts(given), (da, db) => [da, db]).map(({name, key}) => [name, key]);

test("a plain step is its gradient, momentum by itself is the step, and a rescaled step stands for itself", () => {
  assert.deepEqual(told({}), [["gradient", "surface.part_gradient_step"]]);
  assert.deepEqual(told({coming: false}), [["gradient", "surface.part_gradient_last"]]);
  assert.deepEqual(told({momentum: [3, 3], update: [3, 3]}), [
    ["gradient", "surface.part_gradient"],
    ["update", "surface.part_update_momentum"],
  ]);
  assert.deepEqual(told({momentum: [3, 3], update: [4, 1], coming: false}), [
    ["gradient", "surface.part_gradient"],
    ["momentum", "surface.part_momentum"],
    ["update", "surface.part_update_last"],
  ]);
  assert.deepEqual(told({momentum: [3, 3], update: [3, 3], rates: [1, 9]}), [
    ["gradient", "surface.part_gradient"],
    ["momentum", "surface.part_momentum_hat"],
    ["update", "surface.part_update"],
  ]);
});

test("arrows of a plain rule share their scale, those of a rule that rescales have their own", () => {
  const lengths = {gradient: [30, 0], momentum: [0.3, 0], update: [3, 0]};
  const times = rates => arrowsOf(parts({...lengths, rates}), (da, db) => [da, db]).map(one => one.times);
  assert.deepEqual(times(null), [1, 1, 1]);
  assert.deepEqual(times([1, 1]), [1, 100, 10]);
  assert.deepEqual(
    arrowsOf(parts({gradient: [null, 1], update: [0, 0]}), (da, db) => [da, db]),
    [],
  );
  const rest = {gradient: [1e-15, -3e-16], momentum: null, update: [-1e-16, 3e-17]};
  assert.deepEqual(
    arrowsOf(parts(rest), (da, db) => [50 * da, 50 * db]),
    [],
    "rounding is no direction",
  );
});

test("the axes of a cut hold all between its ends, and cut what lies far above", () => {
  const alpha = [-0.5, 0, 0.5, 1, 1.5];
  const cut = {alpha, loss: [1000, 2, 3, 1, null], at: 0, length: 1};
  const range = cutRange(cut, false);
  assert.deepEqual(range.across, [-0.5, 1.5]);
  assert.ok(range.up[0] < 1 && range.up[1] > 3 && range.up[1] < 10 && !range.log);
  assert.ok(cutRange(cut, true).log && cutRange(cut, true).up[1] > 3);
  assert.ok(!cutRange({...cut, loss: [1, 0, 1, 1, 1]}, true).log, "no logarithm of nothing");
});

test("the axes of the sharpness are logarithmic only where every number is positive and they differ widely", () => {
  const of = values => ({points: values.map((value, k) => [10 * k, value, true]), factor: 1, more: false});
  const none = {step: [], value: []};
  assert.deepEqual(sharpnessRange(of([1, 2, 3]), none, 5), {across: [0, 20], up: [0, 3 * 1.18], log: false});
  assert.ok(sharpnessRange(of([0.01, 2, 3]), none, 5).log);
  assert.ok(!sharpnessRange(of([-1, 0.01, 3]), none, 5).log);
  assert.ok(sharpnessRange(of([1, null, 2]), {step: [0], value: [400]}, 50).log, "the limit counts");
});

test("4/η stands where plain descent has started above 2/η, and nowhere else", () => {
  const limits = {step: [0], value: [4]};
  const sharp = (start, more = {}) => ({points: [[0, start, true]], factor: 1, more: false, ...more});
  assert.equal(catapultOf(sharp(5.5), limits), 8);
  assert.ok(sharpnessRange(sharp(5.5), limits, 3).up[1] > 8, "there is room for its line");
  for (const other of [
    sharp(3.9),
    sharp(null),
    sharp(5.5, {factor: 19}),
    sharp(5.5, {rescaled: true}),
    sharp(5.5, {factor: null}),
    sharp(5.5, {points: [[20, 5.5, true]]}),
    sharp(5.5, {points: []}),
  ])
    assert.ok(Number.isNaN(catapultOf(other, limits)));
});
