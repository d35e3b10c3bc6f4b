import assert from "node:assert/strict";
import test from "node:test";
import {endName, endNames, shortName} from "../../../static/js/model/classes.js";

const data = (kind, outputs, class_names, low = 0) => ({kind, outputs, class_names, target_range: [low, 1]});

test("a single output stands for two classes by their names, in whatever range it lies", () => {
  for (const low of [0, -1]) {
    const own = data("binary", 1, ["small", "big"], low);
    assert.deepEqual(endNames(own), ["small", "big"]);
    const middle = (low + 1) / 2;
    assert.deepEqual(
      [low, middle - 0.01, middle + 0.01, 1].map(value => endName(own, value)),
      ["small", "small", "big", "big"],
    );
  }
});

test("numbers are not named twice, and several outputs and regression have no ends", () => {
  for (const other of [data("binary", 1, ["0", "1"]), data("classes", 3, ["a", "b", "c"]), data("regression", 1, [])]) {
    assert.equal(endNames(other), null);
    assert.equal(endName(other, 0.7), "");
  }
  assert.deepEqual(endNames(data("binary", 1, ["1", "2"])), ["1", "2"]);
});

test("a long name is shortened where there is little room", () => {
  assert.equal(shortName("ordinary"), "ordinary");
  assert.equal(shortName("a name of many letters").length, 14);
});
