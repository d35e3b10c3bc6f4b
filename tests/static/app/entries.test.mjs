// What is said of an entry that is no number.

import assert from "node:assert/strict";
import test from "node:test";
import {entryWords} from "../../../static/js/app/entries.js";

const t = (key, params = {}) => [key, ...Object.values(params)].join(" ");

test("what is no number is said with what was typed and with the range", () => {
  assert.equal(entryWords(t, " abc ", {low: "0", high: "1"}), "entry.no_number abc entry.range 0 1");
  assert.equal(entryWords(t, "", {}), "entry.empty");
  assert.equal(entryWords(t, "1.2.3", {}), "entry.no_number 1.2.3");
});

test("what no computation can go on with is no number", () => {
  for (const typed of ["Infinity", "1e999", "-1e999"])
    assert.equal(entryWords(t, typed, {}), `entry.no_number ${typed}`);
});

test("a number out of range is said where the page itself judges it", () => {
  const field = {low: "0", high: "100"};
  assert.equal(entryWords(t, "150", {...field, judged: "here"}), "entry.outside 150 entry.range 0 100");
  assert.equal(entryWords(t, "150", field), "");
});

test("of a number nothing is said, however it is written", () => {
  for (const typed of ["1", "−0,5", "1e-3", "90 %", " 7 "]) assert.equal(entryWords(t, typed, {}), "");
});
