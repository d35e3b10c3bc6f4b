import assert from "node:assert/strict";
import {test} from "node:test";

import en from "../../../static/i18n/en.json" with {type: "json"};
import {rowsOf} from "../../../static/js/views/graph/card.js";
import {EXAMPLES} from "../../../static/js/views/graph/examples.js";
import {arrange, columnsOf} from "../../../static/js/views/graph/layout.js";
import {nameText, treeText} from "../../../static/js/views/graph/names.js";
import {knownAfter, rangeOf, stepsOf} from "../../../static/js/views/graph/walk.js";

const BOX = {width: 124, height: 62, apart: 74, between: 58, upright: false};

/** A made-up graph in which every node but the last is taken by a later one. @param {number} seed */
function made(seed) {
  let x = seed * 7919 + 1;
  const random = n => (x = (x * 48271) % 2147483647) % n;
  const count = 6 + random(40);
  const edges = [];
  for (let from = 0; from < count - 1; from += 1)
    for (let k = 0; k <= random(2); k += 1) edges.push({from, to: from + 1 + random(Math.min(9, count - from - 1))});
  return {count, edges};
}

test("boxes never overlap, stand before what takes them, and fit the picture, in both directions", () => {
  for (let seed = 1; seed <= 60; seed += 1)
    for (const upright of [false, true]) {
      const {count, edges} = made(seed);
      const box = {...BOX, apart: upright ? 136 : 74, upright};
      const {places, width, height, curves} = arrange(count, edges, box);
      assert.equal(curves.length, edges.length);
      for (const {from, to} of edges)
        assert.ok(upright ? places[from].y < places[to].y : places[from].x < places[to].x, `${seed}`);
      places.forEach((a, i) => {
        assert.ok(a.x >= box.width / 2 - 1e-6 && a.x <= width - box.width / 2 + 1e-6, `${seed} ${a.x} of ${width}`);
        assert.ok(a.y >= box.height / 2 - 1e-6 && a.y <= height - box.height / 2 + 1e-6, `${seed} ${a.y}`);
        for (const b of places.slice(i + 1))
          assert.ok(Math.abs(a.x - b.x) >= box.width - 1e-6 || Math.abs(a.y - b.y) >= box.height - 1e-6, `${seed}`);
      });
    }
});

test("a node stands right before the first that takes it", () => {
  const edges = [
    {from: 0, to: 2},
    {from: 1, to: 3},
    {from: 2, to: 3},
  ];
  assert.deepEqual(columnsOf(4, edges), [0, 1, 1, 2]);
});

/** C = (w·x)², with numbers. */
const GRAPH = {
  nodes: [
    {name: "w", sign: "variable", tree: "w", value: 2, derivative: 36},
    {name: "x", sign: "variable", tree: "x", value: 3, derivative: 24},
    {name: "v1", sign: "*", tree: ["*", "w", "x"], value: 6, derivative: 12},
    {name: "C", sign: "**", tree: ["**", "v1", 2], value: 36, derivative: 1},
  ],
  edges: [
    {from: 0, to: 2, rule: "x", slope: 3, flow: 36},
    {from: 1, to: 2, rule: "w", slope: 2, flow: 24},
    {from: 2, to: 3, rule: ["*", 2, "v1"], slope: 12, flow: 12},
  ],
};

test("the walk goes forward through what is computed, then back through all, and knows one number more each time", () => {
  const steps = stepsOf(GRAPH);
  assert.deepEqual(
    steps.map(({node, way}) => `${way[0]}${node}`),
    ["f2", "f3", "b3", "b2", "b1", "b0"],
  );
  for (let k = 0; k <= steps.length; k += 1) {
    const {values, derivatives} = knownAfter(GRAPH, k);
    assert.equal(values.size + derivatives.size, 2 + k);
    // what arrives is known before it is multiplied
    for (const {from, to} of GRAPH.edges) assert.ok(!derivatives.has(from) || derivatives.has(to));
  }
});

test("the table has every number of the picture", () => {
  assert.deepEqual(rowsOf(GRAPH)[0], ["w", "", "2", "36", "12 · 3"]);
  assert.deepEqual(rowsOf(GRAPH)[2], ["v1", "w·x", "6", "12", "1 · 12"]);
});

test("names and formulas as the textbook prints them", () => {
  assert.equal(nameText("w1_23"), "w¹₂₃");
  assert.equal(nameText("x12"), "x₁₂");
  assert.equal(nameText("loss"), "loss");
  assert.equal(treeText(["*", ["+", "a", "b"], ["-", "x1"]]), "(a + b)·(−x₁)");
  assert.equal(treeText(["-", "a", ["-", "b", 0.5]]), "a − (b − 0.5)");
  assert.equal(treeText(["sigmoid", ["**", "z", 3]]), "σ(z³)");
});

test("every example has its name, and a slider holds the value it begins with", () => {
  for (const name of ["own", "run", ...Object.keys(EXAMPLES)]) assert.ok(en[`graph.example_${name}`]);
  for (const value of [0, -0.3, 17, 1e-9]) {
    const {min, max, step} = rangeOf(value);
    assert.ok(min <= value && value <= max && step > 0);
  }
});
