import assert from "node:assert/strict";
import {test} from "node:test";
import {arranged} from "./arranged.mjs";

import {
  addLayer,
  normalizationsOf,
  parameterCount,
  removeLayer,
  resizeLayer,
  setActivation,
  setNormalization,
  skipsOf,
} from "../../../static/js/views/shared/architecture.js";
import {CURVE, endX, startX, startY} from "../../../static/js/views/network/curves.js";
import {between, emphasis} from "../../../static/js/views/network/edges.js";
import {neuronAt, walk, walkAlong, weightAt} from "../../../static/js/views/network/finding.js";
import {glow, strongest} from "../../../static/js/views/network/flows.js";
import {arrange} from "../../../static/js/views/network/layout.js";
import {level} from "../../../static/js/views/shared/neuron_pictures.js";
import {createRhythm, CYCLE, REST, SWEEP} from "../../../static/js/views/network/rhythm.js";
import {profileOf, Raster} from "../../../static/js/views/network/raster.js";
import {exists, numbersOf, title} from "../../../static/js/views/shared/symbols.js";
import {roundUp, steadyScale} from "../../../static/js/views/shared/scale.js";

const ROOMS = [
  [320, 330],
  [344, 380],
  [620, 350],
  [742, 390],
  [1087, 680],
  [2000, 1200],
];
const NETS = [
  {sizes: [2, 1]},
  {sizes: [2, 4, 2, 1]},
  {sizes: [2, 8, 8, 8, 1]},
  {sizes: [2, 8, 8, 8, 8, 8, 8, 1]},
  {sizes: [2, ...Array(20).fill(32), 1]},
  {sizes: [64, 30, 10], image: true, bars: true},
  {sizes: [64, 128, 128, 10], image: true, bars: true},
  {sizes: [3, 1], bias: false},
  {sizes: [2, ...Array(64).fill(2), 1]},
  {sizes: [30, 128, 3], bars: true},
];

for (const [width, height] of ROOMS)
  for (const net of NETS) {
    test(`${net.sizes.length < 9 ? net.sizes.join("-") : `${net.sizes.length} layers`} in ${width} × ${height}: nothing overlaps, nothing is outside`, () => {
      const g = arrange({bias: true, image: false, bars: false, names: 20, ...net, width, height, scale: 1});
      assert.ok(net.sizes.length > 20 || net.sizes[1] > 100 || g.width === width, `drawing of ${g.width} px`);
      assert.ok(g.loss.x + g.loss.width <= g.width + 0.5, "loss node inside");
      for (let l = g.image ? 1 : 0; l < g.sizes.length; l++) {
        const half = g.columns[l].size / 2;
        for (let j = 0; j < g.sizes[l]; j++) {
          const u = g.first[l] + j;
          assert.ok(
            g.y[u] - half >= -0.5 && g.y[u] + half <= height + 0.5,
            `layer ${l}, neuron ${j} at ${g.y[u]} ± ${half}`,
          );
          for (let k = 0; k < j; k++) {
            const v = g.first[l] + k;
            const apart = Math.max(Math.abs(g.x[u] - g.x[v]), Math.abs(g.y[u] - g.y[v]));
            assert.ok(apart >= 2 * half, `layer ${l}: neurons ${k} and ${j} are ${apart} px apart, ${2 * half} wide`);
          }
        }
        if (l)
          for (let i = 0; i < g.sizes[l - 1]; i++)
            assert.ok(endX(g, l, 0) - startX(g, l, i) >= 3.4, `gap before layer ${l}`);
        const bias = g.biases[l];
        if (bias)
          assert.ok(
            bias.y + bias.size / 2 <= height + 0.5 &&
              bias.y - bias.size / 2 >= g.y[g.first[l] + Math.min(g.sizes[l], g.columns[l].lines) - 1] + half - 0.5,
            `bias node of layer ${l}`,
          );
      }
      const right = g.columns.at(-1);
      assert.ok(right.x + right.size / 2 + g.bars <= g.loss.x, "outputs end before the loss node");
    });
  }

test("every neuron is found where it stands, and an edge at any point of its curve", () => {
  const g = arranged([2, 3, 1]);
  for (let l = 0; l < 3; l++)
    for (let j = 0; j < g.sizes[l]; j++) {
      assert.deepEqual(neuronAt(g, g.x[g.first[l] + j], g.y[g.first[l] + j]), {kind: "neuron", layer: l, index: j});
    }
  assert.equal(neuronAt(g, 0, 0), null);
  const x0 = startX(g, 1, 1);
  const y0 = startY(g, 1, 1);
  const share = 0.8;
  const y1 = g.y[g.first[1]];
  const at = [x0 + share * (endX(g, 1, 0) - x0), y0 + CURVE[Math.round(share * 256)] * (y1 - y0)];
  assert.deepEqual(
    weightAt(g, at[0], at[1], () => 0),
    {kind: "weight", layer: 1, from: 1, to: 0},
  );
  assert.equal(
    weightAt(g, at[0], -40, () => 1),
    null,
  );
  const bias = [startX(g, 2, 3) + 6, startY(g, 2, 3)];
  assert.deepEqual(
    weightAt(g, bias[0], bias[1], () => 0),
    {kind: "weight", layer: 2, from: 3, to: 0},
  );
});

test("arrow keys walk the neurons and stop at the border", () => {
  const g = arranged([2, 4, 1]);
  const at = (layer, index) => ({kind: "neuron", layer, index});
  assert.deepEqual(walk(g, null, "ArrowRight"), at(0, 0));
  assert.deepEqual(walk(g, at(1, 1), "ArrowDown"), at(1, 2));
  assert.deepEqual(walk(g, at(1, 0), "ArrowUp"), at(1, 0));
  assert.deepEqual(walk(g, at(1, 3), "ArrowRight"), at(2, 0));
  assert.deepEqual(walk(g, at(2, 0), "ArrowRight"), at(2, 0));
  assert.equal(walk(g, at(2, 0), "Home").layer, 0);
  assert.equal(walk(g, at(1, 1), "a"), null);
});

test("what is looked at is emphasised with its paths", () => {
  const neuron = {kind: "neuron", layer: 2, index: 1};
  const weight = {kind: "weight", layer: 2, from: 0, to: 1};
  assert.equal(emphasis(neuron, 2, 7, 1), 1);
  assert.equal(emphasis(neuron, 3, 1, 0), 1);
  assert.equal(emphasis(neuron, 2, 7, 0), 0);
  assert.equal(emphasis(weight, 2, 0, 1), 1);
  assert.equal(emphasis(weight, 2, 1, 1), 0);
  assert.ok(emphasis(weight, 3, 1, 0) > emphasis(weight, 4, 5, 5));
  assert.ok(emphasis(weight, 1, 3, 0) > 0);
});

test("edits keep one activation name while all layers agree", () => {
  const net = {hidden: [4, 2], activation: "tanh", normalization: null};
  const none = {normalization: null};
  assert.deepEqual(resizeLayer(net, 1, 3), {hidden: [4, 3], activation: "tanh", ...none});
  assert.deepEqual(setActivation(net, 0, "relu"), {hidden: [4, 2], activation: ["relu", "tanh"], ...none});
  assert.deepEqual(setActivation({hidden: [4, 2], activation: ["relu", "tanh"], ...none}, 1, "relu"), {
    hidden: [4, 2],
    activation: "relu",
    ...none,
  });
  assert.deepEqual(addLayer(net, 0), {hidden: [4, 4, 2], activation: "tanh", ...none});
  assert.deepEqual(addLayer({hidden: [4, 2], activation: ["relu", "tanh"], ...none}, 2), {
    hidden: [4, 2, 2],
    activation: ["relu", "tanh", "tanh"],
    ...none,
  });
  assert.deepEqual(addLayer({hidden: [], activation: "sigmoid", ...none}, 0), {
    hidden: [4],
    activation: "sigmoid",
    ...none,
  });
  assert.deepEqual(removeLayer({hidden: [4, 2], activation: ["relu", "tanh"], ...none}, 0), {
    hidden: [2],
    activation: "tanh",
    ...none,
  });
  assert.deepEqual(removeLayer({hidden: [4], activation: "relu", ...none}, 0), {
    hidden: [],
    activation: "relu",
    ...none,
  });
  assert.equal(parameterCount(2, net, 1, true), 25);
  assert.equal(parameterCount(3, {...net, hidden: []}, 1, false), 3);
});

test("every layer keeps its normalization through edits, and γ and β count", () => {
  const net = {hidden: [4, 2], activation: "tanh", normalization: null};
  const mixed = setNormalization(net, 1, "batch");
  assert.deepEqual(mixed, {hidden: [4, 2], activation: "tanh", normalization: [null, "batch"]});
  assert.equal(setNormalization(mixed, 0, "batch").normalization, "batch");
  assert.deepEqual(addLayer(mixed, 2).normalization, [null, "batch", "batch"]);
  assert.deepEqual(addLayer(mixed, 0).normalization, [null, null, "batch"]);
  assert.equal(removeLayer(mixed, 0).normalization, "batch");
  assert.deepEqual(resizeLayer(mixed, 0, 5).normalization, [null, "batch"]);
  const empty = removeLayer({...net, hidden: [4], normalization: "layer"}, 0);
  assert.equal(empty.normalization, "layer");
  assert.deepEqual(normalizationsOf(addLayer(empty, 0)), ["layer"]);
  assert.equal(parameterCount(2, mixed, 1, true), 29);
});

test("skips that layers have one by one follow them through edits, as long as widths agree", () => {
  const net = {hidden: [4, 4, 3, 3], activation: "tanh", normalization: null, residual: [false, true, false, true]};
  assert.deepEqual(resizeLayer(net, 0, 5).residual, [false, false, false, true]);
  assert.deepEqual(addLayer(net, 2).residual, [false, true, true, false, true]);
  assert.deepEqual(addLayer(net, 0).residual, [false, false, true, false, true]);
  assert.deepEqual(removeLayer(net, 0).residual, [false, false, true]);
  assert.deepEqual(setActivation(net, 1, "relu").residual, net.residual);
  assert.deepEqual(setNormalization(net, 1, "layer").residual, net.residual);
  assert.equal("residual" in resizeLayer({...net, residual: true}, 0, 5), false);
  assert.deepEqual(skipsOf({hidden: [4, 4, 3], residual: true}), [false, true, false]);
  assert.deepEqual(skipsOf({hidden: [4, 4]}), [false, false]);
});

test("where normalization fixes the biases nothing is drawn for them, and the rest has the room", () => {
  const room = {sizes: [2, 3, 1], bias: true, image: false, bars: false, names: 20, width: 700, height: 400, scale: 1};
  const plain = arrange(room);
  const g = arrange({...room, fixed: [true, false]});
  assert.deepEqual(
    g.biases.map(bias => bias !== null),
    [false, true, false],
  );
  assert.deepEqual(
    plain.biases.map(bias => bias !== null),
    [true, true, false],
  );
  assert.ok(g.y[0] > plain.y[0]);
});

test("a normalized neuron shows z, γ, β, u and a, and no bias that stays 0", () => {
  Object.assign(globalThis, {document: {createElementNS: () => ({append() {}})}});
  const block = {offset: 0, rows: 2, cols: 1, gamma: 2, beta: 3, fixed: true, statistics: 0};
  const one = new Float32Array(2);
  const layout = {
    id: 1,
    sizes: [1, 1],
    activations: ["tanh"],
    bias: true,
    units: [
      {offset: 0, size: 1},
      {offset: 1, size: 1},
    ],
    parameters: 4,
    loss: "mse",
  };
  const frame = {
    P: Float32Array.of(1, 0, 5, 6),
    G: one,
    U: null,
    A: Float32Array.of(0, 9),
    Z: Float32Array.of(0, 7),
    I: Float32Array.of(0, 8),
    D: Float32Array.of(0, 4),
    sample: 0,
  };
  const pick = {kind: "neuron", layer: 1, index: 0};
  assert.deepEqual(
    numbersOf(pick, {...layout, blocks: [block]}, frame).map(row => row.value),
    [7, 5, 6, 8, 9, 4],
  );
  assert.equal(exists({kind: "weight", layer: 1, from: 1, to: 0}, {...layout, blocks: [block]}), false);
  const plain = {...block, gamma: null, beta: null, fixed: false, statistics: null};
  assert.deepEqual(
    numbersOf(pick, {...layout, blocks: [plain]}, frame).map(row => row.value),
    [7, 9, 0, 4],
  );
  assert.equal(exists({kind: "weight", layer: 1, from: 1, to: 0}, {...layout, blocks: [plain]}), true);
});

test("one step: a sweep forward, then one backward, then rest; while training without end", () => {
  const rhythm = createRhythm();
  assert.equal(rhythm.at(0, 4), null);
  rhythm.once(1000);
  assert.deepEqual(rhythm.at(1000 + SWEEP / 2, 4), {direction: 1, place: 2});
  rhythm.once(1000 + SWEEP / 2);
  assert.deepEqual(rhythm.at(1000 + SWEEP + REST / 2, 4), {direction: 1, place: 4});
  const back = rhythm.at(1000 + SWEEP + REST + SWEEP / 4, 4);
  assert.equal(back.direction, -1);
  assert.ok(Math.abs(back.place - 3) < 1e-9);
  assert.equal(rhythm.at(1000 + CYCLE, 4), null);
  assert.equal(rhythm.runs(1000 + CYCLE), false);
  rhythm.keep(true, 5000);
  assert.equal(rhythm.at(5000 + 7 * CYCLE + SWEEP / 2, 2).direction, 1);
  rhythm.keep(false, 5000 + 7 * CYCLE + SWEEP / 2);
  assert.equal(rhythm.runs(5000 + 7 * CYCLE + SWEEP), true);
  assert.equal(rhythm.runs(5000 + 8 * CYCLE), false);
});

test("a vanished error glows fainter, evenly on a log scale, and an exploded one fully", () => {
  const steps = [1, 0.1, 0.01, 0.001].map(delta => glow(delta, 1));
  assert.equal(steps[0], 1);
  assert.ok(Math.abs(steps[0] - steps[1] - (steps[2] - steps[3])) < 1e-9 && steps[1] < 1);
  assert.equal(glow(0, 1), 0);
  assert.equal(glow(NaN, 1), 1);
});

test("the strongest flows are |a·w| forward and |δ·w| backward", () => {
  const layout = {
    sizes: [2, 2],
    blocks: [{offset: 0, rows: 3, cols: 2}],
    units: [
      {offset: 0, size: 2},
      {offset: 2, size: 2},
    ],
  };
  const frame = {P: [1, 2, -4, 0.001, 0.5, 0], A: [1, 0.5, 0, 0], D: [0, 0, 0, 3]};
  assert.deepEqual(strongest(layout, frame, 1, 1), [
    {from: 0, to: 0, strength: 0.5},
    {from: 0, to: 1, strength: 1},
    {from: 1, to: 0, strength: 1},
    {from: 2, to: 0, strength: 0.25},
  ]);
  assert.deepEqual(strongest(layout, frame, 1, -1), [{from: 0, to: 1, strength: 1}]);
  assert.deepEqual(strongest(layout, {...frame, D: [0, 0, 0, 0]}, 1, -1), []);
  const wide = {sizes: [40, 40], blocks: [{offset: 0, rows: 40, cols: 40}], units: [{offset: 0}, {offset: 40}]};
  const many = strongest(
    wide,
    {P: Float32Array.from({length: 1600}, (_, k) => k), A: new Float32Array(80).fill(1), D: []},
    1,
    1,
  );
  assert.equal(many.length, 130);
  assert.ok(many.every(({from, to}) => 40 * from + to >= 1470));
});

test("a rasterized curve deposits what it is long, on its own side of zero", () => {
  for (const [y0, y1] of [
    [40, 40],
    [20, 60],
    [10, 180],
  ]) {
    const raster = new Raster(60, 200);
    const pixels = new Uint32Array(60 * 200);
    const table = new Uint32Array(256).map((_, k) => k);
    raster.add(profileOf(5, 55), y0, y1, 1);
    raster.tone(pixels, table);
    const hit = pixels.filter(pixel => pixel >>> 24 > 60);
    assert.ok(hit.length >= Math.max(50, Math.abs(y1 - y0)), `${hit.length} pixels`);
    assert.ok(
      hit.every(pixel => (pixel & 255) > 127),
      "positive",
    );
    for (let x = 6; x < 54; x++)
      assert.ok(
        Array.from({length: 200}, (_, y) => pixels[y * 60 + x] >>> 24).some(alpha => alpha > 60),
        `no hole in column ${x}`,
      );
    for (let y = Math.min(y0, y1) + 1; y < Math.max(y0, y1) - 1; y++)
      assert.ok(
        Array.from({length: 60}, (_, x) => pixels[y * 60 + x] >>> 24).some(alpha => alpha > 60),
        `no hole in row ${y}`,
      );
    raster.tone(pixels, table);
    assert.ok(
      pixels.every(pixel => pixel === 0),
      "a new picture begins empty",
    );
  }
});

test("scales are round and stay put", () => {
  assert.deepEqual([0.13, 1, 1.1, 4, 7].map(roundUp), [0.2, 1, 2, 5, 10]);
  const scale = steadyScale(1);
  assert.equal(scale.follow(0.5), 1);
  assert.equal(scale.follow(1.5), 2);
  assert.equal(scale.follow(0.7), 2);
  assert.equal(scale.follow(0.3), 0.5);
  assert.equal(scale.follow(NaN), 0.5);
});

test("colours of −1, 0 and 1 are the ends and the middle of the table, of no number the middle", () => {
  assert.deepEqual([-2, -1, 0, 1, 2, NaN, Infinity, -Infinity].map(level), [0, 0, 128, 255, 255, 127, 255, 0]);
});

test("what is picked is named in words, and gone once the network has shrunk", () => {
  const layout = {
    sizes: [2, 4, 1],
    activations: ["tanh", "sigmoid"],
    blocks: [
      {rows: 3, cols: 4},
      {rows: 4, cols: 1},
    ],
  };
  const t = (key, params) => `${key} ${JSON.stringify(params)}`;
  assert.match(title({kind: "neuron", layer: 1, index: 2}, layout, t), /^network\.neuron_n .*"n":3,"layer":1/);
  assert.match(title({kind: "neuron", layer: 2, index: 0}, layout, t), /^network\.output_n/);
  assert.match(title({kind: "weight", layer: 1, from: 2, to: 3}, layout, t), /^network\.bias_of .*"n":4,"layer":1/);
  assert.match(
    title({kind: "weight", layer: 2, from: 0, to: 0}, layout, t),
    /^network\.weight_from .*"from":1,"before":1,"to":1,"layer":2/,
  );
  assert.equal(exists({kind: "neuron", layer: 1, index: 4}, layout), false);
  assert.equal(exists({kind: "weight", layer: 2, from: 4, to: 0}, layout), false, "no bias in the second layer");
  assert.equal(exists({kind: "weight", layer: 1, from: 2, to: 0}, layout), true);
  assert.equal(exists(null, layout), false);
});

test("keys walk onto the weights of a neuron, from weight to weight, and reach every one", () => {
  const g = arranged([3, 5, 2]);
  const seen = new Set();
  for (let to = 0; to < 5; to++) {
    let at = {pick: {kind: "neuron", layer: 1, index: to}, fan: "in"};
    const go = (key, shift = false) => (at = walkAlong(g, at.pick, {key, shift, fan: at.fan}) ?? at);
    go("ArrowLeft", true);
    assert.equal(at.pick.kind, "weight");
    for (let n = 0; n < 5; n++) go("ArrowUp");
    for (let n = 0; n < 5; n++) {
      seen.add(`1 ${at.pick.from} ${at.pick.to}`);
      go("ArrowDown");
    }
    assert.equal(at.pick.from, 3, "the last is the bias");
    go("ArrowRight");
    assert.deepEqual(at.pick, {kind: "neuron", layer: 1, index: to});
    go("ArrowRight", true);
    for (let n = 0; n < 3; n++) go("ArrowUp");
    for (let n = 0; n < 3; n++) {
      seen.add(`2 ${at.pick.from} ${at.pick.to}`);
      go("ArrowDown");
    }
    go("ArrowLeft");
    assert.deepEqual(at.pick, {kind: "neuron", layer: 1, index: to});
  }
  assert.equal(seen.size, 5 * 4 + 2 * 5);
  assert.equal(walkAlong(g, {kind: "neuron", layer: 2, index: 0}, {key: "ArrowRight", shift: true, fan: "in"}), null);
  assert.equal(walkAlong(g, {kind: "neuron", layer: 0, index: 0}, {key: "ArrowLeft", shift: true, fan: "in"}), null);
  assert.equal(walkAlong(g, {kind: "neuron", layer: 1, index: 0}, {key: "ArrowLeft", shift: false, fan: "in"}), null);
});

test("the number of a weight lies beside the neurons, as near to its place as there is room", () => {
  assert.equal(between(710, 26, 686, 768), 714, "clear of the neuron at its left");
  assert.equal(between(760, 26, 686, 768), 740, "and of the one at its right");
  assert.equal(between(720, 20, 686, 768), 720);
  assert.equal(between(720, 60, 686, 768), 720, "without room it stays");
});
