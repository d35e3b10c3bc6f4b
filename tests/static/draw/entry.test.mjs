import assert from "node:assert/strict";
import test from "node:test";
import {typedCount, typedNumber} from "../../../static/js/draw/entry.js";

test("numbers are read as people type them", () => {
  const read = {
    0.5: 0.5,
    " 0,5 ": 0.5,
    "−3": -3,
    "1e-3": 0.001,
    ".25": 0.25,
    "5%": 0.05,
    "29 % ": 0.29,
    "−12,5 %": -0.125,
  };
  for (const [text, value] of Object.entries(read)) assert.equal(typedNumber(text), value, text);
});

test("a field in percent takes the sign for its unit", () => {
  assert.equal(typedNumber("90 %", true), 90);
  assert.equal(typedNumber("90", true), 90);
});

test("what is no number, or none to compute with, is none", () => {
  for (const text of ["", " ", "%", "% 5", "5%%", "1 2", "abc", "1e999", "Infinity", "NaN", "--1", "5 %o"])
    assert.ok(Number.isNaN(typedNumber(text)), text);
});

test("counts may have separators of thousands, and no fractions", () => {
  assert.equal(typedCount("12,345"), 12345);
  assert.equal(typedCount("1 000"), 1000);
  assert.equal(typedCount("7"), 7);
  for (const text of ["1.5", "50%", "1,2345"]) assert.ok(Number.isNaN(typedCount(text)), text);
});

test("digits as wide as Chinese letters are digits", () => {
  assert.equal(typedNumber("０．５"), 0.5);
  assert.equal(typedNumber("－１，５"), -1.5);
  assert.equal(typedNumber("３０％"), 0.3);
  assert.equal(typedCount("１，０００"), 1000);
});
