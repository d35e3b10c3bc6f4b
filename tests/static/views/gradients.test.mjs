import assert from "node:assert/strict";
import {test} from "node:test";

import {
  axisFor,
  exponents,
  fitted,
  growthOf,
  labelled,
  labelStride,
  standing,
} from "../../../static/js/views/shared/gradient_scale.js";
import {uprightScale} from "../../../static/js/views/shared/gradient_marks.js";
import {columnsLayout, rowsLayout} from "../../../static/js/views/gradients/layout.js";
import {othersOf, paintOthers, sayOthers} from "../../../static/js/views/gradients/lanes.js";
import {historyOf, markedLayer, normsOf} from "../../../static/js/views/gradients/picture.js";
import {clippingWords, factorWords, kindOf, normWords, tipWords} from "../../../static/js/views/gradients/words.js";

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

const t = (key, params) => (params ? `${key} ${Object.values(params).join(" ")}` : key);

test("a layer is found where its row or its column lies, for any number of layers", () => {
  for (const layers of [1, 2, 5, 13, 60]) {
    const rows = rowsLayout({width: 320, height: 240, small: 11, layers}, 20);
    const columns = columnsLayout({width: 900, height: 120, small: 11, layers}, 2);
    for (let k = 0; k < layers; k++) {
      assert.equal(rows.layerAt(160, rows.yOf(k)), k);
      assert.equal(columns.layerAt((columns.pastAt(k) + columns.nowAt(k)) / 2, 60), k);
      assert.ok(columns.nowAt(k) > columns.left + k * columns.cell && columns.nowAt(k) < columns.right);
    }
    assert.deepEqual([rows.layerAt(160, 239), rows.layerAt(-1, 20), columns.layerAt(2, 60)], [-1, -1, -1]);
    assert.ok(rows.xOf(-1) < rows.xOf(0) && rows.xOf(0) < rows.xOf(1) && rows.xOf(1) < rows.xOf(2));
    assert.ok(columns.yOf(-1) > columns.yOf(0) && columns.yOf(0) > columns.yOf(1));
  }
});

test("where numbers are written, the longest has room beside its mark inside the picture", () => {
  const rooms = [11, 13, 16, 20].flatMap(small => [300, 600, 742, 1100].map(width => ({small, width, height: 120})));
  for (const room of rooms)
    for (const others of [0, 2, 5])
      for (let layers = 1; layers < 30; layers++) {
        const {numbers, nowAt, radius, beside} = columnsLayout({...room, layers}, others);
        const left = room.width - (nowAt(layers - 1) + radius + 4 + beside);
        // 5.8×10⁻²⁷: five wide letters of about 0.62 em, five small or narrow ones of about 0.35.
        assert.ok(!numbers || left >= 4.8 * room.small, JSON.stringify({...room, others, layers, left}));
      }
});

test("norms are shown once there was a step of this very network; their past is of it alone", () => {
  const frame = {layout: 3, step: 1, norms: {}};
  assert.equal(normsOf({frame, layout: {id: 3}}), frame.norms);
  assert.equal(normsOf({frame: {...frame, step: 0}, layout: {id: 3}}), null);
  assert.equal(normsOf({frame, layout: {id: 4}}), null);
  assert.equal(normsOf({frame: null, layout: {id: 3}}), null);
  const rows = [2, 3, 2, 2].map(length => new Float32Array(length));
  assert.equal(historyOf({delta: rows, gradient: rows}, 2).delta.length, 2);
  assert.equal(historyOf({delta: rows, gradient: rows}, 3).gradient.length, 0);
});

test("the layer under the pointer is marked before the one chosen in the diagram", () => {
  const view = {hover: {kind: "neuron", layer: 2, index: 0}, selected: {kind: "neuron", layer: 1, index: 0}};
  assert.equal(markedLayer(3, view, 5), 3);
  assert.equal(markedLayer(-1, view, 5), 1);
  assert.equal(markedLayer(-1, {...view, hover: null}, 5), 0);
  assert.equal(markedLayer(-1, {...view, hover: {...view.hover, layer: 0}}, 5), -1);
  assert.equal(markedLayer(-1, {hover: null, selected: null}, 5), -1);
});

test("the factor is said as it is: vanishing, exploding, neither, or no gradient at all", () => {
  assert.deepEqual([0.2, 1, 3].map(growthOf), ["vanishing", "steady", "exploding"]);
  assert.deepEqual([{factor: 0.2}, {factor: 1}, {factor: 3}, null].map(kindOf), ["vanishing", "", "exploding", ""]);
  const wide = {zero: false, length: "", landscape: false};
  assert.equal(factorWords({factor: 0.25}, wide, t), "gradients.factor_vanishing 0.25");
  assert.equal(factorWords({factor: 4}, {...wide, length: "brief"}, t), "gradients.factor_exploding_brief 4.0");
  assert.equal(factorWords({factor: 1}, wide, t), "gradients.factor 1.0");
  assert.deepEqual(
    [true, false].map(zero => factorWords(null, {...wide, zero}, t)),
    ["gradients.all_zero", ""],
  );
  assert.equal(factorWords(null, {...wide, zero: true, landscape: true}, t), "gradients.zero");
});

test("a layer's numbers come with its name; of a landscape they are slope and step", () => {
  const of = (...numbers) => Float32Array.from(numbers);
  const norms = {delta: of(1, 2), gradient: of(3, 4), weight: of(5, 6), update: of(7, 8)};
  const layout = {sizes: [2, 3, 1], activations: ["tanh", "sigmoid"]};
  assert.match(tipWords(norms, 0, layout, [], t), /gradients\.layer 1 gradients\.units 3 activation\.tanh/);
  assert.match(tipWords(norms, 1, layout, [], t), /gradients\.output gradients\.units 1 activation\.sigmoid/);
  const others = [{id: 1, delta: of(9, 9), gradient: of(9, 9)}];
  assert.equal(tipWords(norms, 1, layout, others, t).split("\n").length, 2);
  assert.match(tipWords(norms, 1, {...layout, landscape: "bowl"}, [], t), /^landscape\.slope_tip .* y$/);
});

test("a norm has few signs, however large", () => {
  assert.deepEqual([0.4231, 31.2, 3702, 2525839, 7.1e27].map(normWords), ["0.42", "31", "3,702", "2.53M", "7.1×10²⁷"]);
});

test("powers of ten below their lines stay apart, however large their letters and wide their range", () => {
  for (const letters of [10, 16, 22, 32])
    for (const wide of [200, 420, 900])
      for (const low of [-300, -24, -10, -9.6, -2]) {
        const written = [];
        const pen = {
          beginPath() {},
          moveTo() {},
          lineTo() {},
          stroke() {},
          measureText: text => ({width: letters * 0.62 * text.length}),
          fillText: (text, x) => written.push([x, letters * 0.62 * text.length]),
        };
        const axis = {low, high: 0.4, rest: 0};
        uprightScale(pen, {grid: "", muted: "", stroke: 1}, axis, share => share * wide, 0, 100);
        written.slice(1).forEach(([x, width], k) => {
          const [before, other] = written[k];
          assert.ok(x - width / 2 > before + other / 2, `${letters} px on ${wide} px from ${low}`);
        });
      }
});

test("clipping is said of a step that was clipped, and that it was not of one that was not", () => {
  const did = {steps: 50, clipped: 18};
  const said = (before, after) => clippingWords({...did, before, after}, (key, {share}) => `${key} ${share}`);
  assert.equal(said(0.9, 0.5), "gradients.clip 36");
  assert.equal(said(0.466, 0.466), "gradients.clip_not 36");
});
