import assert from "node:assert/strict";
import test from "node:test";
import {
  MOST_ITEMS,
  choiceLines,
  choicesOf,
  fieldsOf,
  moved,
  readPlan,
  stepOf,
  writePlan,
} from "../../../static/js/model/plan.js";

const question = {kind: "choice", text: "Why?", choices: ["a", "b"], right: 1, step: "", rate: ""};
const state = {name: "s", run: {config: {seed: 1}, log: [], step: 3}, view: {surface: "cut"}};

test("a list comes back from its file as it was", () => {
  assert.deepEqual(readPlan(writePlan([{question}, state])), {items: [{question}, state]});
});

test("of a run in a file nothing is taken but what a run is made of", () => {
  const file = writePlan([{...state, run: {...state.run, op: "room_close", id: 1}}]);
  assert.deepEqual(readPlan(file), {items: [state]});
});

test("what is no list is refused whole, and nothing of it reaches the page", () => {
  const file = items => JSON.stringify({format: "backscope-class", version: 1, items});
  assert.deepEqual(readPlan(JSON.stringify({format: "backscope-class", version: 2, items: []})), {wrong: "version"});
  for (const text of ["", "null", "{}", "[]", JSON.stringify({format: "backscope-run", version: 1, items: []})])
    assert.deepEqual(readPlan(text), {wrong: "unreadable"}, text);
  const bad = [
    ...[null, 3, {}, {question: {}}, {name: "s"}, {name: "s", run: {}}, {...state, view: []}],
    ...[{question: {...question, kind: "__proto__"}}, {question: {...question, right: 2}}],
    ...[{question: {...question, text: "x".repeat(201)}}, {question: {...question, choices: [1, 2]}}],
  ];
  for (const item of bad) assert.deepEqual(readPlan(file([state, item])), {wrong: "unreadable"}, JSON.stringify(item));
  assert.deepEqual(readPlan(file(Array(MOST_ITEMS + 1).fill(state))), {wrong: "unreadable"});
});

test("a step is one of the run, or so many from where it stands", () => {
  assert.equal(stepOf(" 700 ", 30), 700);
  assert.equal(stepOf("+500", 30), 530);
  assert.ok(Number.isNaN(stepOf("soon", 30)));
});

test("a question is asked with the fields of its kind, and no others", () => {
  assert.deepEqual(fieldsOf(question, 9), {kind: "choice", text: "Why?", choices: ["a", "b"], right: 1});
  assert.deepEqual(fieldsOf({...question, right: null}, 9), {kind: "choice", text: "Why?", choices: ["a", "b"]});
  assert.deepEqual(fieldsOf({...question, kind: "words"}, 9), {kind: "words", text: "Why?"});
  const ofRun = {...question, kind: "rate", step: "+5", rate: "0,5"};
  assert.deepEqual(fieldsOf(ofRun, 9), {kind: "rate", step: 14, rate: 0.5});
});

test("a star marks the right choice, and comes back where it is typed on", () => {
  assert.deepEqual(choicesOf("up\n * down \n\n*\n"), {choices: ["up", "down"], right: 1});
  assert.deepEqual(choicesOf("up\ndown"), {choices: ["up", "down"], right: null});
  assert.equal(choiceLines(choicesOf("up\n*down")), "up\n* down");
});

test("an item is moved between others", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "c", "b"]);
});
