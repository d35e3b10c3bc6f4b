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
  {name: "deep", config: config("circle", [8, 8, 8, 8, 8, 8], 0.01)},
  {name: "xor", config: config("xor", [4])},
  {name: "hill", config: config("gaussian", [6], 0.01)},
  {name: "ridge", config: config("gaussian", [16, 16], 0.15)},
];
const standing = (now, log = []) => presetOf({options: {presets}, config: now, log});

test("a run is the preset that it began as, until anything is changed", () => {
  for (const {name, config: own} of presets) assert.deepEqual(standing(structuredClone(own)), {name, changed: false});
  assert.deepEqual(standing(config("circle", [6, 3], 0.1)), {name: "circle", changed: true});
  assert.deepEqual(standing({...config("circle", [8, 8, 8, 8, 8, 8, 6], 0.01), l2: 0.1}), {
    name: "deep",
    changed: true,
  });
  const parameters = [{step: 3, change: {parameters: {4: 0.5}}}]; // no part of the config
  assert.deepEqual(standing(config("xor", [4]), parameters), {name: "xor", changed: true});
  assert.deepEqual(standing({...config("xor", [4]), initial: [1]}), {name: "xor", changed: true});
});

test("a run of which nothing but its data is left is no preset but the one that bears their name", () => {
  const wide = data => ({...config(data, [300, 300], 1), optimizer: {name: "adam", learning_rate: 1, eps: 1e-8}});
  assert.deepEqual(standing(wide("circle")), {name: "circle", changed: true});
  assert.deepEqual(standing(wide("xor")), {name: "xor", changed: true});
  assert.equal(standing(wide("gaussian")), null);
});

test("a run of other data stands on no preset", () => {
  assert.equal(standing(config("upload-1", [6, 3])), null);
  assert.equal(presetOf({options: null, config: null, log: []}), null);
});
