import assert from "node:assert/strict";
import {test} from "node:test";

import {createHand} from "../../../static/js/app/hand.js";

function bench() {
  let time = 1000;
  const target = new EventTarget();
  const hand = createHand(target, () => time);
  return {
    hand,
    at(ms, kind) {
      time = ms;
      if (kind) target.dispatchEvent(new Event(kind));
    },
  };
}

test("all changes of one press carry its number, however long it lasts", () => {
  const {hand, at} = bench();
  at(2000, "pointerdown");
  const first = hand.mark("set", {learning_rate: 1});
  at(60_000);
  assert.deepEqual(hand.mark("set", {learning_rate: 2}), {learning_rate: 2, hand: first.hand});
  at(60_010, "pointerup");
  assert.equal(hand.mark("set", {learning_rate: 3}).hand, first.hand);
  at(70_000, "pointerdown");
  assert.notEqual(hand.mark("set", {learning_rate: 4}).hand, first.hand);
});

test("after the release, and for what nobody drags, there is no press", () => {
  const {hand, at} = bench();
  assert.deepEqual(hand.mark("set", {learning_rate: 1}), {learning_rate: 1});
  at(2000, "pointerdown");
  assert.deepEqual(hand.mark("configure", {loss: "mse"}), {loss: "mse"});
  assert.equal(hand.mark("play"), undefined);
  at(2100, "pointerup");
  at(3000);
  assert.deepEqual(hand.mark("set", {learning_rate: 1}), {learning_rate: 1});
});
