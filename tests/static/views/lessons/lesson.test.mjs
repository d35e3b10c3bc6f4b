import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {initialState} from "../../../../static/js/model/model.js";
import {faultsOf} from "../../../../static/js/views/lessons/expressions.js";
import {createProgress} from "../../../../static/js/views/lessons/progress.js";
import {NAMES, NOTHING, arity, quantitiesOf} from "../../../../static/js/views/lessons/quantities.js";
import {Setup, pickOf, reliedOn, wandered} from "../../../../static/js/views/lessons/setup.js";
import {readNumber, verdictOn} from "../../../../static/js/views/lessons/verdict.js";

test("numbers are read as people write them", () => {
  const written = {0.5: 0.5, " −0,5 ": -0.5, "2e-3": 0.002, "2×10^-3": 0.002, "2 * 10^(-3)": 0.002, "": NaN, a: NaN};
  for (const [text, value] of Object.entries(written)) assert.equal(readNumber(text), value, text);
});

test("a number is judged with the slip that explains it", () => {
  const kind = (given, right, slips = []) => verdictOn(given, right, 0.02, slips).kind;
  assert.equal(kind(0.0821, 0.0822), "right");
  assert.equal(kind(0, 0), "right");
  assert.equal(kind(NaN, 1), "unreadable");
  assert.equal(kind(1, NaN), "unknown");
  assert.deepEqual(verdictOn(0.5, 2, 0.02, [7, 0.5]), {kind: "slip", slip: 1});
  assert.equal(kind(-2, 2), "sign");
  assert.deepEqual(verdictOn(0.2, 2, 0.02, []), {kind: "power", factor: 0.1});
  assert.deepEqual(verdictOn(3, 2, 0.02, []), {kind: "off", share: 0.5});
  assert.deepEqual(verdictOn(8, 2, 0.02, []), {kind: "large", times: 4});
  assert.deepEqual(verdictOn(0.5, 2, 0.02, []), {kind: "small", times: 4});
  assert.equal(kind(-8, 2), "off");
});

test("progress outlives the page where it can, and else lasts as long as the page", () => {
  const kept = new Map();
  const storage = {getItem: key => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value)};
  createProgress(storage).set("one", {step: 2, done: [0, 1]});
  createProgress(storage).set("two", {notes: "x".repeat(50_000)});
  const again = createProgress(storage);
  assert.deepEqual(again.get("one"), {step: 2, done: [0, 1], answers: {}, numbers: {}, notes: ""});
  assert.equal(again.get("two").notes.length, 20_000);
  assert.equal(again.get("three"), null);
  assert.equal(again.get("constructor"), null);
  const full = {
    getItem: () => "{",
    setItem() {
      throw new Error("full");
    },
  };
  for (const bad of [full, null]) {
    const page = createProgress(bad);
    page.set("one", {step: 3});
    assert.equal(page.get("one").step, 3);
  }
});

test("before anything is there every quantity is asked without harm, and no number of the run is known", () => {
  const quantity = quantitiesOf(initialState("en", "light"), NOTHING);
  const own = new Set(["answer", "checked", "lanes", "opened", "diverged", "clip_norm", "momentum", "lane_diverged"]);
  const functions = new Set(["abs", "sqrt", "exp", "log", "min", "max", "activation", "normalization"]);
  for (const name of NAMES) {
    const value = quantity(name, Array(arity(name)).fill(1));
    if (!own.has(name) && !functions.has(name))
      assert.ok(Number.isNaN(value) || value === Infinity, `${name} ${value}`);
  }
});

test("every quantity is documented, and nothing else is", () => {
  const text = readFileSync(new URL("../../../../docs/lessons.md", import.meta.url), "utf8");
  const rows = text.matchAll(/^\| ((?:`[^|]+`(?:, )?)+) \|/gm);
  const named = [...rows].flatMap(([, cell]) => [...cell.matchAll(/`([a-z_0-9]+)/g)].map(([, name]) => name));
  for (const name of NAMES) assert.ok(named.includes(name), `${name} is not in docs/lessons.md`);
});

test("what only the page can tell to be wrong is told by file and line", () => {
  const step = {look: ["network", "nowhere"], lines: {look: 4}, until: {text: "los < 1", file: "lesson.json", line: 5}};
  const faults = faultsOf({steps: [step]});
  assert.deepEqual(
    faults.map(({line, key}) => [line, key]),
    [
      [5, "condition.quantity"],
      [4, "condition.look"],
    ],
  );
});

test("selections are written as formulas write them, and a run of other data is another", () => {
  assert.deepEqual(pickOf({weight: [1, 2, 3]}), {kind: "weight", layer: 1, to: 1, from: 2});
  assert.deepEqual(pickOf({neuron: [0, 1]}), {kind: "neuron", layer: 0, index: 0});
  const config = (name, hidden) => ({data: {name}, network: {hidden}});
  const state = {...initialState("en", "light"), config: config("xor", [4])};
  const relied = ["data.name", "network.hidden"];
  assert.equal(wandered(state, {config: config("xor", [4])}, relied), false);
  assert.equal(wandered(state, {config: config("circle", [4])}, relied), true);
  assert.equal(wandered(state, {config: config("xor", [4, 4])}, relied), true);
  assert.equal(wandered(state, null, relied), false);
});

test("a step relies on what the lesson set, but not on what it asks to change", () => {
  const state = {set: ["optimizer.learning_rate", "seed", "network.activation"]};
  const steps = [{state}, {until: {text: "learning_rate > 0.1"}}, {until: {text: "loss < 0.1"}}, {state: {set: []}}];
  assert.deepEqual(reliedOn(steps, 0), ["data.name", "network.hidden", ...state.set]);
  assert.deepEqual(reliedOn(steps, 1), ["data.name", "network.hidden", "seed", "network.activation"]);
  assert.deepEqual(reliedOn(steps, 2), reliedOn(steps, 1));
  assert.deepEqual(reliedOn(steps, 3), ["data.name", "network.hidden"]);
});

test("a state has come with the first frame made after it was asked for, though the run before was just alike", async () => {
  const config = {data: {name: "circle"}};
  const wanted = {preset: "circle", patched: true, config, lanes: [], step: 0, surface: {}, open: []};
  const replies = [{seq: 41}, {seq: 42}];
  const setup = new Setup({act: async () => replies.shift(), choose: () => {}});
  const state = {...initialState("en", "light"), config, layout: {id: 7}};
  const shows = (seq, step) => setup.update({...state, frame: {layout: 7, seq, step}});
  const coming = setup.begin(wanted);
  shows(41, 900);
  assert.ok(setup.busy, "nothing is answered yet");
  await coming;
  for (const [seq, step] of [
    [40, 900],
    [41, 0],
  ]) {
    shows(seq, step);
    assert.ok(setup.busy, `frame ${seq} is of the run before`);
  }
  shows(42, 0);
  assert.ok(!setup.busy);
});
