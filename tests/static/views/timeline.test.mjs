import assert from "node:assert/strict";
import test from "node:test";
import {applyBinary, applyText, initialState} from "../../../static/js/model/model.js";
import {backwards} from "../../../static/js/model/seeker.js";
import {ghostBars, placeMarks, placeOf, stepAt, stepFor, stopsOf} from "../../../static/js/views/timeline/marks.js";
import {Rewind} from "../../../static/js/views/timeline/rewind.js";
import {countWords, marksOf, tipWords, valueWords} from "../../../static/js/views/timeline/words.js";

const measure = text => 6 * text.length;
const edit = (step, text) => ({step, text, kind: "edit"});
const t = (key, params) => (params ? `${key} ${Object.values(params).join(" ")}` : key);

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

test("where machine code took over, nobody did anything: a mark without words, and no stop of the keys", () => {
  const engine = {step: 40, change: {engine: "compiled"}};
  const [before, after] = [0.1, 0.2].map((rate, k) => ({
    step: 39 + 2 * k,
    change: {learning_rate: rate},
    joined: k > 0,
  }));
  const marks = marksOf({log: [before, engine, after, {...engine, step: 300}], status: {kind: "idle"}, lang: "en"}, t);
  assert.deepEqual(
    marks.map(({step, kind}) => [step, kind]),
    [
      [39, "edit"], // a drag of the rate that went on meanwhile
      [40, "engine"],
      [300, "engine"],
    ],
  );
  const placed = placeMarks(marks, 400, 600, measure);
  assert.deepEqual(
    placed.map(({step, kind, label}) => [step, kind, label]),
    [
      [39, "edit", "curves.rate 0.2"],
      [300, "engine", null],
    ],
  );
  assert.equal(placed[0].texts.length, 2);
  assert.deepEqual(stopsOf(placed), [39]);
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

test("a run left behind has a bar where it was, unless it is the run's own future or begins after its end", () => {
  const ghosts = [
    {step: [100, 200], loss: [1, 1]},
    {step: [300, 300], loss: [1]},
    {step: [400, 900], loss: [1, 1]},
  ];
  const bars = ghostBars({ghosts, ahead: false}, 400, 800, 4);
  assert.deepEqual(bars, [{left: 200, width: 200, longer: false}, {left: 600, width: 3, longer: false}, null, null]);
  assert.deepEqual(ghostBars({ghosts, ahead: true}, 1000, 1000, 3)[2], null);
  assert.equal(ghostBars({ghosts, ahead: false}, 500, 500, 3)[2].longer, true);
});

test("marks are the changes of the log, and the step at which the run diverged", () => {
  const log = [{step: 7, change: {learning_rate: 0.5}}];
  const running = marksOf({log, status: {kind: "running"}, lang: "en"}, t);
  assert.deepEqual([running.length, running[0].step, running[0].kind], [1, 7, "edit"]);
  assert.match(running[0].text, /0\.5/);
  const diverged = marksOf({log, status: {kind: "diverged", step: 12}, lang: "en"}, t);
  assert.deepEqual(diverged[1], {step: 12, text: "curves.diverged", kind: "diverged"});
});

test("the pointer reads step, loss and changes: of the mark it is on, and of the future where it is known", () => {
  const series = {metrics: {step: [0, 10], loss: [2, NaN]}, ghosts: [{step: [0, 20], loss: [2, 0.25]}]};
  const state = {series, data: null, layout: null};
  assert.equal(tipWords(state, 4, undefined, t), "curves.step 4\ncurves.elsewhere measure.train_loss 2.00 0");
  assert.equal(tipWords(state, 10, undefined, t), "curves.step 10");
  assert.equal(tipWords(state, 20, undefined, t), "curves.step 20\nmeasure.train_loss 0.250");
  assert.equal(
    tipWords(state, 19, {step: 20, texts: ["Adam", "η 1"]}, t)
      .split("\n")
      .slice(2)
      .join(),
    "Adam,η 1",
  );
  assert.equal(tipWords({...state, series: {...series, ghosts: []}}, 20, undefined, t), "curves.step 20");
});

test("the count says that a run is on its way; a screen reader hears what was changed", () => {
  assert.equal(countWords(5, 5, 40, t), "timeline.count 5 40");
  assert.equal(countWords(5, null, 40, t), "timeline.count 5 40");
  assert.equal(countWords(5, 17, 40, t), "timeline.count ≈ 17 40");
  const placed = [{step: 5, texts: ["Adam", "η 1"]}];
  assert.equal(valueWords(5, 40, placed, t), "timeline.value 5 40, Adam, η 1");
  assert.equal(valueWords(6, 40, placed, t), "timeline.value 6 40");
  assert.equal(countWords(0, 0, 0, t), "curves.step 0", "nothing is said to be step 0 of 0");
  assert.equal(valueWords(0, 0, [], t), "curves.step 0");
});

test("the way back goes on by itself from where the run stands until it is stopped or at the start", context => {
  let now = 0;
  let next = null;
  context.mock.method(performance, "now", () => now);
  Object.assign(globalThis, {window: {setTimeout: run => (next = run)}});
  const wait = milliseconds => {
    for (const end = now + milliseconds; now < end;) {
      now += 20;
      const run = next;
      next = null;
      run?.();
    }
  };
  const went = [];
  let here = 100;
  let told = 0;
  const rewind = new Rewind({
    here: () => here,
    end: () => 100,
    speed: () => 100,
    go: step => {
      went.push(step);
      here = step;
    },
    changed: () => told++,
  });
  rewind.start();
  assert.deepEqual([rewind.running, went, told], [true, [], 1]);
  wait(500);
  assert.ok(went.length > 10 && went.every((step, k) => !k || step < went[k - 1]));
  assert.ok(Math.abs(here - 50) < 5);
  rewind.stop();
  wait(500);
  assert.ok(Math.abs(here - 50) < 5);
  rewind.start();
  wait(2000);
  assert.deepEqual([here, rewind.running, told], [0, false, 4]);
});
