import assert from "node:assert/strict";
import test from "node:test";
import {arrange} from "../../../static/js/views/network/layout.js";
import {arrangeMatrices, boxOf, cellAt, crowded, pickAt} from "../../../static/js/views/network/matrices_layout.js";
import {arcsOverColumns, arcsOverMatrices, skipGradients} from "../../../static/js/views/network/skips.js";
import {
  focusOfPart,
  frameOfPart,
  inward,
  layerInFocus,
  outward,
  partOf,
} from "../../../static/js/views/network/window.js";

const room = (sizes, more = {}) => ({
  sizes,
  bias: true,
  image: false,
  bars: false,
  names: 20,
  width: 740,
  height: 360,
  scale: 1,
  ...more,
});
const DEEP = [2, ...Array(50).fill(64), 1];
const rows = DEEP.slice(0, -1).map(n => n + 1);

test("columns are drawn while they fit, matrices beyond", () => {
  for (const [sizes, beyond] of [
    [[2, 4, 2, 1], false],
    [[64, 30, 10], false],
    [[2, ...Array(20).fill(32), 1], false],
    [DEEP, true],
    [[64, ...Array(64).fill(128), 10], true],
  ]) {
    assert.equal(crowded(arrange(room(sizes)), 740), beyond, String(sizes));
  }
});

test("every layer has its square, in reading order, inside the drawing and clear of the others and of the loss", () => {
  for (const more of [{}, {width: 340, height: 300}, {width: 1400, height: 700, scale: 1.3}]) {
    const g = arrangeMatrices(room(DEEP, more));
    const boxes = g.cells.map(({x, y, d, strip, side}) => [x, y, d + strip, y + side]);
    assert.equal(g.cells.length, DEEP.length);
    boxes.forEach(([left, top, right, bottom], k) => {
      assert.ok(left >= 0 && top >= 0 && right <= g.loss.x && bottom <= g.height, `${k}: ${boxes[k]}`);
      for (const [l, t, r, b] of boxes.slice(k + 1)) assert.ok(r <= left || l >= right || b <= top || t >= bottom);
      if (k) assert.ok(top > boxes[k - 1][1] || left > boxes[k - 1][2]);
    });
    assert.ok(g.cells[0].side >= (more.width === 340 ? 12 : 28));
  }
});

test("a pixel is the weight of its row and column, beside it stand the neurons, and a box leads back to its pick", () => {
  const g = arrangeMatrices(room([2, 8, 4, 1]));
  const inputs = [3, 9, 5];
  for (const pick of [
    {kind: "weight", layer: 1, from: 0, to: 0},
    {kind: "weight", layer: 2, from: 8, to: 3},
    {kind: "neuron", layer: 2, index: 1},
    {kind: "neuron", layer: 0, index: 1},
  ]) {
    const [left, top, right, bottom] = boxOf(g, inputs, pick);
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    assert.deepEqual(pickAt(g, inputs, x, y), pick);
    assert.equal(cellAt(g, x, y), pick.layer);
  }
  assert.equal(pickAt(g, inputs, g.loss.x, g.loss.y), null);
  assert.equal(cellAt(arrangeMatrices(room(DEEP)), 739, 1), -1);
  assert.equal(boxOf(arrangeMatrices(room(DEEP)), rows, {kind: "weight", layer: 51, from: 64, to: 0}).length, 4);
});

test("the gradient through a skip is that of what it adds to", () => {
  // 1-2-2-1: a₂ = z₂ + a₁, all linear, C = a₃: δ₃ = 1, ∂C/∂a₂ = w₃, and the skip hands it on as it is; δ₁ = W₂ᵀw₃ + w₃
  const net = {
    sizes: [1, 2, 2, 1],
    residual: [false, true, false],
    blocks: [
      {offset: 0, cols: 2},
      {offset: 2, cols: 2},
      {offset: 6, cols: 1},
    ],
    units: [{offset: 0}, {offset: 1}, {offset: 3}, {offset: 5}],
  };
  const P = Float32Array.of(1, 1, 0.5, 0, 0, 0.5, 3, 4);
  const D = Float32Array.of(0, 4.5, 6, 3, 4, 1);
  const found = skipGradients(net, {P, D});
  assert.deepEqual([found[0], found[2]], [0, 0]);
  assert.ok(Math.abs(found[1] - Math.sqrt((9 + 16) / 2)) < 1e-9);
  const both = skipGradients({...net, residual: [true, true, false]}, {P, D});
  assert.ok(Math.abs(both[0] - Math.sqrt((4.5 ** 2 + 36) / 2)) < 1e-9);
});

test("arcs stand above what they join, and room is left for them", () => {
  const sizes = [2, 8, 8, 8, 1];
  const residual = [false, true, true, false];
  const g = arrange(room(sizes, {crown: 18}));
  const plain = arrange(room(sizes));
  const arcs = arcsOverColumns(g, residual);
  assert.deepEqual(
    arcs.map(arc => arc.layer),
    [2, 3],
  );
  for (const {x0, y0, y1, x1, lift} of arcs) assert.ok(x0 < x1 && Math.min(y0, y1) - lift >= 0 && lift >= 6);
  assert.ok(Math.max(...g.y) <= g.height && g.height === plain.height);
  const grid = arrangeMatrices(room(DEEP));
  const over = arcsOverMatrices(
    grid,
    DEEP.slice(1).map((_, k) => k > 0 && k < 50),
  );
  assert.equal(over.length, 49);
  for (const {layer, x0, x1, y1} of over) assert.ok(x0 < x1 && y1 < grid.cells[layer].y);
});

const layout = {
  id: 1,
  sizes: [2, 3, 4, 5, 1],
  activations: ["relu", "tanh", "relu", "sigmoid"],
  normalization: [null, "batch", null, null],
  residual: [false, false, false, false],
  bias: true,
  loss: "bce",
  parameters: 60,
  blocks: [0, 9, 25, 50].map(offset => ({offset})),
  units: [
    [0, 2],
    [2, 3],
    [5, 4],
    [9, 5],
    [14, 1],
  ].map(([offset, size]) => ({offset, size})),
};

test("a part of a net reads the whole net's numbers where they lie", () => {
  const part = partOf(layout, 3);
  assert.deepEqual([part.from, part.to, part.ends, part.entering], [2, 4, true, "tanh"]);
  assert.deepEqual(
    [part.sizes, part.activations, part.blocks.map(b => b.offset), part.units.map(u => u.offset)],
    [
      [4, 5, 1],
      ["relu", "sigmoid"],
      [25, 50],
      [5, 9, 14],
    ],
  );
  assert.deepEqual([partOf(layout, 1).from, partOf(layout, 4).from, partOf(layout, 2).ends], [0, 2, false]);
  const row = Float32Array.of(1, 2, 3, 4);
  const {norms} = frameOfPart({norms: {delta: row, gradient: row, weight: row, update: row}}, part);
  assert.deepEqual([...norms.delta], [3, 4]);
});

test("picks go in and out of a part, and what lies outside is not in it", () => {
  const part = partOf(layout, 3);
  const weight = {kind: "weight", layer: 3, from: 1, to: 2};
  assert.deepEqual(inward(weight, part), {...weight, layer: 1});
  assert.deepEqual(outward(inward(weight, part), part.from), weight);
  assert.equal(inward({...weight, layer: 2}, part), null);
  assert.deepEqual(inward({kind: "neuron", layer: 2, index: 0}, part), {kind: "neuron", layer: 0, index: 0});
  assert.equal(inward({kind: "neuron", layer: 1, index: 0}, part), null);
  assert.deepEqual(inward(weight, null), weight);
});

test("the step under the microscope is shown in the part that it works in", () => {
  const focus = {
    neurons: [3, 3],
    weights: null,
    values: Float32Array.from({length: 15}, (_, u) => u),
    neuron: {layer: 3, index: 1},
    direction: 1,
  };
  assert.equal(layerInFocus(focus), 3);
  assert.equal(layerInFocus({...focus, neurons: [1, 3]}), 0);
  assert.equal(layerInFocus(null), 0);
  const cut = focusOfPart(focus, partOf(layout, 3));
  assert.deepEqual([cut.neurons, cut.neuron, cut.values[0]], [[1, 1], {layer: 1, index: 1}, 5]);
});
