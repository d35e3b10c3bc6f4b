import assert from "node:assert/strict";
import {test} from "node:test";

import {readingAt} from "../../../static/js/views/curves/scene.js";
import {SeriesFolds} from "../../../static/js/views/curves/series_folds.js";
import {delayOf, delayWords, laneMeasure, shareRange, showsShares} from "../../../static/js/views/curves/shares.js";
import {stepAt, xOf} from "../../../static/js/views/shared/chart.js";

const t = (key, params = {}) => [key, ...Object.values(params)].join(" ");

/** A run whose training set is known at one step, and whose test set at another or not at all. */
function run(known, found, last = 1000, step = 10) {
  const steps = Array.from({length: last / step + 1}, (_, k) => k * step);
  const share = at => steps.map(n => (at !== null && n >= at ? 0.99 : 0.1));
  const losses = steps.map(() => 1);
  return {
    view: {accuracy: true},
    data: {kind: "classes", n: 10, train: 5},
    layout: {landscape: null},
    series: {
      batch: {step: [], low: [], high: [], last: []},
      metrics: {step: steps, loss: losses, test_loss: losses, accuracy: share(known), test_accuracy: share(found)},
    },
  };
}

test("a delay is told where it is long, and as long as the test set has not followed", () => {
  assert.deepEqual(delayOf(run(100, 800)), {known: 100, found: 800, last: 1000});
  assert.deepEqual(delayOf(run(100, null)), {known: 100, found: null, last: 1000});
  for (const short of [run(100, 190), run(600, null), run(null, null), run(null, 500)])
    assert.equal(delayOf(short), null);
  assert.equal(delayOf({...run(100, 800), data: {kind: "regression", n: 10, train: 5}}), null);
  assert.equal(delayOf({...run(100, 800), data: {kind: "classes", n: 10, train: 10}}), null, "no test set");
  assert.equal(delayWords({known: 100, found: 800, last: 1000}, t), "curves.delay 700 8.0");
  assert.equal(delayWords({known: 100, found: null, last: 1000}, t), "curves.delay_so_far 900 10");
});

test("accuracies are shown where they are asked for and there are any", () => {
  const state = run(1, 2);
  assert.equal(showsShares(state), true);
  assert.equal(laneMeasure(state), "test_accuracy");
  assert.equal(showsShares({...state, layout: {landscape: {}}}), false);
  assert.equal(laneMeasure({...state, view: {accuracy: false}}), "loss");
  const folds = new SeriesFolds("accuracy");
  folds.take(state.series);
  assert.deepEqual([folds.train.last[0], folds.test.last[folds.test.used - 1]], [0.1, 0.99]);
  assert.deepEqual(shareRange([folds.train, folds.test]), [0, 1]);
  const {step, lines} = readingAt(run(100, 800), 402, t);
  assert.equal(step, 400);
  assert.deepEqual(lines.slice(1), ["measure.train_accuracy 99\u202f%", "measure.test_accuracy 10\u202f%"]);
});

test("an R² below 0 lowers the axis, but never without end", () => {
  const folds = new SeriesFolds("accuracy");
  const {series} = run(1, 2);
  const low = value => ({...series.metrics, accuracy: series.metrics.step.map(() => value)});
  folds.take({...series, metrics: low(-0.3)});
  assert.deepEqual(shareRange([folds.train]), [-0.4, 1]);
  folds.take({...series, metrics: low(-70)});
  assert.deepEqual(shareRange([folds.train]), [-1, 1]);
});

test("steps stand by powers of ten from step 1, and a place says its step", () => {
  const chart = {left: 10, right: 110, end: 1000, powers: true};
  const places = [0, 1, 10, 1000].map(step => xOf(chart, step));
  [10, 10, 10 + 100 / 3, 110].forEach((x, k) => assert.ok(Math.abs(places[k] - x) < 1e-9));
  for (const step of [1, 7, 1000])
    for (const powers of [true, false]) {
      const one = {...chart, powers};
      assert.ok(Math.abs(stepAt(one, xOf(one, step)) - step) < 1e-9 * step);
    }
});
