import assert from "node:assert/strict";
import {test} from "node:test";

import {
  axisFor,
  exponents,
  fitted,
  labelled,
  labelStride,
  standing,
} from "../../../static/js/views/shared/gradient_scale.js";
import {othersOf, paintOthers, sayOthers} from "../../../static/js/views/gradients/lanes.js";

test("lanes beside the focus stand in a layer where they have as many layers, each in its colour", () => {
  const norms = (...numbers) => ({
    delta: Float32Array.from(numbers),
    gradient: Float32Array.from(numbers, x => x / 10),
  });
  const lanes = [
    {id: 0, norms: norms(9, 9)},
    {id: 2, norms: norms(0.01, NaN)},
    {id: 3, norms: norms(1, 2, 3)},
    {id: 4, norms: null},
  ];
  const palette = {"lane-2": "teal", panel: "white", stroke: 1};
  const others = othersOf({lanes, lane: 0}, palette, 2);
  assert.deepEqual(
    others.map(({id, colour}) => [id, colour]),
    [[2, "teal"]],
  );
  const bars = [];
  const pen = {
    beginPath() {},
    fill() {
      bars.at(-1).push(this.fillStyle);
    },
    stroke() {},
    rect: (x, y, w, h) => bars.push([x + w / 2, y + h / 2]),
  };
  const place = (share, slot) => [slot, 100 * share, false];
  const axis = {low: -4, high: 0, rest: 0};
  paintOthers(pen, palette, others, 0, axis, place);
  assert.deepEqual(
    bars.map(([x, y, fill]) => [x, Math.round(y), fill]),
    [
      [0, 25, "white"],
      [0, 50, "teal"],
    ],
  );
  bars.length = 0;
  paintOthers(pen, palette, others, 1, axis, place);
  assert.deepEqual(bars, [], "what is no number has no place");
  assert.equal(
    sayOthers(others, 0, (key, {lane, delta}) => `${lane} ${delta}`),
    "\nC 1.00×10⁻²",
  );
});

test("the factor of a geometric sequence is its ratio, whatever the output layer does", () => {
  const row = Float32Array.of(1e-6, 5e-6, 2.5e-5, 1.25e-4, 77);
  const fit = fitted([row]);
  assert.ok(fit && Math.abs(fit.factor - 0.2) < 1e-6);
  assert.ok(Math.abs(10 ** fit.start - 1e-6) < 1e-9);
});

test("the factor is the mean over frames, and needs three hidden layers that carry something", () => {
  const fit = fitted([Float32Array.of(1, 10, 100, 1), Float32Array.of(1, 1, 1, 1)]);
  assert.ok(fit && Math.abs(fit.factor - 10 ** -0.5) < 1e-6);
  assert.equal(fitted([Float32Array.of(1, 2, 3)]), null);
  assert.equal(fitted([]), null);
  assert.equal(fitted([Float32Array.of(0, 0, NaN, 1, 1, 1)]), null);
  assert.equal(fitted([Float32Array.of(1, 1, 1, 1), Float32Array.of(0, 0, 0, 1)]), null, "what has died is not fitted");
  assert.ok(Math.abs(fitted([Float32Array.of(0, 1, 2, 4, 9)]).factor - 0.5) < 1e-6);
});

test("the axis holds every number, grows at once and narrows late", () => {
  let axis = axisFor(null, exponents([Float32Array.of(1e-4, 0.5)]));
  assert.deepEqual([axis.low, axis.high], [-5, 0]);
  axis = axisFor(axis, [-9.2, 1.3]);
  assert.deepEqual([axis.low, axis.high], [-10, 2]);
  for (let i = 0; i < 59; i++) axis = axisFor(axis, [-3, 0]);
  assert.equal(axis.low, -10);
  axis = axisFor(axis, [-3, 0]);
  assert.ok(axis.low >= -4);
});

test("jitter about a power of ten does not move the axis", () => {
  let axis = axisFor(null, [-3.02, -0.5]);
  const {low, high} = axis;
  for (let i = 0; i < 500; i++) axis = axisFor(axis, [-3 + 0.3 * Math.sin(i), -0.5 + 0.4 * Math.cos(i)]);
  assert.ok(axis.low >= low - 1 && axis.high <= high + 1);
  const settled = {...axis};
  for (let i = 0; i < 500; i++) axis = axisFor(axis, [-3 + 0.3 * Math.sin(i), -0.5 + 0.4 * Math.cos(i)]);
  assert.deepEqual([axis.low, axis.high], [settled.low, settled.high]);
});

test("zero, NaN and infinity are no places on the scale", () => {
  const axis = {low: -4, high: 0, rest: 0};
  assert.deepEqual(
    [0, NaN, Infinity, -1, 1e-2, 1e-9, 50].map(x => standing(axis, x)),
    [-1, 2, 2, 2, 0.5, 0, 1],
  );
  assert.equal(exponents([Float32Array.of(0, NaN, Infinity)]), null);
  assert.deepEqual(axisFor(axis, null), axis);
});

test("labels thin out, the last layer always has one", () => {
  for (let layers = 1; layers <= 65; layers++) {
    const stride = labelStride(layers, 600 / layers, 24);
    const named = Array.from({length: layers}, (_, k) => k).filter(k => labelled(k, layers, stride));
    assert.equal(named.at(-1), layers - 1);
    for (let i = 1; i < named.length; i++)
      assert.ok(((named[i] - named[i - 1]) * 600) / layers >= 18, `${layers}: ${named}`);
  }
});
