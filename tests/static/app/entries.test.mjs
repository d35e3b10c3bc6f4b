// What is said of an entry that is no number.

import assert from "node:assert/strict";
import test from "node:test";
import {entryWords} from "../../../static/js/app/entries.js";
import {typedCount} from "../../../static/js/draw/entry.js";

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

test("a whole number may have separators of thousands, and is said to be none otherwise", () => {
  for (const [typed, count] of Object.entries({
    7: 7,
    "1,000": 1000,
    "1.000": 1000,
    "12 345": 12345,
    "1,234,567": 1234567,
  }))
    assert.equal(typedCount(typed), count);
  for (const typed of ["", "abc", "2.5", "1,5"]) assert.ok(Number.isNaN(typedCount(typed)), typed);
  const field = {low: "1", high: "9", whole: "", judged: "here"};
  assert.equal(entryWords(t, "2.5", field), "entry.no_whole 2.5 entry.range 1 9");
  assert.equal(entryWords(t, "10", field), "entry.outside 10 entry.range 1 9");
});
