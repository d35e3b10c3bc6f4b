import assert from "node:assert/strict";
import test from "node:test";

import {later} from "../../../static/js/app/later.js";

const reported = [];
globalThis.reportError = error => reported.push(error.message);

/** A view that keeps what it is told, and a loader that can be made to fail. */
function stage() {
  const told = [];
  const made = {
    count: 0,
    fails: false,
    view: {update: state => told.push(state), destroy: () => told.push("destroyed")},
  };
  const load = async () => {
    made.count++;
    if (made.fails) throw new Error("no connection");
    return made.view;
  };
  return {told, made, load};
}

test("a view that comes late is told the newest state and no older one", async () => {
  const {told, made, load} = stage();
  const view = later(load);
  view.update(1);
  view.update(2);
  assert.equal(made.count, 0);
  assert.equal(await view.ready(), made.view);
  assert.deepEqual(told, [2]);
  view.update(3);
  assert.deepEqual(told, [2, 3]);
});

test("a state that wants it fetches it, once", async () => {
  const {told, made, load} = stage();
  const view = later(load, state => state > 1);
  view.update(1);
  assert.equal(made.count, 0);
  view.update(2);
  view.update(3);
  await Promise.all([view.ready(), view.ready()]);
  assert.equal(made.count, 1);
  assert.deepEqual(told, [3]);
});

test("what could not be fetched is reported and fetched at the next wish", async () => {
  const {told, made, load} = stage();
  const view = later(load, state => state > 1);
  made.fails = true;
  for (const state of [2, 3]) {
    view.update(state);
    await new Promise(setImmediate);
  }
  assert.deepEqual(reported, ["no connection"], "not with every frame");
  await assert.rejects(view.ready);
  made.fails = false;
  view.update(1);
  assert.equal(made.count, 2);
  view.update(4);
  await view.ready();
  assert.deepEqual(told, [4]);
});

test("an end before it has come is no error, and one after it ends the view", async () => {
  const {told, load} = stage();
  const view = later(load);
  view.destroy();
  await view.ready();
  view.destroy();
  assert.deepEqual(told, ["destroyed"]);
});
