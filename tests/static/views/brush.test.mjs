import assert from "node:assert/strict";
import {test} from "node:test";

import {changeWords} from "../../../static/js/model/changes.js";
import {
  isApart,
  isSame,
  labelOf,
  MOST,
  moved,
  sampleOf,
  without,
  withSamples,
} from "../../../static/js/views/boundary/brush.js";

/** Two drawn training samples, two painted ones, one for the test. */
const DATA = {
  places: Int32Array.of(4, 0, -1, -2, 2),
  points: Float32Array.of(0, 0, 0.5, 0.5, 0.1, 0.2, 0.3, 0.4, -1, -1),
  y: Float32Array.of(0, 1, 1, 0, 1),
  outputs: 1,
  target_range: [0, 1],
};
const PAINTING = {
  painted: [
    [0.1, 0.2, 1],
    [0.3, 0.4, 0],
  ],
  erased: [7],
};

test("a sample has three digits and stays within the edge", () => {
  assert.deepEqual(sampleOf([0.12345, -7], 2), [0.123, -1.19, 2]);
});

test("samples are put behind the others, as many as there is room for", () => {
  assert.deepEqual(withSamples(PAINTING, [[0, 0, 1]]).painted.at(-1), [0, 0, 1]);
  assert.equal(withSamples(PAINTING, Array(2 * MOST).fill([0, 0, 1])).painted.length, MOST);
});

test("what was drawn is erased by its place, what was painted is not there any more", () => {
  assert.deepEqual(without(PAINTING, DATA, [0, 2]), {painted: [[0.3, 0.4, 0]], erased: [4, 7]});
  assert.deepEqual(without(PAINTING, DATA, new Set([4, 4])), {painted: PAINTING.painted, erased: [2, 7]});
});

test("a painted sample is found in a list that has changed since the data came", () => {
  const later = {
    ...PAINTING,
    painted: [
      [0.3, 0.4, 0],
      [0.7, 0.7, 1],
    ],
  };
  assert.deepEqual(without(later, DATA, [3]).painted, [[0.7, 0.7, 1]]);
  assert.deepEqual(without(later, DATA, [2]).painted, later.painted);
  assert.deepEqual(moved(later, DATA, 3, [0, 0]).painted[0], [0, 0, 0]);
});

test("a sample that moves keeps its class: a painted one its place in the list, a drawn one becomes painted", () => {
  assert.deepEqual(moved(PAINTING, DATA, 3, [0.9, 0.9]).painted, [
    [0.1, 0.2, 1],
    [0.9, 0.9, 0],
  ]);
  assert.deepEqual(moved(PAINTING, DATA, 1, [0.9, 0.9]), {
    painted: [...PAINTING.painted, [0.9, 0.9, 1]],
    erased: [0, 7],
  });
});

test("the class of a sample is read from targets of 0 and 1, of −1 and 1, and from one-hot rows", () => {
  assert.equal(labelOf({y: Float32Array.of(-1, 1), outputs: 1, target_range: [-1, 1]}, 0), 0);
  assert.equal(labelOf({y: Float32Array.of(-1, 1), outputs: 1, target_range: [-1, 1]}, 1), 1);
  assert.equal(labelOf({y: Float32Array.of(1, 0, 0, 0, 0, 1), outputs: 3, target_range: [0, 1]}, 1), 2);
});

test("a stroke leaves a sample when it has gone far enough, and changes nothing where all stays", () => {
  assert.equal(isApart([0, 0], [3, 4], 5), true);
  assert.equal(isApart([0, 0], [3, 3], 5), false);
  assert.equal(isSame(PAINTING, without(PAINTING, DATA, [])), true);
  assert.equal(isSame(PAINTING, without(PAINTING, DATA, [0])), false);
});

test("a mark says how many samples a hand has painted and erased, not where", () => {
  const t = (key, params) => `${key} ${params?.n ?? ""}`.trim();
  assert.equal(changeWords(t, PAINTING), "curves.painted 2, curves.erased 1");
  assert.equal(changeWords(t, {painted: [], erased: [3]}), "curves.erased 1");
});
