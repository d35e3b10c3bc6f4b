import assert from "node:assert/strict";
import test from "node:test";
import {batchSizeOf, epochMarks, stretchesOf} from "../../../static/js/model/epochs.js";

/** The same by dealing batch after batch. */
function dealt(samples, first, changes, last) {
  const ends = [];
  let position = 0;
  let size = first ?? samples;
  for (let step = 0; step < last; step++) {
    for (const change of changes) if (change.step === step) size = change.size ?? samples;
    if (position >= samples) position = 0;
    position = Math.min(samples, position + size);
    if (position === samples) ends.push(step + 1);
  }
  return ends;
}

const log = changes =>
  changes.map(({step, size}, k, all) => ({
    step,
    change: {batch_size: size},
    before: {batch_size: k ? all[k - 1].size : 10},
  }));

test("epochs end where the batches that are dealt say so, whatever the batch size has become on the way", () => {
  for (const changes of [
    [],
    [{step: 7, size: 3}],
    [
      {step: 4, size: null},
      {step: 6, size: 25},
    ],
    [
      {step: 5, size: 1},
      {step: 5, size: 40},
      {step: 60, size: 7},
    ],
    [{step: 300, size: 2}],
  ]) {
    const run = {
      config: {batch_size: changes.length ? changes.at(-1).size : 10},
      log: [{step: 2, change: {learning_rate: 1, batch_size: 10}, before: {}}, ...log(changes)],
    };
    const expected = dealt(43, 10, changes, 200);
    const marks = epochMarks(stretchesOf(43, run), 43, 200, 1e9);
    assert.deepEqual(
      marks.map(({step}) => step),
      expected,
      JSON.stringify(changes),
    );
    assert.deepEqual(
      marks.map(({epoch}) => epoch),
      expected.map((_, k) => k + 1),
    );
  }
});

test("many epochs are marked in round strides, and none before the first has ended", () => {
  const stretches = stretchesOf(100, {config: {batch_size: 10}, log: []});
  assert.deepEqual(epochMarks(stretches, 100, 9, 8), []);
  assert.deepEqual(
    epochMarks(stretches, 100, 30, 8).map(({step}) => step),
    [10, 20, 30],
  );
  assert.deepEqual(
    epochMarks(stretches, 100, 1e6, 8).map(({epoch}) => epoch),
    [20000, 40000, 60000, 80000, 100000],
  );
  assert.deepEqual(
    epochMarks(stretchesOf(100, {config: {batch_size: null}, log: []}), 100, 3, 8).map(({step}) => step),
    [1, 2, 3],
  );
});

test("a batch is no larger than what there is to train on", () => {
  for (let train = 1; train < 20; train++) {
    for (let size = 1; size < 30; size++)
      assert.equal(batchSizeOf({config: {batch_size: size}, data: {train}}), Math.min(size, train));
    assert.equal(batchSizeOf({config: {batch_size: null}, data: {train}}), train);
  }
  assert.equal(batchSizeOf({config: {batch_size: 10}, data: null}), 10);
});
