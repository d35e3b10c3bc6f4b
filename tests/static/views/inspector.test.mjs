import assert from "node:assert/strict";
import {test} from "node:test";
import {
  addPoint,
  flowOf,
  isAmong,
  keyOf,
  picksOf,
  targetOf,
  windowOf,
} from "../../../static/js/views/inspector/places.js";
import {outline, sumWords, termsShown, valueAt} from "../../../static/js/views/inspector/chain.js";
import {typed} from "../../../static/js/draw/format.js";
import {parameterOf, partsOf, pointsOf} from "../../../static/js/views/inspector/scene.js";
import {stepsWords} from "../../../static/js/views/shared/spans.js";
import {Watch} from "../../../static/js/views/inspector/watch.js";

const SIZES = [2, 4, 2, 1];

test("factors know their place in the diagram", () => {
  assert.deepEqual(picksOf({n: "dz_da", at: [2, 1, 3]}, SIZES), [{kind: "weight", layer: 2, from: 3, to: 1}]);
  assert.deepEqual(picksOf({n: "dC_da", at: [1, 2]}, SIZES), [{kind: "neuron", layer: 1, index: 2}]);
  assert.deepEqual(picksOf({n: "dz_dw", at: [0, 1]}, SIZES), [{kind: "neuron", layer: 0, index: 1}]);
  assert.deepEqual(picksOf({n: "dC_db", at: [2, 1]}, SIZES), [{kind: "weight", layer: 2, from: 4, to: 1}]);
  assert.equal(picksOf({n: "path", at: [2, 1, 3]}, SIZES).length, 2);
  assert.deepEqual(picksOf({n: "rest", at: [7]}, SIZES), []);
  assert.equal(flowOf({n: "dC_da"}), "backward");
  assert.equal(flowOf({n: "da_dz"}), "forward");
});

test("what the pointer is on lights up what speaks of it", () => {
  const picks = picksOf({n: "path", at: [2, 1, 3]}, SIZES);
  assert.ok(isAmong({kind: "weight", layer: 2, from: 3, to: 1}, picks));
  assert.ok(isAmong({kind: "neuron", layer: 2, index: 1}, picks));
  assert.ok(!isAmong({kind: "neuron", layer: 2, index: 0}, picks));
  assert.ok(!isAmong({kind: "weight", layer: 2, from: 1, to: 3}, picks));
  assert.ok(!isAmong(null, picks));
});

test("targets and keys tell weights from neurons and samples from batches", () => {
  assert.deepEqual(targetOf({kind: "weight", layer: 2, from: 3, to: 1}), {layer: 2, to: 1, from: 3});
  assert.deepEqual(targetOf({kind: "neuron", layer: 2, index: 1}), {layer: 2, to: 1});
  const keys = [
    keyOf({kind: "weight", layer: 2, from: 3, to: 1}, "sample"),
    keyOf({kind: "weight", layer: 2, from: 3, to: 1}, "batch"),
    keyOf({kind: "neuron", layer: 2, index: 1}, "sample"),
  ];
  assert.equal(new Set(keys).size, 3);
});

test("a history of one step is said to be of that step, not to run from it to itself", () => {
  const t = (key, params) => [key, ...Object.values(params)].join(" ");
  assert.equal(stepsWords(1743, 1743, t), "curves.step 1,743");
  assert.equal(stepsWords(0, 0, t), "curves.step 0");
  assert.equal(stepsWords(1743, 1744, t), "curves.step_span 1,743 1,744");
});

test("a history keeps its ends and stays bounded", () => {
  const history = {steps: [], values: []};
  for (let step = 0; step < 5000; step++) addPoint(history, step, -step, 100);
  assert.ok(history.steps.length <= 100);
  assert.equal(history.steps[0], 0);
  assert.equal(history.steps.at(-1), 4999);
  assert.ok(history.steps.every((step, k) => history.values[k] === -step && (k === 0 || step > history.steps[k - 1])));
  addPoint(history, 4999, 7, 100);
  assert.equal(history.values.at(-1), 7);
  addPoint(history, 10, 1, 100);
  assert.equal(history.steps.at(-1), 4999);
});

test("an activation is drawn in a window that holds z and stays", () => {
  assert.deepEqual(windowOf(0.3), [-4, 4]);
  assert.deepEqual(windowOf(-5), [-8, 8]);
  assert.ok(windowOf(1e4)[1] > 1e4);
  assert.deepEqual(windowOf(NaN), [-4, 4]);
});

test("a tree's outline does not change with its numbers", () => {
  const tree = v => ({
    n: "dC_dw",
    at: [1, 0, 1],
    v,
    c: "product",
    k: [
      {n: "dC_da", at: [1, 0], v: 2 * v, c: "sum"},
      {n: "dz_dw", at: [0, 1], v: 3},
    ],
  });
  assert.equal(outline(tree(1)), outline(tree(2)));
  const open = tree(1);
  open.k[0].k = [
    {n: "path", at: [2, 0, 0], v: 1},
    {n: "path", at: [2, 1, 0], v: 4},
  ];
  assert.notEqual(outline(open), outline(tree(1)));
  assert.equal(valueAt(open, [0, 1]), 4);
  assert.equal(valueAt(open, [0], [0, 1]), 5);
  assert.equal(valueAt(open, []), 1);
  assert.equal(valueAt(open, [5, 5]), undefined);
});

test("of a long sum the largest terms are shown in their order, a skip always, and the others are summed up", () => {
  const terms = count => Array.from({length: count}, (_, k) => ({n: "path", v: (k - 5) * (k % 2 ? 1 : -1)}));
  assert.deepEqual(termsShown(terms(9)), {shown: [0, 1, 2, 3, 4, 5, 6, 7, 8], rest: []});
  const {shown, rest} = termsShown(terms(14));
  assert.deepEqual([shown.length, rest.length], [8, 6]);
  assert.deepEqual(
    [...shown, ...rest].sort((a, b) => a - b),
    [...terms(14).keys()],
  );
  const size = k => Math.abs(terms(14)[k].v);
  assert.ok(Math.min(...shown.map(size)) >= Math.max(...rest.map(size)));
  const skip = termsShown([...terms(14), {n: "skip", v: 0}]).shown;
  assert.equal(skip.at(-1), 14);
});

test("a sum is named by what it runs over; a skip is no term", () => {
  const k = [{n: "path"}, {n: "path"}];
  assert.deepEqual(sumWords({n: "z", at: [1, 0], k}, 3), {key: "inspector.sum_terms", count: 2});
  assert.deepEqual(sumWords({n: "dC_da", at: [1, 0], k: [...k, {n: "skip"}]}, 3), {
    key: "inspector.sum_paths_skip",
    count: 2,
  });
  assert.equal(sumWords({n: "dC_dz", at: [3, 0], k}, 3).key, "inspector.sum_outputs");
  assert.equal(sumWords({n: "dC_dz", at: [2, 0], k}, 3).key, "inspector.sum_normalized");
});

test("the value shown is the parameter's, or a neuron's bias where that is trained", () => {
  const blocks = [
    {offset: 0, rows: 3, cols: 4, fixed: false, gamma: 20},
    {offset: 30, rows: 5, cols: 2, fixed: true, gamma: null},
    {offset: 50, rows: 2, cols: 1, fixed: false, gamma: null},
  ];
  const layout = {sizes: SIZES, blocks};
  const neuron = (layer, index, of) => ({kind: "neuron", layer, index, ...(of && {of})});
  const weight = {kind: "weight", layer: 1, from: 0, to: 1};
  assert.deepEqual(parameterOf(weight, {index: 1}, layout), {index: 1, parameter: weight});
  assert.equal(parameterOf(weight, {}, layout).index, -1);
  assert.equal(parameterOf(neuron(1, 2, "gamma"), {index: 22}, layout).index, 22);
  assert.deepEqual(parameterOf(neuron(1, 2), {}, layout), {
    index: 10,
    parameter: {kind: "weight", layer: 1, from: 2, to: 2},
  });
  assert.deepEqual(
    [parameterOf(neuron(2, 1), {}, layout).index, parameterOf(neuron(3, 0), {}, layout).index],
    [-1, -1],
  );
  assert.deepEqual(
    partsOf(neuron(1, 2, "beta"), layout).map(({of = "neuron"}) => of),
    ["neuron", "gamma", "beta"],
  );
  assert.deepEqual(
    [partsOf(neuron(2, 1), layout), partsOf(neuron(0, 1), layout), partsOf(weight, layout)],
    [[], [], []],
  );
});

test("a neuron stands on its activation with its sample, or with every one of the batch", () => {
  assert.deepEqual(pointsOf({over: "sample", input: 1, f: 2, a: 3, slope: 4}), [{z: 1, a: 2, slope: 4}]);
  assert.deepEqual(pointsOf({over: "sample", input: null, a: 3, slope: null}), [{z: NaN, a: 3, slope: NaN}]);
  const batch = {input: [1, null], a: [5, 6], f: null, slope: [7, 8]};
  assert.deepEqual(pointsOf({over: "batch", batch}), [
    {z: 1, a: 5, slope: 7},
    {z: NaN, a: 6, slope: 8},
  ]);
});

/** A server that answers when it is told to. */
function watching() {
  const asked = [];
  const answers = [];
  let shown = 0;
  const act = (op, fields) => {
    asked.push(fields);
    return new Promise(resolve => answers.push(resolve));
  };
  const watch = new Watch(act, () => shown++);
  return {watch, asked, answers, shown: () => shown};
}
const settle = () => new Promise(resolve => setImmediate(resolve));

test("only the answer to the newest question is taken", async () => {
  const {watch, asked, answers, shown} = watching();
  watch.open({kind: "neuron", layer: 1, index: 0});
  watch.ask();
  watch.open({kind: "weight", layer: 1, from: 0, to: 1});
  watch.ask();
  answers[0]({inspection: {step: 1}, history: {}});
  await settle();
  assert.deepEqual([watch.found, shown()], [null, 0]);
  answers[1]({inspection: {step: 2}, history: {steps: [1, 2], values: [0.5, null]}});
  await settle();
  assert.deepEqual([watch.found.step, shown()], [2, 1]);
  assert.deepEqual(watch.values, {steps: [1, 2], values: [0.5, NaN]});
  assert.notEqual(asked[0].key, asked[1].key);
  watch.open(null);
  watch.ask();
  assert.deepEqual(asked[2], {target: null});
});

test("a place folds with all that is below it, and another view of the samples begins folded", () => {
  const {watch, asked} = watching();
  watch.open({kind: "weight", layer: 1, from: 0, to: 1});
  for (const place of ["0", "0.1", "0.1.0", "1"]) watch.toggle(place);
  watch.toggle("0");
  assert.deepEqual(asked.at(-1).unfold, ["1"]);
  assert.equal(watch.setOver("sample"), false);
  assert.equal(watch.setOver("batch"), true);
  assert.equal(watch.unfolded.size, 0);
});

test("frames add to the history; a step back asks for it anew", async () => {
  const {watch, asked, answers} = watching();
  watch.open({kind: "weight", layer: 1, from: 0, to: 1});
  watch.ask();
  answers[0]({inspection: {step: 5, index: 3}, history: {steps: [5], values: [1]}});
  await settle();
  const said = step => [{key: watch.key, step, index: 3, value: step / 10, gradient: -step}];
  watch.take(said(6));
  watch.take([{key: "another", step: 7, index: 3}]);
  assert.deepEqual([watch.values.steps, watch.gradients.values], [[5, 6], [-6]]);
  watch.take(said(2));
  assert.equal(asked.length, 2);
  assert.deepEqual(watch.values, {steps: [2], values: [0.2]});
});

test("a parameter's value has room in its field, whatever its size, and is read back as it is", () => {
  for (let power = -320; power <= 305; power++)
    for (const digits of [1, -1.23456, 9.999995, -5.25511]) {
      const value = digits * 10 ** power;
      assert.ok(typed(value).length <= 13, typed(value));
      assert.equal(Number(typed(value)), +value.toPrecision(6));
    }
});
