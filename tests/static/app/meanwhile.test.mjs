import assert from "node:assert/strict";
import test from "node:test";
import {Meanwhile} from "../../../static/js/app/meanwhile.js";
import {keepsSlowMotion} from "../../../static/js/model/kept.js";

/** A page whose clock the test sets. @param {Record<string, any>} [known] */
function page(known = {}) {
  let state = {connection: "connecting", outage: null, microscope: null, frame: null, layout: null, ...known};
  const clock = {now: 1_000_000};
  const store = {get: () => state, set: patch => (state = {...state, ...patch})};
  return {meanwhile: new Meanwhile(store, () => clock.now), state: () => state, clock};
}

test("a loss lasts from its first moment, whatever is tried, and is told once when it is over", () => {
  const {meanwhile, state, clock} = page();
  meanwhile.turned("open");
  assert.equal(state().outage, null);
  meanwhile.turned("lost");
  clock.now += 20_000;
  meanwhile.because("gone");
  meanwhile.turned("lost");
  assert.deepEqual(state().outage, {since: 1_000_000, cause: "gone"});
  clock.now += 15_000;
  meanwhile.turned("open");
  meanwhile.because("blocked");
  assert.equal(state().outage, null);
  assert.equal(meanwhile.back(), 35_000);
  assert.equal(meanwhile.back(), 0);
});

test("a loss that was noticed late began with the last that came, one that was told at once begins now", () => {
  for (const [silence, since] of [
    [12_000, 1_000_000],
    [1900, 1_001_900],
  ]) {
    const {meanwhile, state, clock} = page();
    meanwhile.turned("open");
    meanwhile.heard();
    clock.now += silence;
    meanwhile.turned("lost");
    assert.equal(state().outage.since, since);
    clock.now += 500;
    meanwhile.turned("open");
    assert.equal(meanwhile.back(), silence > 3000 ? silence + 500 : 0);
  }
});

test("what is over before it can be read is not told", () => {
  const {meanwhile, clock} = page();
  meanwhile.turned("lost");
  clock.now += 400;
  meanwhile.turned("open");
  assert.equal(meanwhile.back(), 0);
});

test("slow motion goes on over the step that is here, and over no other", () => {
  const microscope = {number: 8, row: 3, layout: 1};
  const known = {microscope, frame: {step: 7}, layout: {id: 1}, connection: "lost", playing: false};
  const {meanwhile, state} = page(known);
  assert.deepEqual(meanwhile.answer("microscope"), {ok: true});
  assert.notEqual(state().microscope, microscope, "it is announced again");
  assert.deepEqual(meanwhile.answer("microscope", {row: 3}), {ok: true});
  assert.equal(meanwhile.answer("microscope", {row: 4}), null);
  assert.equal(meanwhile.answer("step"), null);
  assert.equal(page({...known, connection: "open"}).meanwhile.answer("microscope"), null);
  assert.equal(keepsSlowMotion(state()), true);
  for (const other of [{frame: {step: 8}}, {layout: {id: 2}}, {playing: true}, {microscope: null}])
    assert.equal(keepsSlowMotion({...state(), ...other}), false);
});
