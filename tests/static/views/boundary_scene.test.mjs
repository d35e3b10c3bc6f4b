import assert from "node:assert/strict";
import {test} from "node:test";

import {rowsOfCell} from "../../../static/js/views/boundary/matrix.js";
import {captionOf} from "../../../static/js/views/boundary/plane_legend.js";
import {
  isOver,
  neuronOf,
  readingAt,
  scalesOf,
  squareOf,
  startOf,
  targetOf,
} from "../../../static/js/views/boundary/plane_scene.js";
import {beside, countMistakes, mistakeAfter, pageOf} from "../../../static/js/views/boundary/samples_scene.js";
import {answerWords, isRight, isTiled, targetsOf, targetWords} from "../../../static/js/views/boundary/table_words.js";

const domain = [
  [-2, 2],
  [-1, 3],
];

test("the plane is a square inside its sheet, and its scales lead there and back", () => {
  for (const [width, height] of [
    [300, 200],
    [200, 300],
    [30, 20],
  ]) {
    const square = squareOf({width, height}, 11.5);
    assert.ok(square.side >= 20 && square.x >= 0);
    if (width > 100) assert.ok(square.x + square.side <= width && square.y + square.side <= height);
    const to = scalesOf(square, {domain});
    assert.deepEqual([to.x(-2), to.x(2)], [square.x, square.x + square.side]);
    assert.deepEqual([to.y(3), to.y(-1)], [square.y, square.y + square.side]);
    const [x, y] = to.value(to.x(0.3), to.y(1.7));
    assert.ok(Math.abs(x - 0.3) < 1e-12 && Math.abs(y - 1.7) < 1e-12);
    assert.ok(isOver(square, [square.x, square.y]) && !isOver(square, [square.x - 1, square.y]));
  }
});

test("a neuron under the pointer has its own map, unless it is the only output or is gone", () => {
  const of = (hover, sizes = [2, 3, 1]) => neuronOf({view: {hover}, layout: {sizes}});
  const neuron = (layer, index) => ({kind: "neuron", layer, index});
  assert.deepEqual(of(neuron(1, 2)), {layer: 1, index: 2});
  assert.deepEqual(of(neuron(0, 1)), {layer: 0, index: 1});
  assert.equal(of(neuron(2, 0)), null);
  assert.deepEqual(of(neuron(2, 1), [2, 3, 3]), {layer: 2, index: 1});
  assert.equal(of(neuron(1, 3)), null);
  assert.equal(of(neuron(3, 0)), null);
  assert.equal(of({kind: "weight", layer: 1, from: 0, to: 0}), null);
  assert.equal(of(null), null);
  assert.equal(neuronOf(null), null);
});

test("of several outputs that are numbers each the first is shown, and the samples show the target of the one shown", () => {
  const of = (kind, hover = null) => ({view: {hover}, layout: {sizes: [2, 2, 2]}, data: {kind, outputs: 2}});
  const second = {kind: "neuron", layer: 2, index: 1};
  assert.deepEqual(neuronOf(of("regression")), {layer: 2, index: 0});
  assert.deepEqual(neuronOf(of("regression", second)), {layer: 2, index: 1});
  assert.equal(neuronOf(of("classes")), null);
  assert.equal(targetOf(of("regression")), 0);
  assert.equal(targetOf(of("regression", second)), 1);
  assert.equal(targetOf(of("regression", {...second, layer: 1})), 0);
});

test("a probe begins at the sample, or in the middle", () => {
  const data = {domain, points: Float32Array.of(1, 2, 0.5, 0.25), n: 2};
  assert.deepEqual(startOf(data, 1), [0.5, 0.25]);
  for (const row of [-1, 2]) assert.deepEqual(startOf(data, row), [0, 1]);
  assert.deepEqual(startOf(null, 0), [0, 0]);
});

test("what is read at a point is the output, with its class where it has a name, or the neuron", () => {
  const layout = {
    sizes: [2, 1],
    activations: ["identity"],
    blocks: [{offset: 0, rows: 3, cols: 1}],
    bias: true,
    units: [
      {offset: 0, size: 2},
      {offset: 2, size: 1},
    ],
  };
  const plane = {axes: ["a", "b"], features: ["x1", "x2"], shift: [0, 0], scale: [1, 1]};
  const data = {plane, domain, outputs: 1, kind: "binary", class_names: ["no", "yes"], target_range: [0, 1]};
  const frame = {P: Float32Array.of(1, 2, 0.5), S: new Float32Array(0)};
  assert.equal(readingAt(layout, data, frame, null, [1, 2]), "a 1.0  b 2.0\n→ 5.50 yes");
  assert.equal(readingAt(layout, {...data, class_names: ["0", "1"]}, frame, null, [-1, 0]), "a −1.0  b 0\n→ −0.500");
  assert.equal(readingAt(layout, data, frame, {layer: 0, index: 1}, [1, 2]), "a 1.0  b 2.0\n→ 2.00");
});

test("the caption names what is shown", () => {
  const t = (key, params = {}) => `${key} ${Object.values(params)}`.trim();
  const data = {features: ["x₁", "x₂²"]};
  assert.equal(captionOf(null, data, t), "boundary.output");
  assert.equal(captionOf({layer: 2, index: 0}, data, t), "boundary.neuron 1,2");
  assert.equal(captionOf({layer: 0, index: 1}, data, t), "boundary.input x₂²");
});

test("samples are paged through in a circle, all or those that were picked", () => {
  assert.deepEqual([beside(null, 5, 4, 1), beside(null, 5, 0, -1), beside(null, 5, 2, 1)], [0, 4, 3]);
  const picked = [3, 7, 9];
  assert.deepEqual([beside(picked, 20, 9, 1), beside(picked, 20, 3, -1), beside(picked, 20, 7, 1)], [3, 9, 9]);
  assert.deepEqual([beside(picked, 20, 5, 1), beside(picked, 20, 5, -1)], [3, 9], "from a sample that is none of them");
});

test("a page holds the chosen sample, is full where there are enough, and has no sample twice", () => {
  for (const chosen of [null, Array.from({length: 11}, (_, k) => 2 * k + 1)])
    for (const room of [0, 1, 3, 4, 11, 40])
      for (const row of chosen ?? Array.from({length: 23}, (_, k) => k)) {
        const page = pageOf(chosen, 23, row, room);
        assert.ok(page.includes(row));
        assert.equal(page.length, Math.min(chosen?.length ?? 23, Math.max(1, room)));
        assert.equal(new Set(page).size, page.length);
      }
});

test("mistakes are found one after another, round and round; what is not judged yet is none", () => {
  const judged = {labels: Int16Array.of(0, 1, 0, 1), taken: Int16Array.of(1, 1, -1, 0)};
  assert.deepEqual([mistakeAfter(judged, 0), mistakeAfter(judged, 3), mistakeAfter(judged, 1)], [3, 0, 3]);
  assert.equal(mistakeAfter({labels: judged.labels, taken: judged.labels}, 2), -1);
  const all = {labels: judged.labels, taken: Int16Array.of(1, 1, 1, 0)};
  assert.deepEqual(countMistakes(all, 3), {train: 2, test: 1});
});

test("a cell of the matrix has its samples, among those that are looked at", () => {
  const judged = {labels: Int16Array.of(0, 1, 0, 0), taken: Int16Array.of(1, 1, 1, 1)};
  assert.deepEqual(rowsOfCell(judged, 0, 4, 0, 1), [0, 2, 3]);
  assert.deepEqual(rowsOfCell(judged, 1, 3, 0, 1), [2]);
  assert.deepEqual(rowsOfCell(judged, 0, 4, 1, 0), []);
});

test("the table names classes, and calls half way the class with the lower number", () => {
  const two = {outputs: 1, kind: "binary", class_names: ["no", "yes"], y: Float32Array.of(0, 1), target_range: [0, 1]};
  assert.deepEqual([targetWords(two, 0, 0), targetWords(two, 1, 1)], ["no", "yes"]);
  assert.equal(targetWords({...two, kind: "regression", y: Float32Array.of(0.25)}, 0, 0), "0.25");
  const numbers = {...two, outputs: 2, kind: "regression", class_names: [], y: Float32Array.of(9, 9, 0.25, 0.5)};
  assert.equal(targetWords(numbers, 1, 0), "0.25  0.5");
  assert.equal(answerWords(numbers, [0.75, 0.125]), "0.750  0.125");
  assert.deepEqual(
    [0.2, 0.5, 0.8, NaN].map(a => isRight(two, 1, [a])),
    [false, false, true, null],
  );
  assert.equal(isRight(two, 0, [0.5]), true);
  const three = {outputs: 3, kind: "classes", class_names: ["a", "b", "c"], y: [0, 1, 0], target_range: [0, 1]};
  assert.equal(answerWords(three, [0.1, 0.7, 0.2]).slice(0, 4), "b 70");
  assert.deepEqual([isRight(three, 0, [0, 1, 0]), isRight(three, 0, [1, 0, 0])], [true, false]);
  assert.match(answerWords(three, [NaN, NaN, NaN]), /^– /);
});

test("more targets than can be read in a line are tiles, and no answers of classes are", () => {
  const table = {kind: "regression", outputs: 5, class_names: [], y: Float32Array.from({length: 10}, (_, k) => k)};
  assert.deepEqual(Array.from(targetsOf(table, 1)), [5, 6, 7, 8, 9]);
  assert.deepEqual(
    [isTiled(table), isTiled({...table, outputs: 4}), isTiled({...table, kind: "classes"})],
    [true, false, false],
  );
});
