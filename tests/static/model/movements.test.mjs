import assert from "node:assert/strict";
import {test} from "node:test";

import {movements} from "../../../static/js/model/changes.js";

const rate = (step, learning_rate, joined) => ({step, change: {learning_rate}, ...(joined ? {joined} : {})});

test("a movement of a hand is one entry: where it began, and the value that it ended at", () => {
  const log = [rate(3, 0.1), rate(4, 0.2, true), rate(9, 0.3, true), rate(20, 0.5), {step: 20, change: {l2: 0.1}}];
  assert.deepEqual(movements(log), [rate(3, 0.3), rate(20, 0.5), {step: 20, change: {l2: 0.1}}]);
});

test("what is joined to nothing stands for itself", () => {
  assert.deepEqual(movements([rate(3, 0.1, true)]), [rate(3, 0.1, true)]);
  assert.deepEqual(movements([]), []);
});

test("weights moved in one go are told together", () => {
  const log = [
    {step: 5, change: {parameters: {0: 1}}},
    {step: 6, change: {parameters: {0: 2}}, joined: true},
  ];
  assert.deepEqual(movements(log), [{step: 5, change: {parameters: {0: 2}}}]);
});
