import assert from "node:assert/strict";
import {test} from "node:test";
import {arranged} from "./arranged.mjs";

import {biasAt} from "../../../static/js/views/network/finding.js";
import {spotFor} from "../../../static/js/views/network/card_spot.js";
import {halves} from "../../../static/js/views/network/input_names.js";
import {figuresOf, shownOutputs} from "../../../static/js/views/network/loss.js";
import {short} from "../../../static/js/views/network/nodes.js";
import {barRoomOf, likeliest} from "../../../static/js/views/network/outputs.js";
import {arrange} from "../../../static/js/views/network/layout.js";
import {layersLookedAt, planOf, roomOf, shownLayer} from "../../../static/js/views/network/plan.js";
import {createRanges} from "../../../static/js/views/network/ranges.js";
import {WantedNetwork} from "../../../static/js/views/network/wanted.js";
import {frameOf, partOf} from "../../../static/js/views/network/window.js";

/** A layout with biases in every layer. */
function layoutOf(sizes, more = {}) {
  let offset = 0;
  const units = sizes.map(size => ({offset: (offset += size) - size, size}));
  const blocks = sizes
    .slice(1)
    .map((cols, k) => ({offset: 0, rows: sizes[k] + 1, cols, fixed: false, statistics: null}));
  const each = value => sizes.slice(1).map(() => value);
  return {
    id: 1,
    sizes,
    units,
    blocks,
    bias: true,
    activations: each("tanh"),
    normalization: each(null),
    residual: each(false),
    ...more,
  };
}

const DATA = {image: null, inputs: 2, features: ["x₁", "x₂"], outputs: 1, class_names: ["0", "1"]};
const PANEL = {width: 740, height: 460, tall: 390, scale: 1, coarse: false};

test("a small net has a group of controls above each column, a deep or a low one a single bar", () => {
  const plan = (hidden, panel = PANEL) => planOf({layout: layoutOf([2, ...hidden, 1]), data: DATA}, panel, 0, null);
  assert.deepEqual([plan([4, 2]).mode, plan([4, 2]).bare, plan([4, 2]).part], ["groups", false, null]);
  assert.equal(plan([]).mode, "groups");
  assert.equal(plan(Array(12).fill(4)).mode, "bar");
  assert.equal(plan([4, 2], {...PANEL, height: 299}).mode, "bar");
  assert.equal(plan([4, 4, 4], {...PANEL, width: 560}).mode, "groups");
  assert.equal(plan([4, 4, 4], {...PANEL, width: 560, coarse: true}).mode, "bar");
});

test("what is too wide for columns is matrices, unless the user wants columns; one opened layer is columns again", () => {
  const state = {layout: layoutOf([2, ...Array(60).fill(32), 1]), data: DATA};
  const panel = {...PANEL, width: 400};
  assert.deepEqual([planOf(state, panel, 0, null).bare, planOf(state, panel, 0, null).mode], [true, "bar"]);
  assert.equal(planOf(state, panel, 0, "columns").bare, false);
  assert.equal(planOf({layout: layoutOf([2, 4, 1]), data: DATA}, panel, 0, "matrices").bare, true);
  const {part, bare, from, mode} = planOf(state, panel, 7, null);
  assert.deepEqual([bare, from, part.from, part.to, mode], [false, 6, 6, 8, "bar"]);
  assert.equal(planOf(state, panel, 7, "columns").part, null);
});

test("names and bars have room only where the inputs and the outputs are shown", () => {
  const layout = layoutOf([3, 8, 8, 8, 4], {residual: [false, true, true, false]});
  const data = {...DATA, kind: "classes", outputs: 4, inputs: 3, features: ["petal length", "b", "c"]};
  const room = part => roomOf({layout, data}, part, 700, 2);
  assert.deepEqual([room(null).names, room(null).bars, room(null).inner, room(null).crown], [78, true, [1, 3], 36]);
  const middle = room(partOf(layout, 2));
  assert.deepEqual([middle.names, middle.bars, middle.inner], [6, false, [0, 2]]);
  const last = room(partOf(layout, 4));
  assert.deepEqual([last.names, last.bars, last.inner], [6, true, [0, 1]]);
  assert.equal(roomOf({layout, data: {...data, image: [1, 3]}}, null, 700, 1).names, 6);
  assert.equal(roomOf({layout, data: {...data, kind: "regression"}}, null, 700, 2).bars, false);
});

test("frames carry the layers that are shown, of matrices that of what is looked at, else none", () => {
  const layout = layoutOf([2, 4, 4, 4, 1]);
  assert.deepEqual(layersLookedAt(partOf(layout, 3), false, null), [2, 3, 4]);
  assert.deepEqual(layersLookedAt(partOf(layout, 1), false, null), [1, 2]);
  assert.deepEqual(layersLookedAt(null, true, {kind: "neuron", layer: 3, index: 0}), [3]);
  assert.deepEqual(layersLookedAt(null, true, {kind: "neuron", layer: 0, index: 0}), []);
  assert.deepEqual(layersLookedAt(null, false, {kind: "neuron", layer: 3, index: 0}), []);
  assert.equal(shownLayer(layout, {weights: [2, 2], neurons: null}, 1), 2);
  assert.equal(shownLayer(layout, null, 9), 4);
});

test("a frame of another layout is none", () => {
  const layout = {id: 2};
  assert.equal(frameOf(null), null);
  assert.equal(frameOf({layout, frame: {layout: 1}}), null);
  assert.deepEqual(frameOf({layout, frame: {layout: 2}}), {layout: 2});
});

test("the card stays inside and off what it speaks of, wherever there is room for that", () => {
  const size = {width: 160, height: 110};
  for (const narrow of [false, true])
    for (const kind of ["neuron", "weight"])
      for (let x = 20; x < 580; x += 35)
        for (let y = 20; y < 360; y += 35) {
          const seen = {left: 4, right: 596, bottom: 380, narrow};
          const covered = [x - 15, y - 15, x + 15, y + 15];
          const [left, top] = spotFor(size, seen, kind, covered);
          assert.ok(left >= 4 && left + 160 <= 596 && top >= 3 && top + 110 <= 380, `${left}, ${top}`);
          const apart = left >= x + 15 || left + 160 <= x - 15 || top >= y + 15 || top + 110 <= y - 15;
          assert.ok(apart, `${kind} at ${x}, ${y} is covered from ${left}, ${top}`);
        }
  assert.deepEqual(
    spotFor({width: 900, height: 110}, {left: 4, right: 596, bottom: 380, narrow: false}, "neuron", [0, 0, 9, 9]),
    [4, 15],
  );
});

test("the loss node speaks of all outputs while few, of the sample's class or a probe's likeliest when many", () => {
  const data = {outputs: 3, y: Float32Array.of(0, 0, 1, 0, 1, 0)};
  const layout = layoutOf([2, 3]);
  const frame = {sample: 1, A: Float32Array.of(9, 9, 0.1, 0.2, 0.7)};
  assert.deepEqual(shownOutputs(layout, data, frame), [1]);
  assert.deepEqual(shownOutputs(layout, data, {...frame, sample: -1}), [2]);
  assert.deepEqual(shownOutputs(layout, data, null), [0]);
  assert.deepEqual(shownOutputs(layoutOf([2, 2]), data, frame), [0, 1]);
});

test("a probe has an output, but neither target nor error; without a frame there is nothing", () => {
  const layout = layoutOf([1, 1]);
  const data = {kind: "regression", outputs: 1, y: Float32Array.of(0.5), target_range: [0, 1]};
  const frame = {sample: 0, A: Float32Array.of(0, 0.25), D: Float32Array.of(0, -0.0004)};
  assert.deepEqual(figuresOf(layout, data, frame, [0], null), [["0.50", "0.25", "−4×10⁻⁴"]]);
  assert.deepEqual(figuresOf(layout, data, {...frame, sample: -1}, [0], null), [["–", "0.25", "–"]]);
  assert.deepEqual(figuresOf(layout, data, null, [0], null), [["–", "–", "–"]]);
  const exploded = {...frame, A: frame.A.map(() => 6295307), D: frame.D.map(() => -4e13)};
  assert.deepEqual(figuresOf(layout, data, exploded, [0], null), [["0.50", "6.3×10⁶", "−4.0×10¹³"]]);
});

test("names of outputs stand above their bars where they are long and there is room, else beside, else nowhere", () => {
  const room = (count, names, height) => {
    const sizes = [4, count];
    const g = arrange({sizes, bias: true, image: false, bars: true, names: 20, width: 700, height, scale: 1});
    return barRoomOf(g, {class_names: names}, {small: 11.5, tiny: 10.5, least: 0});
  };
  const long = ["setosa", "versicolor", "virginica"];
  assert.deepEqual([room(3, long, 400).above, room(3, long, 400).aside], [true, 0]);
  assert.deepEqual([room(3, long, 70).above, room(3, long, 70).aside > 15], [false, true]);
  assert.deepEqual([room(3, ["0", "1", "2"], 400).above, room(3, ["0", "1", "2"], 400).aside], [false, 15]);
  assert.deepEqual([room(60, long, 200).named, room(60, long, 200).aside], [false, 0]);
  assert.equal(likeliest([9, 0.2, 0.5, 0.3], 1, 3), 1);
});

test("a chip's number has four signs at most, an input's name two lines", () => {
  assert.deepEqual([0, -1, 0.126, -9.949, 9.95, -123.4, 9999.4, -2e37, NaN, -Infinity].map(short), [
    "0",
    "−1",
    "0.13",
    "−9.95",
    "10",
    "−123",
    "9999",
    "−10³⁷",
    "NaN",
    "<−10³⁸",
  ]);
  assert.deepEqual(halves("mean fractal dimension"), ["mean fractal", "dimension"]);
  assert.deepEqual(halves("petal"), ["petal"]);
});

test("full colour is 1 where activations are bounded, else what the largest asks for", () => {
  const layout = layoutOf([2, 3, 3, 1], {activations: ["tanh", "relu", "tanh"], residual: [false, false, true]});
  const range = createRanges(layout, {X: Float32Array.of(-3, 2)});
  const A = Float32Array.of(5, 5, 1, 1, 1, 4, 0, -1, 7);
  assert.deepEqual(
    [0, 1, 2, 3].map(l => range(l, A)),
    [3, 1, 5, 10],
  );
});

test("the controls show what was asked for until it is there, or was refused", async () => {
  const network = hidden => ({hidden, activation: "tanh", normalization: null});
  const state = hidden => ({connection: "open", config: {network: network(hidden)}});
  const asked = [];
  const wanted = new WantedNetwork(
    (op, fields) => new Promise(answer => asked.push({op, fields, answer})),
    () => {},
  );
  const take = next => {
    wanted.seen(next);
    wanted.state = next;
  };
  take(state([4]));
  const first = wanted.ask(network([5]));
  const second = wanted.ask(network([6]));
  take(state([5]));
  assert.deepEqual(wanted.network.hidden, [6], "the answer to the first wish does not set the second one back");
  asked[0].answer({});
  asked[1].answer({});
  await Promise.all([first, second]);
  take(state([6]));
  assert.equal(wanted.wish, null);
  const refused = wanted.ask(network([999]), true);
  assert.deepEqual([asked[2].op, asked[2].fields], ["set", {activation: "tanh"}]);
  asked[2].answer({ok: false});
  await refused;
  assert.deepEqual(wanted.network.hidden, [6]);
});

test("a node 1 speaks of its weights: of the pinned one, else of the first", () => {
  const g = arranged([2, 4, 1]);
  for (const [l, node] of g.biases.entries()) {
    if (!node) continue;
    const first = {kind: "weight", layer: l + 1, from: g.sizes[l], to: 0};
    assert.deepEqual(biasAt(g, node.x + 3, node.y - 3, null), first);
    const pinned = {...first, to: g.sizes[l + 1] - 1};
    assert.deepEqual(biasAt(g, node.x, node.y, pinned), pinned);
    assert.deepEqual(biasAt(g, node.x, node.y, {kind: "weight", layer: l + 1, from: 0, to: 0}), first);
    assert.equal(biasAt(g, node.x + 2 * node.size, node.y, null), null);
  }
  assert.equal(g.biases.filter(Boolean).length, 2);
});
