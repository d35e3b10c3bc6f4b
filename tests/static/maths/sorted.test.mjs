import assert from "node:assert/strict";
import {test} from "node:test";

import {firstAtLeast, lastAtMost} from "../../../static/js/maths/sorted.js";

test("the last number that is not above", () => {
  assert.deepEqual(
    [0, 1, 4, 5, 99].map(step => lastAtMost([1, 3, 5], step)),
    [-1, 0, 1, 2, 2],
  );
  assert.equal(lastAtMost([], 3), -1);
  assert.equal(lastAtMost([0, 10, 20], 10), 1);
  assert.equal(lastAtMost([0, 10, 20], 99), 2);
  assert.equal(lastAtMost([5], 4), -1);
});

test("both places agree with looking at every number, equal ones and infinities too", () => {
  for (let length = 0; length < 40; length++) {
    const sorted = Array.from({length}, (_, k) => Math.floor(k / 3)).concat(length % 2 ? [Infinity] : []);
    for (const x of [-Infinity, -1, 0, 0.5, 1, length / 6, length, Infinity]) {
      assert.equal(firstAtLeast(sorted, x), sorted.filter(value => value < x).length);
      assert.equal(lastAtMost(sorted, x), sorted.filter(value => value <= x).length - 1);
    }
  }
});
