import assert from "node:assert/strict";
import test from "node:test";
import {packed, wordsFor} from "../../../../static/js/views/share/weights.js";

test("bytes survive the way to the server", () => {
  const bytes = Uint8Array.from({length: 300}, (_, k) => k % 256);
  assert.deepEqual(Uint8Array.from(Buffer.from(packed(bytes.buffer), "base64")), bytes);
});

test("what was not whole is said", () => {
  const t = (key, params) => `${key} ${Object.values(params).join("|")}`;
  assert.equal(wordsFor({sizes: [2, 3, 1], digits: null, left_out: []}, t), "weights.taken 2-3-1");
  const partly = wordsFor({sizes: [2, 1], digits: 4, left_out: ["a.running_mean"]}, t);
  assert.equal(partly, "weights.taken 2-1 weights.digits 4 weights.left_out a.running_mean");
});
