import assert from "node:assert/strict";
import {test} from "node:test";

import {CODES, LANGUAGES, languageFor} from "../../../static/js/draw/i18n.js";

test("a browser gets the first of its languages that the page speaks, else English", () => {
  assert.equal(languageFor(["zh-CN", "en-US"]), "zh");
  assert.equal(languageFor(["fr-FR", "zh-TW", "en"]), "zh");
  assert.equal(languageFor(["en-GB", "zh"]), "en");
  assert.equal(languageFor(["fr", "enx"]), "en");
  assert.equal(languageFor([]), "en");
});

test("every language has a name of its own", () => {
  assert.deepEqual(CODES, Object.keys(LANGUAGES));
  assert.equal(new Set(Object.values(LANGUAGES)).size, CODES.length);
});
