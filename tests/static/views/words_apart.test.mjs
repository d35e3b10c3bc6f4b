import assert from "node:assert/strict";
import test from "node:test";
import {roomFor} from "../../../static/js/views/surface/words_apart.js";

const SIZE = {aside: 9, wide: 40, high: 14};

test("a word stands to the right of its mark, and to its left at the sheet's edge", () => {
  assert.deepEqual(roomFor(50, 30, SIZE, 200, []), {left: 59, right: 99, middle: 30});
  assert.deepEqual(roomFor(180, 30, SIZE, 200, []), {left: 131, right: 171, middle: 30});
  assert.equal(roomFor(20, 30, SIZE, 45, []), null);
});

test("however marks fall together, no word lies over another and none leaves the sheet", () => {
  let drawn = 7;
  const next = most => (drawn = (drawn * 48271) % 2147483647) % most;
  let written = 0;
  for (let round = 0; round < 300; round++) {
    const [x, y] = [next(300), next(200)];
    const words = [];
    for (let k = 0; k < 8; k++) {
      const spread = round % 3 ? 12 : 200;
      const word = roomFor(x + next(spread), y + next(spread), {...SIZE, wide: 20 + next(50)}, 300, words);
      if (word) words.push(word);
    }
    written += words.length;
    for (const [k, one] of words.entries()) {
      assert.ok(one.left >= 0 && one.right < 300);
      for (const other of words.slice(k + 1))
        assert.ok(
          one.right <= other.left || other.right <= one.left || Math.abs(one.middle - other.middle) >= SIZE.high,
        );
    }
  }
  assert.ok(written > 300 * 4);
});
