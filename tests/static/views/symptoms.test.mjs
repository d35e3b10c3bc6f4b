// What goes wrong in a run: how it is said, when it is not said again, and what is done about it.

import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import test from "node:test";
import {fillIn} from "../../../static/js/draw/i18n.js";
import {ranges, Read, remedyWords, symptomWords, take} from "../../../static/js/views/notices/symptoms.js";

const words = JSON.parse(await readFile(new URL("../../../static/i18n/en.json", import.meta.url), "utf8"));
const t = (key, params = {}) => fillIn("en", words[key], params);
const symptom = (name, more = {}) => ({name, step: 40, layers: [], value: null, remedies: [], ...more});
const dead = symptom("dead", {layers: [1, 2]});
const stateOf = (symptoms, step = 100, more = {}) => ({
  lane: 0,
  lanes: [{id: 0, step}],
  playing: false,
  options: {limits: {lanes: 6}},
  frame: {step, symptoms},
  ...more,
});

test("three layers or more in a row are a range", () => {
  for (let mask = 1; mask < 256; mask++) {
    const numbers = [...Array(8).keys()].filter(k => (mask >> k) & 1);
    const parts = ranges(numbers)
      .split(", ")
      .map(part => part.split("–").map(Number));
    const read = parts.flatMap(([low, high = low]) => Array.from({length: high - low + 1}, (_, k) => low + k));
    assert.deepEqual(read, numbers);
    assert.ok(parts.every(([low, high]) => high === undefined || high > low + 1));
    for (const [[a], [b], [c]] of parts.slice(2).map((_, k) => parts.slice(k, k + 3)))
      assert.ok(c - b > 1 || b - a > 1 || !numbers.includes(a + 1) || !numbers.includes(a + 2), ranges(numbers));
  }
  assert.equal(ranges([2, 5, 6, 7, 9, 10]), "2, 5–7, 9, 10");
});

test("a symptom names its layers and its step, and leaves no place open", () => {
  assert.match(symptomWords(t, dead), /step 40.*layers 1, 2/);
  assert.match(symptomWords(t, symptom("saturated", {layers: [2], value: 0.995})), /layer 2, 99.5.% of/);
  assert.match(symptomWords(t, symptom("overfitting", {value: 1200})), /lowest at step 1.?200/);
  const parts = new Set(["layer", "layers", "beside", "restart"]);
  for (const key of Object.keys(words).filter(each => /^symptom\.[a-z]+$/.test(each))) {
    const name = key.slice("symptom.".length);
    if (!parts.has(name)) assert.doesNotMatch(symptomWords(t, symptom(name, {layers: [1], value: 2})), /[{}]/);
  }
});

test("what helps says its numbers, and whether it begins anew", () => {
  const remedy = {name: "weaker_penalty_slower", change: {}, values: {value: 0.001, rate: 0.1}, here: false};
  assert.equal(remedyWords(t, remedy, false).label, "Lane beside it: L2 = 0.001, η = 0.1");
  assert.match(remedyWords(t, remedy, true).label, /^Restart: /);
});

test("what has been read is not said again, until the run has gone back to before it", () => {
  const read = new Read();
  assert.equal(read.next(stateOf([dead])), dead);
  read.add(stateOf([dead]));
  assert.equal(read.next(stateOf([dead])), null);
  assert.equal(read.next(stateOf([], 200)), null);
  assert.equal(read.next(stateOf([dead], 300)), null);
  const other = symptom("clipped");
  assert.equal(read.next(stateOf([dead, other])), other);
  assert.equal(read.next(stateOf([dead], 100, {lane: 1})), dead);
  assert.equal(read.next(stateOf([], 10)), null);
  assert.equal(read.next(stateOf([dead], 90)), dead);
});

/** What is asked of the server. */
async function asked(state, remedy) {
  const calls = [];
  await take(
    async (op, fields = {}) => {
      calls.push([op, fields]);
      return op === "lane_add" ? {lane: 3} : {};
    },
    state,
    remedy,
  );
  return calls;
}

test("what helps goes in a lane beside the run, and goes on where that trained", async () => {
  const remedy = {name: "slower", change: {learning_rate: 0.1}, values: {rate: 0.1}, here: false};
  assert.deepEqual(await asked(stateOf([dead]), remedy), [
    ["lane_add", {change: {learning_rate: 0.1}, from: 0, start: "start"}],
    ["lane_focus", {lane: 3}],
  ]);
  const here = await asked(stateOf([dead], 100, {playing: true}), {...remedy, here: true});
  assert.equal(here[0][1].start, "here");
  assert.deepEqual(here.at(-1)[0], "play");
  const apart = [
    {id: 0, step: 100},
    {id: 1, step: 40},
  ];
  assert.equal((await asked(stateOf([dead], 100, {lanes: apart}), {...remedy, here: true}))[0][1].start, "start");
});

test("with all lanes taken the run begins anew with it", async () => {
  const lanes = [...Array(6).keys()].map(id => ({id, step: 100}));
  const calls = await asked(stateOf([dead], 100, {lanes}), {change: {learning_rate: 0.1, l2: 0}, here: true});
  assert.deepEqual(calls, [["configure", {lane: 0, optimizer: {learning_rate: 0.1}, l2: 0}]]);
});
