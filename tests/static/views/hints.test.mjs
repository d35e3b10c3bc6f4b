import assert from "node:assert/strict";
import {test} from "node:test";

import {doneBy, nextHint, written} from "../../../static/js/views/hints/next.js";

test("whatever was done first, what was not is asked for once each, and then nothing", () => {
  for (const landscape of [false, true])
    for (let mask = 0; mask < 8; mask++) {
      const done = {play: Boolean(mask & 1), rate: Boolean(mask & 2), look: Boolean(mask & 4)};
      assert.deepEqual(doneBy(written(done)), done);
      const asked = [];
      for (let hint = nextHint(done, landscape); hint; hint = nextHint(done, landscape)) {
        assert.ok(!done[hint.name] && hint.place <= hint.of);
        asked.push(hint.name);
        done[hint.name] = true;
      }
      assert.ok(done.play && done.rate && (landscape || done.look));
      assert.equal(new Set(asked).size, asked.length);
    }
});
