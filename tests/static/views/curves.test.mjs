import assert from "node:assert/strict";
import {test} from "node:test";

import {endOf} from "../../../static/js/views/shared/lane_curves.js";
import {axisEnd, clear, emptyFold, extent, include, lossRange, ROOM} from "../../../static/js/views/shared/fold.js";

test("a short curve keeps every step", () => {
  const fold = emptyFold();
  for (let step = 1; step <= 100; step++) include(fold, step, step, step + 2, step + 1);
  assert.equal(fold.width, 1);
  assert.deepEqual([fold.low[7], fold.high[7], fold.last[7], fold.count[7], fold.count[0]], [7, 9, 8, 1, 0]);
});

test("a million steps fold into bounded room with the same extremes as counted by hand", () => {
  const fold = emptyFold();
  const value = step => (Math.sin(step * 12.9898) * 43758.5453) % 1;
  for (let step = 1; step <= 1e6; step++) include(fold, step, value(step), value(step), value(step));
  assert.ok(fold.used <= ROOM && fold.used > ROOM / 4);
  const k = 777;
  const {width} = fold;
  let low = Infinity;
  let high = -Infinity;
  let count = 0;
  for (let step = Math.max(1, k * width); step < (k + 1) * width; step++, count++) {
    low = Math.min(low, value(step));
    high = Math.max(high, value(step));
  }
  assert.deepEqual(
    [fold.low[k], fold.high[k], fold.last[k], fold.count[k]],
    [low, high, value((k + 1) * width - 1), count],
  );
});

test("NaN and infinity break a bucket and leave its numbers alone", () => {
  const fold = emptyFold();
  include(fold, 1, 5, 5, 5);
  include(fold, 2, NaN, NaN, NaN);
  include(fold, 3, 1, Infinity, 1);
  assert.deepEqual([...fold.broken.subarray(0, 4)], [0, 0, 1, 1]);
  assert.deepEqual(extent(fold), {positive: 5, low: 5, high: 5});
  include(fold, 10_000_000, 7, 7, 7);
  assert.equal(fold.broken[0], 1);
  assert.equal(extent(fold).high, 7);
});

test("cleared, it begins again without a trace", () => {
  const fold = emptyFold();
  include(fold, 100_000, 9, 9, 9);
  clear(fold);
  include(fold, 3, 1, 1, 1);
  assert.deepEqual(extent(fold), {positive: 1, low: 1, high: 1});
  assert.equal(fold.width, 1);
  assert.deepEqual(extent(emptyFold()), {positive: Infinity, low: Infinity, high: -Infinity});
});

test("the step axis ends at a round number with little to spare", () => {
  for (let step = 1; step < 3e6; step = Math.ceil(step * 1.07)) {
    const end = axisEnd(step);
    assert.ok(end >= step && end <= Math.max(20, step * 1.51), `${step}: ${end}`);
  }
});

test("the loss axis holds what it must", () => {
  assert.deepEqual(lossRange(0.02, 0.71, false), [0, 0.8]);
  assert.deepEqual(lossRange(0.0031, 1.4, true), [0.002, 2]);
  assert.deepEqual(lossRange(0.5, 0.5, true), [0.5, 1]);
  assert.deepEqual(lossRange(Infinity, -Infinity, false), [0, 1]);
  const [low, high] = lossRange(-3, 5, false);
  assert.ok(low < -3 && high > 5);
});

test("a curve's end is its own at the head of a run, and where the run stands in its past", () => {
  const run = {
    step: 7,
    loss: 0.5,
    test_loss: 0.6,
    accuracy: 0.9,
    test_accuracy: 0.8,
    series: {
      metrics: {step: [0, 4, 8], loss: [3, 2, 1], test_loss: [4, 3, 2], accuracy: [0, 0, 0], test_accuracy: [0, 0, 0]},
    },
  };
  assert.deepEqual(endOf(run, "loss", true), [8, 1]);
  assert.deepEqual(endOf(run, "test_loss", false), [7, 0.6]);
  assert.deepEqual(
    endOf(
      {...run, series: {metrics: {step: [], loss: [], test_loss: [], accuracy: [], test_accuracy: []}}},
      "loss",
      true,
    ),
    [7, 0.5],
  );
});
