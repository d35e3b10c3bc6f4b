import assert from "node:assert/strict";
import test from "node:test";
import {contentOf} from "../../../../static/js/views/shared/file.js";

test("a file is text, or the bytes that were packed", () => {
  assert.equal(contentOf({name: "a", media_type: "text/csv", text: "step\n"}), "step\n");
  const bytes = Uint8Array.from({length: 256}, (_, k) => k);
  const base64 = Buffer.from(bytes).toString("base64");
  assert.deepEqual(contentOf({name: "a", media_type: "x", base64}), bytes);
});
