import assert from "node:assert/strict";
import test from "node:test";
import {ConditionError, evaluate, holds, readCondition} from "../../../../static/js/views/lessons/condition.js";

const VALUES = {
  loss: () => 0.25,
  step: () => 40,
  gone: () => NaN,
  delta_ratio: layer => layer / 100,
  name: () => "xor",
};
const arity = name => (Object.hasOwn(VALUES, name) ? VALUES[name].length : null);
const quantity = (name, given) => VALUES[name](...given);
const value = text => evaluate(readCondition(text, arity), quantity);

for (const [text, wanted] of [
  ["1 + 2 × 3 − 4 ÷ 2", 5],
  ["2 * (3 + 4) / 7", 2],
  ["-2 * -3", 6],
  ["--2", 2],
  [".5e1 + 1.", 6],
  ["8 - 4 - 2", 2],
  ["16 / 4 / 2", 2],
  ["loss < .3", true],
  ["loss ≥ .3", false],
  ["0 < loss < 1", true],
  ["0 < loss < .2", false],
  ["loss == .25 and step >= 40", true],
  ["loss > 1 or step > 1 and step < 9", false],
  ["(loss > 1 or step > 1) and step < 90", true],
  ["not loss > 1", true],
  ["not not loss > 1", false],
  ["not loss > 1 and step > 1", true],
  ["delta_ratio(1 + 1) == .02", true],
  ['name == "xor"', true],
  ['name ≠ "circle"', true],
  ["gone < 1 or gone > 1 or gone == gone or gone != 1", false],
  ["not gone", true],
])
  test(text, () => assert.equal(value(text), wanted));

test("what is not known, is nothing or is no number does not hold", () => {
  for (const text of ["gone", "0", "gone + 1", '""', "1 - 1"])
    assert.equal(holds(readCondition(text, arity), quantity), false);
  for (const text of ["step", '"a"', "1 < 2"]) assert.equal(holds(readCondition(text, arity), quantity), true);
});

for (const [text, column, expected] of [
  ["", 1, "value"],
  ["loss <", 7, "value"],
  ["loss < < 1", 8, "value"],
  ["loss 3", 6, "operator"],
  ["loss = 3", 6, "sign"],
  ["(loss", 6, "bracket"],
  ["loss)", 5, "operator"],
  ["los < 1", 1, "quantity"],
  ["1 < los", 5, "quantity"],
  ["constructor", 1, "quantity"],
  ["delta_ratio < 1", 1, "arguments"],
  ["step(1)", 1, "arguments"],
  ["delta_ratio(1", 14, "bracket"],
  ["delta_ratio()", 13, "value"],
  ["and 3", 1, "value"],
  ["1 and", 6, "value"],
  ['name == "xor', 9, "sign"],
  ["step; alert(1)", 5, "sign"],
  ["a.b", 2, "sign"],
  ["(".repeat(60), 41, "shallow"],
])
  test(`refuses ${text.slice(0, 30)} at column ${column}`, () =>
    assert.throws(
      () => readCondition(text, arity),
      error => error instanceof ConditionError && error.expected === expected && error.params.column === column,
    ));
