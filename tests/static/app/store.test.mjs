import assert from "node:assert/strict";
import test from "node:test";
import {createStore} from "../../../static/js/app/store.js";

/** A store whose animation frames come by hand, and the states that it has told. */
function bench(initial) {
  const scheduled = [];
  const seen = [];
  const store = createStore(initial, run => scheduled.push(run));
  store.subscribe(state => seen.push(state));
  return {store, scheduled, seen};
}

test("patches between two frames are announced once, with the last state", () => {
  const {store, scheduled, seen} = bench({a: 1, b: 1});
  store.set({a: 2});
  store.set({b: 3});
  assert.equal(scheduled.length, 1);
  assert.deepEqual(seen, []);
  scheduled[0]();
  assert.deepEqual(seen, [{a: 2, b: 3}]);
});

test("a patch made while listeners run is announced in the next frame", () => {
  const scheduled = [];
  const seen = [];
  const store = createStore({n: 0}, run => scheduled.push(run));
  store.subscribe(state => {
    seen.push(state.n);
    if (state.n === 1) store.set({n: 2});
  });
  store.set({n: 1});
  scheduled[0]();
  assert.equal(scheduled.length, 2);
  scheduled[1]();
  assert.deepEqual(seen, [1, 2]);
});

test("what waits is told at once where it has to be, and once only", () => {
  const {store, scheduled, seen} = bench({n: 0, streamed: 0});
  store.set({n: 1});
  store.catchUp("n");
  assert.deepEqual(seen, [{n: 1, streamed: 0}]);
  store.catchUp("n");
  scheduled.forEach(run => run());
  assert.equal(seen.length, 1);
  store.set({streamed: 2});
  store.catchUp("n");
  assert.equal(seen.length, 1);
  scheduled.at(-1)();
  assert.deepEqual(seen.at(-1), {n: 1, streamed: 2});
});

test("who has left hears nothing more", () => {
  const scheduled = [];
  const seen = [];
  const store = createStore({n: 0}, run => scheduled.push(run));
  store.subscribe(state => seen.push(state.n))();
  store.set({n: 1});
  scheduled[0]();
  assert.deepEqual(seen, []);
});
