import assert from "node:assert/strict";
import {test} from "node:test";

import {itemAt} from "../../../../static/js/views/shared/below.js";

test("arrows go round a menu, Home and End to its ends, and from a field nowhere", () => {
  for (let count = 1; count < 6; count++)
    for (let at = 0; at < count; at++) {
      const down = itemAt("ArrowDown", at, count);
      assert.ok(down >= 0 && down < count);
      assert.equal(itemAt("ArrowUp", down, count), at);
      assert.equal(itemAt("Home", at, count), 0);
      assert.equal(itemAt("End", at, count), count - 1);
      assert.equal(itemAt("Enter", at, count), -1);
    }
  assert.equal(itemAt("ArrowDown", -1, 4), -1);
  assert.equal(itemAt("ArrowDown", 0, 0), -1);
});
