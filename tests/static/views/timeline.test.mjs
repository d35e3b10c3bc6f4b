import assert from "node:assert/strict";
import test from "node:test";
import {applyBinary, applyText, initialState} from "../../../static/js/model/model.js";
import {backwards, createSeeker} from "../../../static/js/model/seeker.js";
import {placeMarks, placeOf, stepAt, stepFor} from "../../../static/js/views/timeline/marks.js";

const measure = text => 6 * text.length;
const edit = (step, text) => ({step, text, kind: "edit"});

test("a step stands where it is found again, from the first to the last", () => {
  for (const step of [0, 1, 137, 999, 1000]) assert.equal(stepAt(placeOf(step, 1000, 640), 1000, 640), step);
  assert.equal(stepAt(-20, 1000, 640), 0);
  assert.equal(stepAt(900, 1000, 640), 1000);
  assert.equal(stepAt(5, 0, 640), 0);
  assert.equal(placeOf(3, 0, 640), 0);
});

test("keys lead by one, by a tenth, to the ends and from change to change", () => {
  const from = (key, shift = false) => stepFor(key, shift, 120, 300, [40, 120, 200]);
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"].map(key => from(key)),
    [119, 121, 150, 90, 0, 300],
  );
  assert.deepEqual([from("ArrowLeft", true), from("ArrowRight", true)], [40, 200]);
  assert.equal(stepFor("ArrowRight", true, 250, 300, [40]), 300);
  assert.equal(stepFor("ArrowRight", false, 300, 300, []), 300);
  assert.equal(from("a"), null);
});

test("marks that fall together become one, and words never run into each other", () => {
  const placed = placeMarks(
    [
      edit(500, "η 0.1"),
      edit(100, "Adam"),
      edit(502, "batch 5"),
      edit(530, "a rather long change"),
      {step: 900, text: "diverged", kind: "diverged"},
    ],
    1000,
    600,
    measure,
  );
  assert.deepEqual(
    placed.map(mark => mark.step),
    [100, 500, 530, 900],
  );
  assert.deepEqual(placed[1].texts, ["η 0.1", "batch 5"]);
  assert.equal(placed[3].label, "diverged");
  const words = placed
    .filter(mark => mark.label)
    .map(mark => [mark.labelX, mark.labelX + measure(mark.label)])
    .sort((a, b) => a[0] - b[0]);
  for (let k = 1; k < words.length; k++) assert.ok(words[k][0] > words[k - 1][1]);
  assert.equal(placed[1].label, null);
  for (const [from, to] of words) assert.ok(from >= 0 && to <= 600);
});

test("one seek is on its way, and only the newest wish follows it", async () => {
  const asked = [];
  const release = [];
  const seeker = createSeeker(
    step =>
      new Promise(resolve => {
        asked.push(step);
        release.push(resolve);
      }),
  );
  seeker.to(1);
  seeker.to(2);
  const all = seeker.to(3);
  assert.deepEqual(asked, [1]);
  assert.equal(seeker.aim(), 3);
  release[0]();
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual(asked, [1, 3]);
  release[1]();
  await all;
  seeker.drop();
  assert.equal(seeker.aim(), null);
  seeker.to(4);
  assert.deepEqual(asked, [1, 3, 4]);
});

test("the way back keeps the speed and ends at the start", () => {
  assert.equal(backwards(100, 20, 400, 2), 60);
  assert.equal(backwards(100, 20, 400, 9), 0);
  assert.equal(backwards(6000, 0, 6000, 3), 3000);
});

test("the furthest step comes with the state, grows with frames and stays on a return", () => {
  let state = initialState("en", "light");
  state = {
    ...state,
    ...applyText(state, {
      kind: "state",
      config: {},
      playing: false,
      speed: 60,
      status: {kind: "paused"},
      log: [],
      furthest: 40,
    }),
  };
  const frame = (step, target) =>
    applyBinary(
      state,
      {kind: "frame", seq: step, layout: 1, step, target, tail: {from: step, to: step, stride: 1}},
      {P: [], G: [], A: [], Z: [], D: [], norms: new Float32Array(4), batch: [], rates: [], metrics: []},
    );
  assert.equal(frame(12, 20).furthest, 40);
  assert.equal(frame(12, 20).frame.target, 20);
  assert.equal(frame(52).furthest, 52);
  assert.equal(frame(52).frame.target, null);
});
