import assert from "node:assert/strict";
import test from "node:test";
import {glanceOf, pageOf, viewOf} from "../../../static/js/app/glance.js";
import {initialState} from "../../../static/js/model/model.js";

const layout = {sizes: [2, 4, 1]};
const first = initialState("en", "light");
const state = {...first, layout};

test("what is shown is what was chosen, not where a pointer is, and can be shown again as it was", () => {
  const probe = {kind: "picture", pixels: Float32Array.from([0.5, 0.123456])};
  const chosen = {
    ...{surface: "contour", race: true, lesson: "gradient", lesson_at: 2, probe},
    ...{camera: {turn: 1, tilt: 0.5, zoom: 2, x: 0.1, y: 0}, selected: {kind: "neuron", layer: 1, index: 3}},
    ...{phase: {at: 4, row: 0, unfolded: ["layer:1"]}, hover: {kind: "neuron", layer: 1, index: 0}},
  };
  const told = JSON.parse(JSON.stringify(glanceOf({page: "simple", view: {...first.view, ...chosen}})));
  assert.equal("hover" in told, false);
  assert.equal(pageOf(told), "simple");
  const {hover, probe: _, ...same} = chosen;
  const found = viewOf(told, state);
  for (const [name, value] of Object.entries(same)) assert.deepEqual(found[name], value, name);
  assert.deepEqual([...found.probe.pixels], [0.5, Math.fround(0.123)]);
});

test("a weight that is not there is not selected", () => {
  const weight = {kind: "weight", layer: 1, from: 1, to: 3};
  assert.deepEqual(viewOf({selected: weight}, state).selected, weight);
  for (const wrong of [
    {...weight, layer: 5},
    {...weight, to: 4},
    {kind: "neuron", layer: 2, index: 1},
  ])
    assert.equal(viewOf({selected: wrong}, state).selected, null);
  assert.deepEqual(viewOf({surface: "cut", hover: 1, unknown: 2}, state), {surface: "cut"});
});

test("where everybody has their own pace, no lesson is open beside the teacher's run", () => {
  assert.equal(viewOf({lesson: "gradient"}, state).lesson, "gradient");
  assert.equal(viewOf({lesson: "gradient"}, {...state, room: {own_pace: true}}).lesson, null);
});

/** A random generator that is the same each time. @param {number} seed */
function chance(seed) {
  let x = seed;
  return (below = 1) => {
    x = (1103515245 * x + 12345) % 2147483648;
    return Math.floor((x / 2147483648) * below);
  };
}

/** Something odd. @returns {any} */
function odd(pick, depth = 0) {
  const kinds = [
    null,
    true,
    "3d",
    "",
    "<b>",
    "x".repeat(99),
    0,
    -1,
    1.5,
    1e308,
    NaN,
    [],
    {},
    "neuron",
    "picture",
    "point",
  ];
  if (depth > 2 || pick(3)) return kinds[pick(kinds.length)];
  const names = [
    "kind",
    "layer",
    "index",
    "from",
    "to",
    "of",
    "at",
    "row",
    "unfolded",
    "pixels",
    "picks",
    "flow",
    "turn",
  ];
  if (pick(2)) return Array.from({length: pick(4)}, () => odd(pick, depth + 1));
  return Object.fromEntries(Array.from({length: pick(6)}, () => [names[pick(names.length)], odd(pick, depth + 1)]));
}

test("whatever a student who drives sends, nothing reaches the views that they do not make themselves", () => {
  const pick = chance(7);
  const names = Object.keys(glanceOf(first));
  const usual = {selected: "object", highlight: "object", probe: "object", camera: "object", phase: "object"};
  for (let n = 0; n < 5000; n++) {
    const name = names[pick(names.length)];
    const found = viewOf({[name]: odd(pick)}, state)[name];
    if (found === undefined || found === null) continue;
    assert.equal(
      typeof found,
      usual[name] ?? (name === "lesson_at" ? "number" : typeof first.view[name] === "boolean" ? "boolean" : "string"),
    );
    if (name === "selected") assert.ok(layout.sizes[found.layer] > (found.index ?? found.to));
    if (name === "probe" && found.kind === "point") assert.ok(found.at.every(Number.isFinite) && found.at.length === 2);
    if (name === "phase") assert.ok(Number.isInteger(found.at) && Array.isArray(found.unfolded));
  }
  assert.deepEqual(viewOf({camera: {turn: NaN, tilt: 0, zoom: 1, x: 0, y: 0}}, state), {});
});
