// What was asked for and has not come yet: Escape takes the last wish back, and only that.

import assert from "node:assert/strict";
import {test} from "node:test";

import {Entrances} from "../../../static/js/app/entrances.js";

/** A promise, and what settles it. */
function awaited() {
  const wait = {};
  wait.promise = new Promise((resolve, reject) => Object.assign(wait, {resolve, reject}));
  return wait;
}

/** A page that hears of keys, and a press of Escape on it that says whether something used it. */
function page() {
  const heard = [];
  return {
    addEventListener: (kind, listener) => heard.push(listener),
    escape(key = "Escape", defaultPrevented = false) {
      const event = {key, defaultPrevented, preventDefault: () => (event.defaultPrevented = true)};
      for (const listener of heard) listener(event);
      return event.defaultPrevented;
    },
  };
}

test("what comes is wanted unless Escape was pressed meanwhile", async () => {
  const keys = page();
  const entrances = new Entrances(keys);
  const [first, second] = [awaited(), awaited()];
  const [one, two] = [entrances.through(first.promise), entrances.through(second.promise)];
  assert.equal(keys.escape("Enter"), false);
  assert.equal(keys.escape(), true);
  second.resolve();
  assert.equal(await two, false);
  first.resolve();
  assert.equal(await one, true);
  assert.equal(keys.escape(), false);
});

test("each press takes back one wish, the last first, and none that is there or has failed", async () => {
  const keys = page();
  const entrances = new Entrances(keys);
  const waits = Array.from({length: 3}, () => awaited());
  const all = waits.map(({promise}) => entrances.through(promise));
  waits[2].reject(new Error("no network"));
  await assert.rejects(all[2], /no network/);
  assert.deepEqual([keys.escape(), keys.escape(), keys.escape()], [true, true, false]);
  for (const wait of waits) wait.resolve();
  assert.deepEqual(await Promise.all(all.slice(0, 2)), [false, false]);
});

test("a press that something else has used is not used again", async () => {
  const keys = page();
  const entrances = new Entrances(keys);
  const wait = awaited();
  const through = entrances.through(wait.promise);
  assert.equal(keys.escape("Escape", true), true);
  wait.resolve();
  assert.equal(await through, true);
});
