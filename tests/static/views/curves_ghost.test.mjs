import assert from "node:assert/strict";
import {test} from "node:test";

import {emptySeries, seriesFromHistory} from "../../../static/js/model/series.js";
import {applyText, initialState} from "../../../static/js/model/model.js";
import {ghostWords} from "../../../static/js/views/curves/ghost.js";

const t = (key, params) => (params ? `${key} ${JSON.stringify(params)}` : key);
const ghost = {data: "circle", hidden: [6, 3], loss: "bce", step: 1234};
const state = {ghost, lang: "en", config: {data: {name: "circle"}}, layout: {loss: "bce"}};

test("a run that was left is named with its step, and said to be incomparable only where it is", () => {
  assert.equal(ghostWords({...state, ghost: null}, t), null);
  const {name, words} = ghostWords(state, t);
  assert.match(name, /6-3.*1,234/);
  assert.doesNotMatch(words, /ghost_other/);
  for (const other of [{config: {data: {name: "xor"}}}, {layout: {loss: "mse"}}])
    assert.match(ghostWords({...state, ...other}, t).words, /ghost_other/);
});

test("the page knows the run that was left, and forgets it", () => {
  const fresh = initialState("en", "light");
  const message = {kind: "state", lanes: [], lane: 0, config: {}, log: []};
  assert.deepEqual(applyText(fresh, {...message, ghost}).ghost, ghost);
  assert.equal(applyText(fresh, message).ghost, null);
  const curve = {step: [0, 5], loss: [1, 0.5]};
  const arrays = {batch_steps: [], batch: [], rates: [], metric_steps: [], metrics: []};
  assert.deepEqual(seriesFromHistory({ghosts: [], ghost: curve}, arrays).ghost, curve);
  const both = seriesFromHistory({ghosts: [curve], ghost: structuredClone(curve)}, arrays);
  assert.equal(both.ghost, both.ghosts[0]); // one curve, drawn once
  assert.equal(seriesFromHistory({}, arrays).ghost, null);
  assert.equal(emptySeries().ghost, null);
});
