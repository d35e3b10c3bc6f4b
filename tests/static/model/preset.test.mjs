import assert from "node:assert/strict";
import {test} from "node:test";

import {presetOf} from "../../../static/js/model/preset.js";

const config = (data, hidden, rate = 0.3) => ({
  data: {name: data, noise: 0},
  network: {hidden, activation: "tanh"},
  optimizer: {name: "sgd", learning_rate: rate},
  initial: null,
});
const presets = [
  {name: "circle", config: config("circle", [6, 3])},
  {name: "deep", config: config("circle", [8, 8, 8, 8], 0.01)},
  {name: "xor", config: config("xor", [4])},
];
const standing = (now, log = []) => presetOf({options: {presets}, config: now, log});

test("a run is the preset that it began as, until anything is changed", () => {
  for (const {name, config: own} of presets) assert.deepEqual(standing(structuredClone(own)), {name, changed: false});
  assert.deepEqual(standing(config("circle", [6, 3], 0.1)), {name: "circle", changed: true});
  assert.deepEqual(standing(config("circle", [8, 8, 8], 0.01)), {name: "deep", changed: true});
  const parameters = [{step: 3, change: {parameters: {4: 0.5}}}]; // no part of the config
  assert.deepEqual(standing(config("xor", [4]), parameters), {name: "xor", changed: true});
  assert.deepEqual(standing({...config("xor", [4]), initial: [1]}), {name: "xor", changed: true});
});

test("a run of other data stands on no preset", () => {
  assert.equal(standing(config("upload-1", [6, 3])), null);
  assert.equal(presetOf({options: null, config: null, log: []}), null);
});
