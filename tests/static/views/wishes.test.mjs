import assert from "node:assert/strict";
import {test} from "node:test";

import {createWishes} from "../../../static/js/views/shared/wishes.js";

test("a control shows its wish until a newer config has come, or the wish is refused", async () => {
  const replies = [];
  const box = {checked: true};
  const {wish, seen, tick} = createWishes(() => new Promise(resolve => replies.push(resolve)));
  const old = {seed: 1};
  const next = {seed: 1};
  seen(old);
  const first = wish(box, "configure", {});
  seen(old);
  tick(box, false);
  assert.equal(box.checked, true);
  replies[0]({ok: true});
  await first;
  tick(box, false);
  assert.equal(box.checked, true);
  seen(next);
  tick(box, false);
  assert.equal(box.checked, false);
  box.checked = true;
  const second = wish(box, "configure", {});
  replies[1]({ok: false});
  await second;
  tick(box, false);
  assert.equal(box.checked, false);
});
