import assert from "node:assert/strict";
import {test} from "node:test";

import {formOf} from "../../../static/js/views/boundary/forms.js";
import {
  affordable,
  createField,
  createToning,
  lineAt,
  paintClasses,
  paintValues,
} from "../../../static/js/views/boundary/field.js";
import {outputTone} from "../../../static/js/views/shared/neuron_pictures.js";

const DOMAIN = [
  [-1.2, 1.2],
  [-1.2, 1.2],
];
const PLANE = {axes: ["x₁", "x₂"], features: ["x1", "x2"], shift: [0, 0], scale: [1, 1]};

function layoutOf(sizes, activations) {
  let offset = 0;
  const blocks = sizes
    .slice(1)
    .map((cols, l) => ({offset: (offset += l ? (sizes[l - 1] + 1) * sizes[l] : 0), rows: sizes[l] + 1, cols}));
  return {id: 1, sizes, activations, blocks, bias: true};
}

test("the form follows the data, and waits while layout and data disagree", () => {
  const base = {
    layout: {sizes: [2, 1]},
    frame: {},
    data: {inputs: 2, domain: DOMAIN, plane: PLANE, image: null, features: ["x₁", "x₂"]},
  };
  assert.equal(formOf(base), "plane");
  assert.equal(
    formOf({...base, layout: {sizes: [64, 10]}, data: {inputs: 64, domain: null, plane: null, image: [8, 8]}}),
    "samples",
  );
  assert.equal(
    formOf({
      ...base,
      layout: {sizes: [3, 1]},
      data: {inputs: 3, domain: null, plane: null, image: null, features: ["x₁", "x₂", "x₃"]},
    }),
    "table",
  );
  const squares = {
    ...base.data,
    inputs: 3,
    plane: {...PLANE, features: ["x1", "x1_squared", "x2_squared"], shift: [0, 0, 0], scale: [1, 1, 1]},
  };
  assert.equal(
    formOf({...base, layout: {sizes: [3, 1]}, data: squares}),
    "plane",
    "a plane is shown whatever is derived from it",
  );
  assert.equal(formOf({...base, layout: {sizes: [3, 1]}}), null);
  assert.equal(formOf({...base, frame: null}), null);
});

test("a field in slices equals the function at every cell's centre, for the output and for a neuron", () => {
  const layout = layoutOf([2, 3, 1], ["tanh", "identity"]);
  const field = createField(layout, {domain: DOMAIN, plane: PLANE});
  const P = Float32Array.from({length: 13}, (_, k) => Math.cos(2 * k));
  for (const neuron of [null, {layer: 1, index: 2}]) {
    field.begin({P}, 50, neuron);
    while (!field.advance(0));
    for (const cell of [0, 49, 1234, 2499]) {
      const x1 = -1.2 + (((cell % 50) + 0.5) / 50) * 2.4;
      const x2 = 1.2 - ((Math.floor(cell / 50) + 0.5) / 50) * 2.4;
      const hidden = [0, 1, 2].map(j => Math.tanh(P[j] * x1 + P[3 + j] * x2 + P[6 + j]));
      const expected = neuron ? hidden[2] : hidden.reduce((sum, a, j) => sum + a * P[9 + j], P[12]);
      assert.ok(Math.abs(field.grids[0][cell] - expected) < 1e-5, `cell ${cell}`);
    }
  }
});

test("larger networks are drawn in fewer cells", () => {
  const sides = [
    [2, 4, 2, 1],
    [2, 8, 8, 8, 1],
    [2, ...Array(20).fill(32), 1],
  ].map(sizes => affordable({sizes}, 5));
  assert.equal(sides[0], 100);
  assert.ok(sides[0] >= sides[1] && sides[1] > sides[2] && sides[2] >= 24, sides.join());
});

test("the line lies where the values change sign", () => {
  const side = 20;
  const grid = Float32Array.from(
    {length: side * side},
    (_, p) => Math.hypot((p % side) - 9.5, Math.floor(p / side) - 9.5) - 6,
  );
  const line = lineAt(grid, side, 0);
  assert.ok(line.length > 100);
  for (let k = 0; k < line.length; k += 2) assert.ok(Math.abs(Math.hypot(line[k] - 10, line[k + 1] - 10) - 6) < 0.1);
  assert.deepEqual(lineAt(grid, side, -10), []);
});

test("two classes meet at the neutral colour, a regression spans its targets", () => {
  const sigmoid = layoutOf([2, 1], ["sigmoid"]);
  assert.deepEqual(outputTone({kind: "binary", outputs: 1, target_range: [0, 1]}), {gain: 2, shift: -1});
  const {gain, shift} = outputTone({kind: "binary", outputs: 1, target_range: [-1, 1]});
  assert.ok(gain === 1 && Math.abs(shift) === 0);
  assert.deepEqual(outputTone({kind: "regression", outputs: 1, target_range: [-2, 4]}), {gain: 0.25, shift: 0});
  const toning = createToning(sigmoid, {
    kind: "binary",
    outputs: 1,
    domain: DOMAIN,
    plane: PLANE,
    target_range: [0, 1],
  });
  assert.equal(toning.of(null, new Float32Array(1), 1).line, 0.5);
  assert.equal(toning.of({layer: 0, index: 1}, new Float32Array(1), 1).gain, 1 / 1.2);
});

test("discretized values keep only their side, classes the most probable", () => {
  const table = new Uint32Array(256).map((_, k) => k);
  const pixels = new Uint32Array(4);
  paintValues(pixels, new Float32Array([0, 0.4, 0.6, NaN]), 4, table, {gain: 2, shift: -1}, true);
  assert.ok(pixels[0] === pixels[1] && pixels[0] < 100 && pixels[2] > 150 && pixels[3] === 127);
  paintValues(pixels, new Float32Array([0, 0.25, 0.5, 1]), 4, table, {gain: 2, shift: -1}, false);
  assert.deepEqual([...pixels], [0, 64, 128, 255]);
  const classes = [table, table.map(k => 1000 + k)];
  paintClasses(pixels, [new Float32Array([0.9, 0.2, 0.5, 0]), new Float32Array([0.1, 0.8, 0.5, 1])], 4, classes, false);
  assert.ok(pixels[0] < 1000 && pixels[1] >= 1000 && pixels[3] > pixels[1]);
});
