import assert from "node:assert/strict";
import {test} from "node:test";

import {calmly, decades, logTicks, ticks} from "../../../static/js/draw/plot.js";

test("ticks are round and inside", () => {
  assert.deepEqual(ticks(0, 1, 4), [0, 0.5, 1]);
  assert.deepEqual(ticks(-0.3, 0.31, 7), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(0, 1e6, 5), [0, 2e5, 4e5, 6e5, 8e5, 1e6]);
  assert.deepEqual(ticks(3, 3, 5), [3]);
  assert.deepEqual(ticks(NaN, 1, 5), []);
});

test("ticks end, however close, far, small or large the ends are", () => {
  const ends = [0, 5e-324, 1e-300, 1e-9, 0.3, 1, 1e15, 2 ** 53, 1e300, Number.MAX_VALUE, Infinity, NaN];
  const beside = ends.flatMap(x => [x, x * (1 + 2 ** -52), x * (1 + 1e-11), x * (1 + 1e-9), 1.5 * x]);
  const all = beside.flatMap(x => [x, -x]);
  for (const low of all)
    for (const high of all)
      for (const count of [0, 1, 4, 30]) {
        const found = ticks(low, high, count);
        assert.ok(found.length <= 3 * count + 3, `${low} to ${high}: ${found.length}`);
        assert.equal(new Set(found).size, found.length, `${low} to ${high}`);
      }
});

test("decades thin out evenly, and never exceed what was asked for by much", () => {
  assert.deepEqual(decades(-3, 0, 5), [-3, -2, -1, 0]);
  assert.deepEqual(decades(-12.5, 0.5, 5), [-12, -9, -6, -3, 0]);
  for (let span = 1; span < 90; span++) assert.ok(decades(-span, 0, 5).length <= 6, `${span}`);
});

test("a log axis has ticks whether it is narrow or wide", () => {
  assert.deepEqual(logTicks(0.1, 1, 5), [0.1, 0.2, 0.5, 1]);
  assert.deepEqual(
    logTicks(1e-4, 1, 5),
    [1e-4, 1e-3, 1e-2, 0.1, 1].map(x => 10 ** Math.round(Math.log10(x))),
  );
  for (const [low, high] of [
    [0.51, 0.55],
    [2.3, 2.9],
    [1, 3],
    [1e-9, 1e9],
  ]) {
    const found = logTicks(low, high, 4);
    assert.ok(found.length >= 2 && found.length <= 8, `${low} ${high}: ${found}`);
    assert.ok(found.every(x => x >= low * 0.99 && x <= high * 1.01));
  }
});

test("a calm painter paints at once, then rests, and never loses the last request", context => {
  context.mock.timers.enable({apis: ["setTimeout"]});
  let now = 1000;
  let painted = 0;
  let turns = 0;
  context.mock.method(performance, "now", () => now);
  const painter = calmly(
    () => painted++,
    50,
    run => {
      turns++;
      run();
    },
  );
  painter.request();
  assert.equal(painted, 1);
  for (let i = 0; i < 9; i++) painter.request();
  assert.equal(painted, 1);
  now += 50;
  context.mock.timers.tick(50);
  assert.deepEqual([painted, turns], [2, 1]);
  painter.request();
  painter.cancel();
  now += 500;
  context.mock.timers.tick(500);
  assert.equal(painted, 2);
});
