import assert from "node:assert/strict";
import test from "node:test";
import {changeOf, orderOf, QUANTITIES, scaleOf, seedsInOrder, valuesOf} from "../../../static/js/views/sweep/cells.js";
import {curvesOf, medianOf, nearestTo, placesOf, spanOf, thresholdAt} from "../../../static/js/views/sweep/lines.js";
import {readingOf, tableOf} from "../../../static/js/views/sweep/words.js";
import {Survey} from "../../../static/js/views/sweep/survey.js";

const CONFIG = {network: {hidden: [4, 2]}};

test("a cell has the changes of both axes, and depth and width make one shape", () => {
  assert.deepEqual(changeOf("learning_rate", "", 0.1, "", CONFIG), {learning_rate: 0.1});
  assert.deepEqual(changeOf("l2", "seed", 0.1, 3, CONFIG), {l2: 0.1, seed: 3});
  assert.deepEqual(changeOf("width", "", 5, "", CONFIG), {network: {hidden: [5, 5]}});
  assert.deepEqual(changeOf("depth", "", 3, "", CONFIG), {network: {hidden: [4, 4, 4]}});
  for (const change of [changeOf("depth", "width", 2, 7, CONFIG), changeOf("width", "depth", 7, 2, CONFIG)])
    assert.deepEqual(change, {network: {hidden: [7, 7]}});
  for (const [name, {values, change}] of Object.entries(QUANTITIES))
    for (const value of values) assert.equal(Object.keys(change(value, CONFIG)).length, 1, name);
});

test("values are read with commas or spaces, and what is none is refused", () => {
  assert.deepEqual(valuesOf("0.1, 1e-3;5", false), [0.1, 0.001, 5]);
  assert.deepEqual(valuesOf("tanh relu", true), ["tanh", "relu"]);
  for (const text of ["", "1, x", Array(17).fill(1).join(" ")]) assert.equal(valuesOf(text, false), null);
});

test("cells are asked for coarse first, every one once", () => {
  const order = orderOf(5, 5);
  assert.deepEqual(order.slice(0, 4), [0, 4, 20, 24]);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    [...Array(25).keys()],
  );
});

test("seeds of a column follow one another, coarse columns first", () => {
  assert.deepEqual(seedsInOrder(5, 2), [0, 5, 4, 9, 2, 7, 1, 6, 3, 8]);
});

test("values stand by powers, evenly, by what is left to 1, or by name; 0 stands before the powers", () => {
  const close = (found, expected) => found.forEach((x, k) => assert.ok(Math.abs(x - expected[k]) < 1e-9, `${found}`));
  close(placesOf([0.1, 1, 10], "log"), [0, 0.5, 1]);
  close(placesOf([0, 0.01, 0.1], "log"), [0, 0.5, 1]);
  close(placesOf([1, 2, 5], "even"), [0, 0.25, 1]);
  close(placesOf([0, 0.9, 0.99], "left"), [0, 0.5, 1]);
  close(placesOf(["tanh", "relu", "elu"], "names"), [0, 0.5, 1]);
  assert.deepEqual(placesOf([3], "log"), [0.5]);
  for (const {values, axis} of Object.values(QUANTITIES)) {
    const places = placesOf(values, axis);
    assert.ok(places.every((place, k) => place >= 0 && place <= 1 && (k === 0 || place > places[k - 1])));
  }
});

/** Outcomes of two seeds over three columns; the last column is not trained by the second seed. */
const cell = (loss, held, more = {}) => ({
  loss,
  test_loss: held,
  accuracy: 0.5,
  test_accuracy: null,
  reached: null,
  ...more,
});
const OUTCOMES = [
  cell(4, 8, {parameters: 10, reached: 5}),
  cell(2, 6, {parameters: 20}),
  cell(1, 9, {parameters: 40}),
  cell(6, 10, {parameters: 10, reached: 7}),
  cell(null, null, {parameters: 20, diverged: 3}),
  undefined,
];

test("a line for each seed and their median; what is no number is beyond all others", () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([3, 1]), 2);
  assert.equal(medianOf([3, null, 1]), 3);
  assert.equal(medianOf([1, null]), null);
  const [train, held] = curvesOf(OUTCOMES, 3, "loss");
  assert.deepEqual(train.seeds, [
    [4, 2, 1],
    [6, null, null],
  ]);
  assert.deepEqual(train.median, [5, null, 1]);
  assert.deepEqual([train.set, held.set, held.median[0]], ["train", "test", 9]);
  assert.deepEqual(
    curvesOf(OUTCOMES, 3, "accuracy").map(({field}) => field),
    ["accuracy"],
  );
  assert.deepEqual(curvesOf(OUTCOMES, 3, "reached")[0].median, [6, null, null]);
});

test("the axis goes by powers where the last curve does, or as a hand wants it, and bounds lone seeds", () => {
  const curve = (...median) => ({field: "test_loss", set: "test", seeds: [median], median});
  assert.equal(spanOf([curve(1e-6, 1e-5), curve(1, 2)], "loss", null).log, false);
  assert.equal(spanOf([curve(1, 2), curve(1e-3, 2)], "loss", null).log, true);
  assert.equal(spanOf([curve(1, 2)], "loss", true).log, true);
  const {range} = spanOf([{...curve(1, 2), seeds: [[1, 1000]]}], "loss", null);
  assert.ok(range[1] >= 5 && range[1] < 10);
  assert.deepEqual(spanOf([curve(0.2, 0.9)], "accuracy", true), {range: [0, 1], log: false, logs: false});
});

test("the published line stands where parameters are as many as targets", () => {
  const at = targets => thresholdAt([0, 0.5, 1], [10, 100, 1000], targets, [1, 10, 100], "log");
  assert.equal(at(10), 0);
  assert.ok(Math.abs(at(55) - 0.5 * Math.log10(5.5)) < 1e-9);
  assert.equal(at(5), null);
  assert.equal(at(NaN), null);
  assert.equal(thresholdAt([0, 1], [10, undefined], 15, [1, 2], "log"), null);
  assert.equal(nearestTo([0, 0.5, 1], 0.7), 1);
});

test("pointer and table tell the same numbers", () => {
  const t = (key, params = {}) => `${key} ${Object.values(params).join(" ")}`.trim();
  const state = {data: {kind: "classes", n: 10, train: 5}, layout: {}};
  const curves = curvesOf(OUTCOMES, 3, "loss");
  assert.equal(readingOf(curves, {column: 0, row: -1}, state, t)[0], "sweep.among sweep.loss 5.00 4.00 6.00");
  const alike = [{...curves[0], seeds: [[5], [5.0001]], median: [5]}];
  assert.equal(readingOf(alike, {column: 0, row: -1}, state, t)[0], "sweep.cell sweep.loss 5.00");
  assert.equal(readingOf(curves, {column: 1, row: 1}, state, t)[0], "sweep.cell sweep.loss –");
  const {heads, rows} = tableOf(curves, {name: "width", values: [1, 2, 4]}, [10, 20, 40], state, t);
  assert.equal(heads.length, rows[0].length);
  assert.deepEqual(rows[0], ["1", "10", "5.00", "4.00", "6.00", "9.00", "8.00", "10.0"]);
});

test("colours go from the least to the largest, losses by their powers of ten", () => {
  const scale = scaleOf([1, 100, null], "loss");
  assert.deepEqual([1, 10, 100].map(scale), [0, 0.5, 1]);
  assert.equal(scaleOf([3], "test_accuracy")(3), 0.5);
});

test("a sweep fills its cells, and ends where it is refused or cancelled", async () => {
  const asked = [];
  const act = (op, {changes}) => {
    const loss = changes.map(({l2}) => l2);
    const rest = ["test_loss", "accuracy", "test_accuracy", "reached", "diverged", "gradient", "parameters"];
    asked.push(changes.length);
    return Promise.resolve({loss, targets: 7, ...Object.fromEntries(rest.map(name => [name, loss]))});
  };
  const survey = new Survey(act, () => {});
  const changes = Array.from({length: 9}, (_, k) => ({l2: k}));
  await survey.begin([...changes.keys()].reverse(), changes, {});
  assert.deepEqual(
    survey.outcomes.map(({loss}) => loss),
    [...changes.keys()],
  );
  assert.deepEqual([survey.busy, survey.targets, survey.outcomes[3].parameters], [false, 7, 3]);
  asked.length = 0;
  const many = Array.from({length: 200}, (_, k) => ({l2: k}));
  await survey.begin([...many.keys()], many, {}, 5);
  assert.ok(asked.length < 9 && asked.every(count => count % 5 === 0), "what is faster together is asked together");
  survey.clear();
  assert.deepEqual(survey.outcomes, []);
  const refused = new Survey(
    () => Promise.resolve({ok: false}),
    () => {},
  );
  await refused.begin([0], [{}], {});
  assert.deepEqual([refused.busy, refused.done], [false, 0]);
});
