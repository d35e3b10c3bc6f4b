import assert from "node:assert/strict";
import test from "node:test";
import {framesOf, magnified, microscopeOf} from "../../../static/js/model/magnified.js";
import {chipsOf, groupsOf, MOST_LAYERS, phasesOf, placeIn} from "../../../static/js/views/microscope/phases.js";
import {chipWords} from "../../../static/js/views/microscope/chips.js";
import {Playback} from "../../../static/js/views/microscope/playback.js";
import {captionOf} from "../../../static/js/views/microscope/words.js";
import {Walk} from "../../../static/js/views/microscope/walk.js";

const names = phases =>
  phases.map(({kind, layers: [low, high]}) => (low === high ? `${kind} ${low}` : `${kind} ${low}–${high}`));
const none = new Set();

test("a step goes forward, to the loss, backward and to the update, layer by layer", () => {
  assert.deepEqual(names(phasesOf([2, 4, 1], [null], none)), [
    "input 0",
    "sum 1",
    "activate 1",
    "sum 2",
    "activate 2",
    "loss 2",
    "error 2",
    "gradient 2",
    "error 1",
    "gradient 1",
    "update 1–2",
    "result 0–2",
  ]);
});

test("a normalized layer has a phase more, and a net without hidden layers is whole", () => {
  assert.deepEqual(names(phasesOf([2, 4, 3, 1], ["batch", null], none)).slice(1, 6), [
    "sum 1",
    "normalize 1",
    "activate 1",
    "sum 2",
    "activate 2",
  ]);
  assert.deepEqual(names(phasesOf([3, 1], [], none)), [
    "input 0",
    "sum 1",
    "activate 1",
    "loss 1",
    "error 1",
    "gradient 1",
    "update 1",
    "result 0–1",
  ]);
});

test("groups cover every hidden layer once, in nearly even sizes", () => {
  for (let hidden = 1; hidden <= 64; hidden++) {
    const groups = groupsOf(hidden);
    const sizes = groups.map(([low, high]) => high - low + 1);
    assert.equal(groups[0][0], 1);
    assert.equal(groups.at(-1)[1], hidden);
    for (let k = 1; k < groups.length; k++) assert.equal(groups[k][0], groups[k - 1][1] + 1);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
});

test("a deep net is folded into groups, which unfold one by one, and the place is kept", () => {
  const sizes = [2, ...Array(20).fill(8), 1];
  const normalization = Array(20).fill(null);
  const folded = phasesOf(sizes, normalization, none);
  assert.ok(folded.length < 20);
  assert.deepEqual(
    names(folded).filter(name => name.startsWith("forward")),
    ["forward 1–5", "forward 6–10", "forward 11–15", "forward 16–20"],
  );
  assert.deepEqual(
    names(folded).filter(name => name.startsWith("backward")),
    ["backward 16–20", "backward 11–15", "backward 6–10", "backward 1–5"],
  );
  const open = new Set(["b6-10"]);
  const unfolded = phasesOf(sizes, normalization, open);
  const at = folded.findIndex(({kind, layers}) => kind === "backward" && layers[0] === 6);
  assert.deepEqual(
    names(unfolded).filter(name => name.startsWith("error")),
    ["error 21", "error 10", "error 9", "error 8", "error 7", "error 6"],
  );
  assert.equal(names(unfolded)[placeIn(unfolded, folded[at])], "error 10");
  assert.equal(
    names(folded)[
      placeIn(
        folded,
        unfolded.find(({kind, layers}) => kind === "gradient" && layers[0] === 8),
      )
    ],
    "backward 6–10",
  );
  assert.equal(chipsOf(sizes, none).filter(chip => chip.folded).length, 8);
});

test("nets up to the limit show every layer", () => {
  const sizes = Array(MOST_LAYERS + 1).fill(3);
  assert.ok(chipsOf(sizes, none).every(chip => !chip.folded && chip.group === null));
});

test("the message becomes a step, and the diagram shows its sample before and after", () => {
  const f = (...numbers) => Float32Array.from(numbers);
  const units = prefix => Object.fromEntries(["A", "Z", "U", "D", "F"].map((name, k) => [prefix + name, f(k, k + 1)]));
  const step = microscopeOf(
    {
      layout: 7,
      step: 12,
      row: 5,
      index: 1,
      loss: [0.5, null],
      test_loss: [null, null],
      batch_loss: [0.4, 0.3],
      sample_loss: [0.2, 0.1],
      pass_loss: {batch: 0.45, sample: 0.25},
      formula: {name: "adam"},
      numbers: {t: 3},
      normalization: [],
      dropout: 0.5,
      clip: {value: null, norm: null, seen: null},
    },
    {
      rows: Int32Array.of(4, 5),
      P: f(1),
      P_after: f(2),
      G: f(3),
      G_step: f(3),
      slope: f(2),
      noise: f(1),
      H: f(0, 2),
      step: f(1),
      centre: f(0, 0),
      spread: f(1, 1),
      mask: f(1, 2),
      term_m: f(8),
      ...units(""),
      ...units("mean_"),
      ...units("after_"),
    },
  );
  assert.equal(step.number, 12);
  assert.ok(Number.isNaN(step.loss[1]));
  assert.deepEqual(Object.keys(step.terms), ["m"]);
  assert.deepEqual([step.formula.name, step.numbers.t], ["adam", 3]);
  const {before, after} = framesOf(step, {layout: 7, step: 11, norms: {}});
  assert.deepEqual([...before.A], [0, 2]);
  assert.deepEqual([before.P[0], after.P[0], before.sample], [1, 2, 5]);
  assert.deepEqual([before.loss, after.loss], [0.5, NaN]);
  assert.deepEqual([before.after_step, after.after_step, after.penalty], [undefined, 12, null]);
  assert.deepEqual([step.slope[0], step.penalty, step.noise[0]], [2, null, 1]);
  assert.deepEqual([before.way.slope[0], before.way.used[0]], [2, 3]);
  const state = {layout: {id: 7}, frame: null, view: {focus: {frame: before}}};
  assert.equal(magnified(state).frame, before);
  assert.equal(magnified({...state, layout: {id: 8}}).frame, null);
  assert.equal(magnified({...state, view: {focus: null}}).frame, null);
});

const stepOf = (number, layers) => ({number, rows: [7, 8, 9], index: 0, normalization: Array(layers - 1).fill(null)});

test("a walk keeps its place with another sample, and begins anew with another step", () => {
  const walk = new Walk();
  assert.equal(walk.go(1), false, "there is nowhere to go before a step has come");
  walk.take(stepOf(1, 2), [2, 3, 1]);
  assert.equal(walk.phase.kind, "input");
  assert.equal(walk.go(99), true);
  assert.ok(walk.atEnd);
  assert.equal(walk.go(99), false);
  walk.go(3);
  walk.take(stepOf(1, 2), [2, 3, 1]);
  assert.equal(walk.at, 3);
  walk.take(stepOf(2, 2), [2, 3, 1]);
  assert.equal(walk.at, 0);
  assert.deepEqual([walk.sampleBy(-1, 7), walk.sampleBy(1, 8), walk.pickBy(-1, 3), walk.row], [9, 9, true, 2]);
  assert.equal(walk.pickBy(1, 0), false);
  walk.clear();
  assert.equal(walk.go(1), false);
});

test("the chosen row stays within a layer, and is the first again in the next one", () => {
  const walk = new Walk();
  walk.take(stepOf(1, 2), [2, 3, 1]);
  walk.go(1);
  walk.row = 2;
  walk.go(2);
  assert.deepEqual([walk.phase.kind, walk.row], ["activate", 2]);
  walk.go(3);
  assert.deepEqual([walk.phase.layers[0], walk.row], [2, 0]);
});

test("a group unfolds and folds again, and the walk stays in its layers", () => {
  const sizes = [2, ...Array(20).fill(3), 1];
  const walk = new Walk();
  walk.take(stepOf(1, 21), sizes);
  walk.go(2);
  const group = walk.group(sizes);
  assert.equal(group, "f6-10");
  walk.fold(group, sizes);
  assert.deepEqual([walk.phase.kind, walk.phase.layers[0], walk.group(sizes)], ["sum", 6, group]);
  walk.fold(group, sizes);
  assert.deepEqual([walk.phase.kind, walk.at], ["forward", 2]);
});

test("a chip is named by its layer or its group", () => {
  const said = (kind, layers, folded = false) => chipWords({kind, layers, folded}, 4, key => key);
  assert.deepEqual(
    [said("layer", [2, 2]), said("layer", [1, 3], true), said("layer", [4, 4]), said("loss", [4, 4])],
    ["2", "1–3", "microscope.chip_output", "microscope.chip_loss"],
  );
});

test("phases follow one another until it is stopped", () => {
  let timer = null;
  Object.assign(globalThis, {window: {setTimeout: (run, wait) => (timer = {run, wait})}});
  const seen = [];
  const playback = new Playback({rest: () => 10 * (seen.length + 1), next: () => seen.push("next"), show: () => {}});
  playback.set(true);
  assert.deepEqual([timer.wait, seen.length], [10, 0]);
  timer.run();
  assert.deepEqual([timer.wait, seen.length, playback.on], [20, 1, true]);
  timer = null;
  playback.set(false);
  assert.deepEqual([timer, playback.on], [null, false]);
});

test("a step that raises the loss was led astray by its batch only where there are other samples", () => {
  const said = (rows, loss, batch, more = {}) => {
    const [slope, point] = [Float32Array.of(1, 0), []];
    const down = {slope, G_step: slope, step: Float32Array.of(-1, 5), point, P: point};
    const step = {diverged: false, rows: Array(rows), loss, batch_loss: batch, residual: [], ...down, ...more};
    return captionOf({kind: "result", layers: [0, 2]}, {step, layout: {sizes: [2, 2, 1]}}, 30, key => key);
  };
  assert.equal(said(10, [1, 0.5], [1, 2]), "microscope.caption_falls");
  assert.equal(said(10, [1, 2], [1, 0.5]), "microscope.caption_strays");
  assert.equal(said(10, [1, 2], [1, 2]), "microscope.caption_too_far");
  const up = {step: Float32Array.of(1, 0)};
  for (const rows of [10, 30]) {
    assert.equal(said(rows, [1, 2], [1, 2], up), "microscope.caption_uphill"); // too long is only what leads down
    assert.equal(said(rows, [1, 2], [1, 2], {dropout: 0.5}), "microscope.caption_rises");
    assert.equal(said(rows, [1, 2], [1, 2], {point: [0]}), "microscope.caption_rises");
  }
  assert.equal(said(30, [1, 2], [1, 2]), "microscope.caption_whole");
  for (const after of [0.99999, 1, 1.00001]) assert.equal(said(10, [1, after], [1, 2]), "microscope.caption_stays");
  assert.equal(said(10, [1, NaN], [1, 2]), "microscope.caption_unknown");
});
