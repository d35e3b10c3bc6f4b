import assert from "node:assert/strict";
import test from "node:test";
import {cellsWithin, DEPTHS, isHere, patchFor, rowsOf, shown, WIDTHS} from "../../../static/js/views/depthmap/cells.js";
import {inkOn} from "../../../static/js/draw/color.js";
import {Survey} from "../../../static/js/views/depthmap/survey.js";

test("a cell says its power of ten, short enough for its square", () => {
  assert.deepEqual([-8.234, 0.04, -0.04, 2.5, -41.3, 58.6, null, undefined].map(shown), [
    "−8.2",
    "0",
    "0",
    "+2.5",
    "−41",
    "+59",
    "✕",
    "",
  ]);
});

test("numbers read on any colour, and a click opens the net of the cell", () => {
  assert.deepEqual([inkOn([255, 255, 255]), inkOn([10, 40, 90])], ["#10131c", "#ffffff"]);
  assert.deepEqual(patchFor(3, 8, "batch", "sigmoid", "orthogonal"), {
    network: {hidden: [8, 8, 8], activation: "sigmoid", normalization: "batch"},
    initializer: "orthogonal",
    initializer_scale: null,
  });
  assert.equal(Math.max(...DEPTHS), 64);
  assert.equal(Math.max(...WIDTHS), 128);
});

test("every cell within the limits stands in one row of its depth and kind", () => {
  for (const limits of [
    {layers: 64, neurons: 128},
    {layers: 7, neurons: 5},
    {layers: 1, neurons: 128},
  ]) {
    const cells = cellsWithin(limits);
    const rows = rowsOf(cells);
    assert.ok(cells.every(cell => cell.depth <= limits.layers && cell.width <= limits.neurons));
    assert.deepEqual(new Set(rows.flatMap(row => row.cells)), new Set(cells));
    assert.equal(rows.flatMap(row => row.cells).length, cells.length);
    assert.ok(rows.every(({depth, kind, cells: row}) => row.every(cell => cell.depth === depth && cell.kind === kind)));
  }
});

test("the present net is marked where it is as wide in every layer", () => {
  const cell = {depth: 2, width: 4, kind: null, ratio: undefined};
  const net = {activation: "tanh", normalization: null};
  assert.equal(isHere(cell, {...net, hidden: [4, 4]}), true);
  assert.equal(isHere(cell, {...net, hidden: [4, 4], normalization: "batch"}), false);
  for (const hidden of [[], [4], [4, 8], [8, 4], [4, 4, 4]]) assert.equal(isHere(cell, {...net, hidden}), false);
  assert.equal(isHere(cell, undefined), false);
});

test("a later survey, or a cancel, ends an earlier one; a refusal ends it too", async () => {
  /** @type {((reply: unknown) => void)[]} */
  const asked = [];
  const survey = new Survey(
    () => new Promise(answer => asked.push(answer)),
    () => {},
  );
  const cells = cellsWithin({layers: 2, neurons: 4});
  const choice = {activation: "tanh", initializer: "zeros"};
  const first = survey.begin(cells, choice);
  const second = survey.begin(cells, choice);
  asked[0]({ratios: [9, 9]});
  await first;
  assert.ok(
    cells.every(cell => cell.ratio === undefined),
    "numbers of the survey that was left",
  );
  asked[1]({ratios: [1, null]});
  await new Promise(setImmediate);
  assert.deepEqual(
    cells.map(cell => cell.ratio),
    [1, null, undefined, undefined],
  );
  assert.equal(survey.share, 0.5);
  asked[2]({ok: false});
  await second;
  assert.equal(survey.share, 0);
  survey.begin(cells, choice);
  survey.cancel();
  assert.equal(survey.share, 0);
});
