import assert from "node:assert/strict";
import {test} from "node:test";

import {deedWords} from "../../../static/js/views/bar/undo.js";

const t = (key, params) => (params ? `${key} ${JSON.stringify(params)}` : key);
const words = (op, change = {}) => deedWords(t, {op, change}, "en");

test("every change has words", () => {
  for (const op of ["reset", "reseed", "lane_add", "lane_remove", "lane_promote"])
    assert.equal(words(op), `undo.${op}`);
  assert.match(words("preset", {name: "xor"}), /preset\.xor/);
  assert.match(words("set_parameter", {index: 3, value: 0.12345}), /0\.123/);
  assert.match(words("set", {learning_rate: 0.1, lane: 1}), /curves\.rate.*0\.1/);
  assert.match(words("go_on", {learning_rate: 0.01}), /curves\.rate/);
  assert.match(words("configure", {data: {name: "iris"}}), /dataset\.iris/);
  assert.match(words("configure", {network: {hidden: [4, 2]}}), /4, 2/);
  assert.equal(words("configure", {network: {hidden: []}}), "lanes.no_hidden");
  assert.equal(words("configure", {network: {bias: false}}), "undo.bias");
  for (const change of [{}, {data: {name: "upload-12ab"}}, {loss: "mse"}, {data: {noise: 0.1}}])
    assert.equal(words("configure", change), "undo.change");
  assert.equal(words("set", {}), "undo.change");
});
