import assert from "node:assert/strict";
import {test} from "node:test";

import {marksOf, nearest, presentOf, readingAt, spanOf} from "../../../static/js/views/curves/scene.js";
import {SeriesFolds} from "../../../static/js/views/curves/series_folds.js";

const t = (key, params = {}) => [key, ...Object.values(params)].join(" ");
const none = {low: Infinity, positive: Infinity, high: -Infinity};
const extent = (low, high) => ({low, positive: low > 0 ? low : Infinity, high});

/** A series of so many steps, a batch loss at each and full losses at every second. */
function seriesOf(n, loss = step => 1 / step) {
  const steps = Array.from({length: n}, (_, k) => k + 1);
  const full = steps.filter(step => step % 2 === 0);
  const of = values => values.map(loss);
  return {
    batch: {step: steps, low: of(steps), high: of(steps), last: of(steps)},
    metrics: {step: full, loss: of(full), test_loss: full.map(() => NaN)},
    rate: {step: [1], value: [0.5]},
    ghosts: [],
    ahead: false,
  };
}

test("batch losses may stand out above the curves, but not dwarf them", () => {
  const calm = spanOf([extent(0.2, 1), none], extent(0.1, 1.5));
  assert.deepEqual([calm.low, calm.high, calm.positive], [0.1, 1.5, 0.1]);
  const wild = spanOf([extent(0.2, 1)], extent(-5, 100));
  assert.equal(wild.high, 2.5);
  assert.ok(Math.abs(wild.low - -0.2) < 1e-12 && wild.positive === 0.2);
  const alone = spanOf([none, none], extent(0.1, 7));
  assert.deepEqual([alone.low, alone.high], [0.1, 7], "without curves the batches are all there is");
});

test("an axis can be logarithmic where something is positive, and is wide or steep by the ratio of its curves", () => {
  const of = (low, high) => {
    const {logs, wide, steep} = spanOf([extent(low, high)], none);
    return [logs, wide, steep];
  };
  assert.deepEqual(of(0.01, 1), [true, true, true]);
  assert.deepEqual(of(0.1, 1), [true, false, true]);
  assert.deepEqual(of(0.9, 1), [true, false, false]);
  assert.deepEqual(of(-1, 1), [false, false, false]);
});

test("a curve that grows is folded in from where it stood; another one from the beginning", () => {
  const folds = new SeriesFolds();
  const last = fold => fold.last.slice(0, fold.used);
  folds.take(seriesOf(10));
  folds.take(seriesOf(20));
  const whole = new SeriesFolds();
  whole.take(seriesOf(20));
  assert.deepEqual(last(folds.batch), last(whole.batch));
  assert.deepEqual(last(folds.train), last(whole.train));
  assert.equal(folds.last, 20);
  folds.take(seriesOf(6, step => 2 / step));
  assert.deepEqual([folds.batches.count, folds.metrics.count, folds.last], [6, 3, 6]);
  assert.equal(folds.batch.last[2], 1);
  assert.equal(folds.test.used, 0, "no test loss is no point");
});

test("the present stands apart where curves go on beyond it", () => {
  const series = seriesOf(10);
  assert.equal(presentOf({frame: {step: 4}, series}), 4);
  assert.equal(presentOf({frame: {step: 10}, series}), Infinity);
  assert.equal(presentOf({frame: null, series}), Infinity);
});

test("what is read at a place is of the nearest step, with a range where a point covers several", () => {
  const series = seriesOf(10);
  series.batch.high[3] = 9;
  const {step, lines} = readingAt({series, data: null, layout: null, view: {}}, 4.2, t);
  assert.equal(step, 4);
  assert.deepEqual(lines, [
    "curves.step 4",
    "measure.train_loss 0.2500",
    "measure.batch_loss 0.250 – 9.00",
    "curves.rate 0.5",
  ]);
  assert.deepEqual([nearest([2, 4], -5), nearest([2, 4], 3.1), nearest([2, 4], 99), nearest([], 1)], [0, 1, 1, -1]);
});

test("marks say where runs diverged, of the others with their letter, and where the present is", () => {
  const palette = {muted: "grey", bad: "red", accent: "blue", "lane-1": "green"};
  const lane = (id, status) => ({id, status, step: 8});
  const state = {
    log: [],
    lang: "en",
    status: {kind: "diverged", step: 7},
    series: seriesOf(4),
    lane: 0,
    lanes: [lane(0, {kind: "diverged", step: 7}), lane(1, {kind: "diverged"})],
  };
  const of = more => marksOf({...state, ...more}, 3, step => step, palette, t).map(({step, text}) => [step, text]);
  assert.deepEqual(of({}), [
    [7, "curves.diverged"],
    [8, "B curves.diverged"],
    [3, "curves.now"],
  ]);
  const broken = seriesOf(8, step => (step < 6 ? 1 : NaN));
  assert.deepEqual(of({status: {kind: "paused"}, lanes: [], series: broken})[0], [6, "curves.diverged"]);
  assert.deepEqual(of({status: {kind: "paused"}, lanes: []}), [[3, "curves.now"]]);
});
