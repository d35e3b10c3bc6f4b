import assert from "node:assert/strict";
import test from "node:test";
import {targetsOf} from "../../../static/js/model/targets.js";

const near = (found, wanted) => wanted.forEach((x, k) => assert.ok(Math.abs(found[k] - x) < 1e-6, `${[...found]}`));

test("smoothed targets of a sample are those that the run aims at", () => {
  const classes = {y: Float32Array.from([1, 0, 0, 0, 0, 0, 1, 0]), outputs: 4};
  near(targetsOf(classes, 1, {label_smoothing: 0}), [0, 0, 1, 0]);
  near(targetsOf(classes, 1, {label_smoothing: 0.2}), [0.05, 0.05, 0.85, 0.05]);
  near(targetsOf({y: Float32Array.from([0, 1]), outputs: 1}, 1, {label_smoothing: 0.1}), [0.95]);
  near(targetsOf(classes, 0, null), [1, 0, 0, 0]);
  assert.deepEqual([...classes.y.subarray(4)], [0, 0, 1, 0], "the data stay as they are");
});
