import assert from "node:assert/strict";
import test from "node:test";
import {provideDocument} from "./formula_document.mjs";
import {checked, meant} from "./printed.mjs";
import {formula, m} from "../../../static/js/views/shared/symbols.js";
import {
  beginning,
  bracketed,
  equals,
  factor,
  i,
  lead,
  n,
  op,
  over,
  whole,
} from "../../../static/js/views/microscope/notation.js";

const ln = () => m("mi", "ln");
const raised = (base, power) => m("msup", base, power);

provideDocument();

test("a printed number is all that are rounded to it; one of the formula itself is itself", () => {
  const near = (text, low, high) =>
    meant(text).forEach((x, k) => assert.ok(Math.abs(x - [low, high][k]) < 1e-4 * Math.abs(x), text));
  near("0.0423", 0.04225, 0.04235);
  near("−1.20×10⁻⁵", -1.205e-5, -1.195e-5);
  near("12,346", 12345.5, 12346.5);
  near("10⁻⁶", 0.5e-6, 1.5e-6);
  assert.deepEqual(
    [meant("2"), meant("0.9"), meant("0")],
    [
      [2, 2],
      [0.9, 0.9],
      [0, 0],
    ],
  );
});

test("lines that are not equal are found, however they are broken", () => {
  const delta = formula(i("δ"), op("="), ...bracketed(i("w"), i("δ")), op("·"), i("f′"));
  const wrong = [delta, equals(factor(1.16), op("·"), factor(-0.271)), equals(factor(-0.315), op("·"), factor(0.622))];
  assert.deepEqual(checked(wrong).faults, ["1.16·(−0.271) = (−0.315)·0.622"]);
  const right = [wrong[0], equals(factor(1.16), op("·"), factor(-0.271)), equals(n(-0.31436))];
  assert.deepEqual(checked(right), {faults: [], compared: 1});
  const long = [wrong[0], equals(n(1.5), op("+"), n(2.5)), formula(lead("+"), factor(-1)), equals(n(3))];
  assert.deepEqual(checked(long), {faults: [], compared: 1});
  long.push(equals(n(4)), beginning(i("u"), op("="), n(9)));
  assert.deepEqual(checked(long).faults, ["3.00 = 4.00"]);
});

test("it reads what formulas are made of", () => {
  const e = raised(i("e"), m("mrow", op("−"), factor(0.5)));
  const sigmoid = over(whole(1), m("mrow", whole(1), op("+"), e));
  assert.deepEqual(checked([equals(sigmoid), equals(n(0.6225))]).faults, []);
  assert.equal(checked([equals(sigmoid), equals(n(0.63))]).faults.length, 1);
  assert.deepEqual(
    checked([equals(op("−"), ln(), ...bracketed(whole(1), op("−"), n(0.25))), equals(n(0.2877))]).faults,
    [],
  );
  assert.deepEqual(
    checked([equals(i("GELU"), ...bracketed(n(-1))), equals(n(-0.1588))], {GELU: () => -0.1588}).faults,
    [],
  );
  const unread = checked([equals(n(2), op("?")), equals(n(2))]).faults;
  assert.equal(unread.length, 1);
});
