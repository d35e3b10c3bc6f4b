import assert from "node:assert/strict";
import test from "node:test";
import {fileName, readRunFile} from "../../../static/js/app/runs.js";
import {createUnsaved} from "../../../static/js/app/unsaved.js";

const FILE = {format: "backscope-run", version: 1, name: "a", run: {config: {seed: 1}, log: [], step: 3}};

test("a file of a run is read, and whatever else is told apart", () => {
  assert.deepEqual(readRunFile(JSON.stringify(FILE)), {run: FILE.run, tables: []});
  assert.deepEqual(readRunFile(JSON.stringify({...FILE, tables: [{X: []}]})).tables, [{X: []}]);
  assert.deepEqual(readRunFile(JSON.stringify({...FILE, version: 2})), {wrong: "version"});
  for (const text of ["", "{", "null", "[]", "3", '{"format":"backscope-run"}'])
    assert.deepEqual(readRunFile(text), {wrong: "unreadable"});
  for (const run of [null, 3, {}, {config: {}}, {config: 3, log: []}])
    assert.deepEqual(readRunFile(JSON.stringify({...FILE, run})), {wrong: "unreadable"});
});

test("a thousand broken files are told apart from runs, and none throws", () => {
  const text = JSON.stringify({...FILE, tables: [{X: [1, 2]}]});
  let drawn = 7;
  const next = () => (drawn = (drawn * 48271) % 2147483647);
  const letters = '{}[]",:0a\u0000';
  let wrong = 0;
  for (let k = 0; k < 1000; k += 1) {
    const at = next() % text.length;
    const found = readRunFile(text.slice(0, at) + letters[next() % letters.length] + text.slice(at + 1 + (next() % 4)));
    if ("wrong" in found) wrong += Number(["unreadable", "version"].includes(found.wrong));
    else assert.ok(found.run.config && Array.isArray(found.run.log));
  }
  assert.ok(wrong > 500, `${wrong}`);
});

test("a file is called like its run, with nothing that a file system would mind", () => {
  assert.equal(fileName("Two moons: 4/2"), "Two-moons-42.backscope.json");
  assert.equal(fileName("环形 8-8"), "环形-8-8.backscope.json");
  assert.equal(fileName("../"), "run.backscope.json");
});

test("what the server has not said to be kept is named once after a loss", () => {
  const unsaved = createUnsaved();
  unsaved.keeps(true);
  unsaved.note("set", {learning_rate: 1}, {ok: true, id: 4});
  unsaved.note("set", {learning_rate: 2}, {ok: true, id: 7});
  unsaved.note("play", {}, {ok: true, id: 8});
  unsaved.note("set", {learning_rate: 3}, {ok: false, code: "out_of_range"});
  unsaved.saved(4);
  unsaved.note("set", {learning_rate: 4}, {ok: false, code: "disconnected"});
  assert.deepEqual(
    unsaved.lost(true).map(change => change.fields.learning_rate),
    [2, 4],
  );
  assert.deepEqual(unsaved.lost(true), []);
  unsaved.note("set", {learning_rate: 5}, {ok: true, id: 9});
  assert.deepEqual(unsaved.lost(false), [], "the server lives: it has what it obeyed");
  unsaved.keeps(false);
  unsaved.note("set", {learning_rate: 6}, {ok: true, id: 10});
  assert.deepEqual(unsaved.lost(true), [], "nothing was promised");
});
