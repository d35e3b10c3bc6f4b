import {paintClasses, paintValues} from "../../../static/js/views/boundary/field.js";
import assert from "node:assert/strict";
import {test} from "node:test";

import {digitOf, fitted} from "../../../static/js/draw/ink.js";
import {inputsFor, probed} from "../../../static/js/model/probe.js";
import {formsOf} from "../../../static/js/views/boundary/forms.js";
import {TIE, classOf} from "../../../static/js/model/classes.js";
import {confusion, labelsOf} from "../../../static/js/views/boundary/judge.js";
import {recall} from "../../../static/js/views/boundary/matrix.js";
import {inside} from "../../../static/js/views/boundary/probe.js";
import {featuresOf, toggled} from "../../../static/js/views/network/features.js";

const DOMAIN = [
  [-1.2, 1.2],
  [-1.2, 1.2],
];
const PLANE = {axes: ["x₁", "x₂"], features: ["x1", "product"], shift: [0, 1], scale: [1, 2]};
const arc = (cx, cy, rx, ry, from, to) =>
  Array.from({length: 25}, (_, i) => {
    const angle = ((from + ((to - from) * i) / 24) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  }).flat();
const ZERO = [arc(0.5, 0.5, 0.25, 0.4, 0, 360)];
const THREE = [[...arc(0.48, 0.3, 0.2, 0.2, -160, 90), ...arc(0.48, 0.7, 0.24, 0.2, -90, 150)]];

test("a drawing is a picture like those of the data: sixteenths, eight full rows, as dark as they are", () => {
  for (const strokes of [ZERO, THREE]) {
    const levels = digitOf(strokes);
    assert.equal(levels.length, 64);
    assert.ok(levels.every(level => level >= 0 && level <= 1 && Number.isInteger(level * 16)));
    assert.ok(Math.abs(levels.reduce((sum, level) => sum + level, 0) / 64 - 0.305) < 0.02);
    for (let row = 0; row < 8; row++) assert.ok(Math.max(...levels.slice(8 * row, 8 * row + 8)) > 0.2, `row ${row}`);
    for (let row = 0; row < 8; row++)
      assert.equal(levels[8 * row] + levels[8 * row + 7] < 0.3, true, "the outer columns are nearly empty");
  }
  const zero = digitOf(ZERO);
  assert.ok(zero[27] + zero[28] + zero[35] + zero[36] < 0.2, "the hole of a zero");
});

test("where and how large a digit is drawn does not matter", () => {
  const moved = THREE.map(stroke => stroke.map((v, k) => 0.3 * v + (k % 2 ? 0.6 : 0.05)));
  digitOf(THREE).forEach((level, i) => assert.ok(Math.abs(level - digitOf(moved)[i]) <= 1 / 16 + 1e-6, `block ${i}`));
});

test("a one stays slim, a dash flat, a dot is no accident, and nothing is nothing", () => {
  const width = strokes =>
    Math.max(...strokes.flatMap(s => s.filter((_, k) => k % 2 === 0))) -
    Math.min(...strokes.flatMap(s => s.filter((_, k) => k % 2 === 0)));
  assert.ok(width(fitted([[0.5, 0.1, 0.52, 0.9]], 3)) < 4);
  const one = digitOf([[0.5, 0.1, 0.5, 0.9]]);
  for (let row = 0; row < 8; row++)
    assert.ok(one[8 * row + 1] === 0 && one[8 * row + 6] === 0 && one[8 * row + 3] > 0.3);
  assert.ok(digitOf([[0.2, 0.5, 0.8, 0.5]]).every(Number.isFinite));
  assert.ok(digitOf([[0.5, 0.5]]).some(level => level > 0.5));
  assert.equal(digitOf([]), null);
  assert.equal(digitOf([[]]), null);
});

test("classes of one output and of several, and what is taken for what", () => {
  assert.equal(
    classOf(() => 0.51, {outputs: 1, target_range: [0, 1]}),
    1,
  );
  assert.equal(
    classOf(() => 0.2, {outputs: 1, target_range: [-1, 1]}),
    1,
  );
  assert.equal(
    classOf(j => [0.1, 0.7, 0.2][j], {outputs: 3, target_range: [0, 1]}),
    1,
  );
  const labels = labelsOf({n: 4, outputs: 3, y: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0], target_range: [0, 1]});
  assert.deepEqual([...labels], [0, 1, 2, 1]);
  const counts = confusion(labels, Int16Array.from([0, 2, -1, 1]), 0, 4, 3);
  assert.deepEqual([...counts], [1, 0, 0, 0, 1, 1, 0, 0, 0]);
  assert.equal(recall(counts, 3, 1), 0.5);
  assert.ok(Number.isNaN(recall(counts, 3, 2)));
  assert.deepEqual(
    [...confusion(labels, Int16Array.from([0, 2, -1, 1]), 3, 4, 3)],
    [0, 0, 0, 0, 1, 0, 0, 0, 0],
    "only the rows asked for",
  );
});

test("the forms offered follow the data", () => {
  const state = (data, sizes) => ({
    layout: {sizes},
    frame: {},
    data: {n: 100, kind: "classes", inputs: sizes[0], image: null, domain: null, plane: null, ...data},
  });
  assert.deepEqual(formsOf(state({image: [8, 8]}, [64, 10])), ["samples", "pad", "matrix"]);
  assert.deepEqual(formsOf(state({domain: DOMAIN, plane: PLANE, kind: "binary"}, [2, 1])), ["plane", "matrix"]);
  assert.deepEqual(formsOf(state({domain: DOMAIN, plane: PLANE, kind: "regression"}, [2, 1])), ["plane"]);
  assert.deepEqual(formsOf(state({n: 4, kind: "binary"}, [3, 1])), ["table"], "four rows need no matrix");
  assert.deepEqual(formsOf({...state({}, [3, 1]), frame: null}), []);
});

const LAYOUT = {
  id: 5,
  sizes: [2, 1],
  activations: ["tanh"],
  blocks: [{offset: 0, rows: 3, cols: 1}],
  units: [
    {offset: 0, size: 2},
    {offset: 2, size: 1},
  ],
};

test("a probe goes forward only: its own activations, no sample, no errors; the frame itself stays", () => {
  const frame = {
    layout: 5,
    P: Float32Array.of(0.5, -1, 0.25),
    A: Float32Array.of(9, 9, 9),
    Z: Float32Array.of(0, 0, 9),
    D: Float32Array.of(0, 0, 9),
    sample: 7,
  };
  const state = {
    frame,
    layout: LAYOUT,
    data: {domain: DOMAIN, plane: PLANE, image: null, inputs: 2},
    view: {probe: {kind: "point", at: [0.5, -1]}},
  };
  const shown = probed(state).frame;
  const product = (-0.5 - 1) / 2;
  const z = 0.5 * 0.5 - product + 0.25;
  [0.5, product, Math.tanh(z)].forEach((a, u) => assert.ok(Math.abs(shown.A[u] - a) < 1e-6, `unit ${u}`));
  assert.ok(Math.abs(shown.Z[2] - z) < 1e-6);
  assert.deepEqual([...shown.D], [0, 0, 0]);
  assert.equal(shown.sample, -1);
  assert.equal(shown.P, frame.P);
  assert.equal(frame.sample, 7);
  assert.equal(probed(state).frame, shown, "the same answer for the same question");
  assert.equal(probed({...state, view: {probe: null}}).frame, frame);
  assert.equal(probed({...state, layout: {...LAYOUT, id: 6}}).frame, frame, "not while frame and layout disagree");
});

test("a probe that does not fit the data is none", () => {
  const picture = {kind: "picture", pixels: new Float32Array(64)};
  const point = {kind: "point", at: [0, 0]};
  const plane = {domain: DOMAIN, plane: PLANE, image: null, inputs: 2};
  const digits = {domain: null, plane: null, image: [8, 8], inputs: 64};
  assert.equal(inputsFor(picture, plane), null);
  assert.equal(inputsFor(point, digits), null);
  assert.equal(inputsFor(picture, digits), picture.pixels);
  assert.deepEqual(inputsFor(point, plane), [0, -0.5]);
  assert.deepEqual(inside([3, -0.2], DOMAIN), [1.2, -0.2]);
});

test("features are chosen in the order of the data set, and the last one stays", () => {
  const entry = {
    features: [
      {name: "x1", default: true},
      {name: "x2", default: true},
      {name: "product", default: false},
    ],
  };
  assert.deepEqual(featuresOf(entry, null), ["x1", "x2"]);
  assert.deepEqual(featuresOf(entry, ["product"]), ["product"]);
  assert.deepEqual(toggled(entry, ["product"], "x1"), ["x1", "product"]);
  assert.deepEqual(toggled(entry, ["x1", "product"], "x1"), ["product"]);
  assert.deepEqual(toggled(entry, ["product"], "product"), ["product"]);
});

test("ties are decided by rule and painted by the same, not by rounding", () => {
  const one = {outputs: 1, target_range: /** @type {[number, number]} */ ([0, 1])};
  const said = [0.2, 0.5, 0.5 + TIE / 2, 0.5 + 2 * TIE, 0.8, NaN].map(a => classOf(() => a, one));
  assert.deepEqual(said, [0, 0, 0, 1, 1, -1]);
  const three = {outputs: 3, target_range: /** @type {[number, number]} */ ([0, 1])};
  const of = values => classOf(j => values[j], three);
  assert.deepEqual(
    [of([0.3, 0.3 + TIE / 2, 0.3]), of([0.1, 0.45, 0.45 + 2 * TIE]), of([0, 1, 1]), of([0, NaN, 1])],
    [0, 2, 1, -1],
  );
  const table = Uint32Array.from({length: 512}, (_, k) => k);
  const pixels = new Uint32Array(3);
  paintValues(pixels, Float32Array.of(0.2, 0.5, 0.8), 3, table, {gain: 2, shift: -1}, true);
  assert.equal(pixels[0], pixels[1], "a = 0.5 is class 0, and painted so");
  assert.notEqual(pixels[1], pixels[2]);
  const grids = [Float32Array.of(0.5, 0.4), Float32Array.of(0.5 + TIE / 4, 0.6)];
  paintClasses(pixels, grids, 2, [table, table.map(k => k + 1000)], true);
  assert.ok(pixels[0] < 1000 && pixels[1] >= 1000);
});
