import assert from "node:assert/strict";
import test from "node:test";
import {DEPTHS, inkOn, patchFor, shown, WIDTHS} from "../../../static/js/views/depthmap/cells.js";

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
