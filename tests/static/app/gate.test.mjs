import assert from "node:assert/strict";
import {test} from "node:test";

import {createGate} from "../../../static/js/app/gate.js";

/** A gate with a clock and animation frames moved by hand. */
function bench() {
  let now = 0;
  let queue = [];
  const gate = createGate(
    callback => queue.push(callback),
    () => now,
  );
  return {
    gate,
    tick(ms = 16) {
      now += ms;
      const due = queue;
      queue = [];
      for (const callback of due) callback();
    },
  };
}

test("with nothing on its way every request is drawn in the next animation frame", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.draw(() => drawn.push("a"));
  tick();
  assert.deepEqual(drawn, ["a"]);
});

test("an old frame waits for the one that obeys", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.sent();
  gate.arrived();
  gate.tell(() => drawn.push("picture"));
  tick();
  assert.deepEqual(drawn, []);
  gate.answered();
  gate.arrived();
  tick(5);
  assert.deepEqual(drawn, ["picture"]);
});

test("what obeys has its animation frame to itself", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.draw(() => drawn.push("chart"));
  gate.sent();
  gate.answered();
  gate.arrived();
  gate.tell(() => {
    drawn.push("picture");
    gate.drawn();
  });
  tick();
  assert.deepEqual(drawn, ["picture"]);
  tick();
  assert.deepEqual(drawn, ["picture", "chart"]);
});

test("no answer holds the picture back for long", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.sent();
  gate.draw(() => drawn.push("picture"));
  tick();
  assert.deepEqual(drawn, []);
  tick();
  assert.deepEqual(drawn, ["picture"]);
});

test("once the hand has its picture, the next one waits for nothing", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.sent();
  gate.answered();
  gate.arrived();
  gate.drawn();
  gate.draw(() => drawn.push("next"));
  tick(1);
  assert.deepEqual(drawn, ["next"]);
});

test("a hand that never rests does not stop the picture", () => {
  const {gate, tick} = bench();
  const drawn = [];
  for (let k = 0; k < 4; k++) {
    gate.sent();
    gate.tell(() => {
      drawn.push(k);
      gate.drawn();
    });
    gate.answered();
    gate.sent();
    gate.arrived();
    tick(8);
  }
  assert.deepEqual(drawn, [0, 1, 2, 3]);
});

test("changes in a row do not lengthen the patience with the first", () => {
  const {gate, tick} = bench();
  const drawn = [];
  gate.sent();
  gate.draw(() => drawn.push("picture"));
  tick();
  gate.sent();
  tick();
  assert.deepEqual(drawn, ["picture"]);
});

test("all that waits asks for one animation frame, and what fails takes nothing with it", t => {
  const asked = [];
  const gate = createGate(
    callback => asked.push(callback),
    () => 0,
  );
  const drawn = [];
  const failed = [];
  globalThis.reportError = error => failed.push(error.message);
  t.after(() => delete globalThis.reportError);
  gate.draw(() => drawn.push("a"));
  gate.draw(() => {
    throw new Error("no ink");
  });
  gate.draw(() => {
    drawn.push("b");
    gate.draw(() => drawn.push("c"));
  });
  assert.equal(asked.length, 1);
  asked.shift()();
  assert.deepEqual(drawn, ["a", "b"]);
  assert.deepEqual(failed, ["no ink"]);
  assert.equal(asked.length, 1);
  asked.shift()();
  assert.deepEqual(drawn, ["a", "b", "c"]);
});
