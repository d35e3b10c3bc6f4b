import assert from "node:assert/strict";
import {test} from "node:test";

import {
  asGiven,
  compact,
  exponent,
  integer,
  percent,
  plain,
  power,
  range,
  tickWords,
} from "../../../static/js/draw/format.js";

const cases = (format, table) => {
  for (const [args, text] of table) assert.equal(format(...[args].flat()), text, `${format.name}(${args})`);
};

test("plain keeps its significant digits and its width", () => {
  cases(plain, [
    [0, "0"],
    [0.5, "0.500"],
    [0.04231, "0.0423"],
    [-0.04231, "−0.0423"],
    [1.0004, "1.00"],
    [12.345, "12.3"],
    [999.6, "1,000"],
    [123456, "123,456"],
    [0.9999, "1.00"],
    [1e-4, "0.000100"],
    [9.99e-5, "9.99×10⁻⁵"],
    [1e7, "1.00×10⁷"],
    [2.98e12, "2.98×10¹²"],
    [[0.123456, 5], "0.12346"],
    [[1234.5, 5], "1,234.5"],
    [NaN, "NaN"],
    [Infinity, ">10³⁸"],
    [-Infinity, "<−10³⁸"],
  ]);
});

test("compact is short, and exact where three digits are", () => {
  cases(compact, [
    [0, "0"],
    [0.05, "0.05"],
    [-2.5, "−2.5"],
    [100, "100"],
    [1500, "1500"],
    [9999, "9999"],
    [12000, "12k"],
    [100000, "100k"],
    [999900, "1M"],
    [2.5e6, "2.5M"],
    [1e-6, "10⁻⁶"],
    [2e-4, "2×10⁻⁴"],
    [1e12, "10¹²"],
    [-4e10, "−4×10¹⁰"],
    [NaN, "NaN"],
  ]);
});

test("exponent, power, integer and percent", () => {
  cases(exponent, [
    [0, "0"],
    [[0.000123, 2], "1.2×10⁻⁴"],
    [[-5, 3], "−5.00×10⁰"],
    [[9.99e9, 2], "1.0×10¹⁰"],
    [NaN, "NaN"],
  ]);
  cases(power, [
    [0, "10⁰"],
    [-15, "10⁻¹⁵"],
    [308, "10³⁰⁸"],
  ]);
  cases(integer, [
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [1234567.4, "1,234,567"],
    [-12345, "−12,345"],
  ]);
  cases(percent, [
    [0, "0\u202f%"],
    [0.0256, "2.6\u202f%"],
    [0.876, "88\u202f%"],
    [1, "100\u202f%"],
    [0.99999, "99.9\u202f%"],
    [-0.5, "−50\u202f%"],
    [-531.15134, "−53,115\u202f%"],
    [-1.4e106, "−1.40×10¹⁰⁸\u202f%"],
  ]);
});

test("asGiven loses no digit, and writes thousands, minus and powers as all others do", () => {
  cases(asGiven, [
    [0, "0"],
    [12345, "12,345"],
    [-1234, "−1,234"],
    [0.1, "0.1"],
    [-0.05, "−0.05"],
    [1e-8, "10⁻⁸"],
    [-1e-8, "−10⁻⁸"],
    [1.5e-9, "1.5×10⁻⁹"],
    [1e300, "10³⁰⁰"],
    [1e21, "10²¹"],
    [NaN, "NaN"],
    [-Infinity, "<−10³⁸"],
  ]);
});

test("the numbers of an axis say where their ticks stand, however close these are", () => {
  assert.deepEqual(tickWords([0.6935, 0.694, 0.6945]), ["0.6935", "0.694", "0.6945"]);
  assert.deepEqual(tickWords([0, 0.5, 1]), ["0", "0.5", "1"]);
  assert.deepEqual(tickWords([12345, 12350]), ["12.345k", "12.35k"]);
  assert.deepEqual(tickWords([1.2345e-5, 1.235e-5]), ["1.2345×10⁻⁵", "1.235×10⁻⁵"]);
  assert.deepEqual(tickWords([0.1, 0.2, 0.5, 1, 2]), ["0.1", "0.2", "0.5", "1", "2"]);
  assert.deepEqual([tickWords([]), tickWords([1 / 3])], [[], ["0.333"]]);
});

test("no range runs from a number to itself, as it is written", () => {
  assert.equal(range("0.500", "0.500"), "0.500");
  assert.equal(range("0.500", "0.501"), "0.500 – 0.501");
  assert.equal(range(plain(0.50001), plain(0.50002)), "0.500");
});
