import assert from "node:assert/strict";
import {test} from "node:test";

import {GRAPHS, passThrough} from "../../../static/js/maths/landscapes.js";
import {arrange, derivativeOf, edgesOf, labelsOf, numbersAt} from "../../../static/js/views/landscape/scene.js";
import {textsOf} from "../../../static/js/views/landscape/table.js";

const POINTS = [
  [0.3, -1.7],
  [0, 0],
  [-4, 2.5],
];

for (const [name, graph] of Object.entries(GRAPHS))
  test(`${name}: what comes back along the edges adds up to the gradient`, () => {
    const edges = edgesOf(graph);
    for (const [x, y] of POINTS) {
      const {flows, values, slopes, value} = numbersAt(name, edges, x, y);
      const {gradient} = passThrough(name, x, y);
      const back = [0, 0];
      edges.forEach(({from, to}, k) => {
        if (to < 0) assert.equal(flows[k].factor, slopes[2 + from], derivativeOf(graph, edges[k]));
        else back[from] += flows[k].factor * slopes[2 + to];
      });
      back.forEach((sum, i) => assert.ok(Math.abs(sum - gradient[i]) <= 1e-9 * Math.max(1, Math.abs(sum))));
      assert.equal(values.length, labelsOf(graph).length);
      assert.equal(values.at(-1), value);
      assert.ok(flows.every(({share}) => share >= 0 && share <= 1));
      for (const {factor, sign} of flows)
        assert.equal(sign, {"-1": "negative", 0: "zero", 1: "positive"}[Math.sign(factor)]);
    }
  });

for (const [name, graph] of Object.entries(GRAPHS))
  for (const [width, height] of [
    [360, 260],
    [459, 200],
    [740, 390],
    [1400, 700],
  ])
    test(`${name} in ${width} × ${height}: boxes stand inside and apart, curves run from box to box`, () => {
      const edges = edgesOf(graph);
      const {places, curves} = arrange(graph.parts.length, edges, width, height);
      for (const {left, width: wide, y} of places) {
        assert.ok(left >= 0 && left + wide <= width, `${left} + ${wide}`);
        assert.ok(y > 0 && y < height);
      }
      const lefts = [...new Set(places.map(({left}) => left))];
      assert.equal(lefts.length, 3);
      curves.forEach(({x, y}, k) => {
        const {from, to} = edges[k];
        const start = places[to < 0 ? from + 2 : from];
        const end = to < 0 ? places.at(-1) : places[to + 2];
        assert.ok(x > start.left + start.width && x < end.left, `the factor of ${derivativeOf(graph, edges[k])}`);
        assert.ok(y > 0 && y < height);
      });
    });

test("no room, no picture; a point without numbers flows nowhere", () => {
  const edges = edgesOf(GRAPHS.beale);
  assert.equal(arrange(3, edges, 39, 300), null);
  assert.equal(arrange(3, edges, 300, 39), null);
  assert.ok(numbersAt("beale", edges, NaN, 1).flows.every(({share}) => share === 0));
});

test("before the first step there is no gradient, and where it is 0 nothing multiplied it", () => {
  const exact = {P: [1, 2], G: [0, 4], U: [0.5, -1]};
  const running = {kind: "running"};
  assert.deepEqual(textsOf({frame: {exact, step: 0}, status: running}), [
    ["1.00000", "–", "–", "–"],
    ["2.00000", "–", "–", "–"],
  ]);
  assert.deepEqual(textsOf({frame: {exact, step: 3}, status: running}), [
    ["1.00000", "0", "0.500", "–"],
    ["2.00000", "4.00", "−1.00", "0.250"],
  ]);
  assert.equal(textsOf({frame: {exact, step: 3}, status: {kind: "diverged"}})[1][3], "–");
});
