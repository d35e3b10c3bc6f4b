import assert from "node:assert/strict";
import test from "node:test";
import {flattest} from "../../../static/js/views/laboratory/laboratory.js";
import {
  factorRange,
  normLayout,
  rowsLayout,
  speedLayout,
  whyLayout,
} from "../../../static/js/views/laboratory/layout.js";
import {MODES, modesRange} from "../../../static/js/views/laboratory/modes.js";
import {TASKS, freshOf, tasksRange} from "../../../static/js/views/laboratory/tasks.js";
import {NOISE, noiseRange, noiseShare} from "../../../static/js/views/laboratory/noise.js";
import {Readings} from "../../../static/js/views/laboratory/readings.js";
import {layerIn} from "../../../static/js/views/laboratory/sheet.js";
import {spansOf} from "../../../static/js/views/laboratory/statistics.js";
import {
  equation,
  normWords,
  onePercentAt,
  rowsTip,
  rowsWords,
  shareMoved,
  speedWords,
  whyWords,
} from "../../../static/js/views/laboratory/words.js";

const t = (key, params) => (params ? `${key} ${Object.values(params).join(" ")}` : key);
const of = (...numbers) => Float32Array.from(numbers);

test("a layer is found in its own row on every page, for any number of layers and any room", () => {
  for (const layers of [1, 2, 7, 31]) {
    for (const [width, height] of [
      [900, 500],
      [320, 260],
    ]) {
      const room = {width, height, small: 12};
      const pages = [
        rowsLayout(room, layers, 20, 0),
        whyLayout(room, layers, 20, [-1, 0.5]),
        speedLayout(room, {layers, ratio: new Float32Array(layers).fill(1e-3)}, 20),
        normLayout(room, layers, 20, true),
        normLayout(room, layers, 20, false),
      ];
      for (const place of pages) {
        for (let k = 0; k < layers; k++) assert.equal(layerIn(place, place.top + (k + 0.5) * place.row), k);
        assert.equal(layerIn(place, place.top - 1), -1);
        assert.equal(layerIn(place, place.top + layers * place.row + 1), -1);
        assert.ok(place.top + layers * place.row <= height);
      }
    }
  }
  assert.equal(layerIn(null, 10), -1);
});

test("scales hold what is measured, and what lies beyond stands at their ends", () => {
  const lab = {layers: 3, weights_part: of(0.01, 2, 1), slope_part: of(0.25, 0.5, 1), most_gain: of(1, 30, 1)};
  const [low, high] = factorRange(lab);
  assert.ok(low <= Math.log10(0.0025) && high >= Math.log10(30));
  const why = whyLayout({width: 600, height: 400, small: 12}, 2, 20, [low, high]);
  assert.ok(why.xOf(low) < why.xOf(0) && why.xOf(0) < why.xOf(high));
  assert.deepEqual([why.xOf(low - 9), why.xOf(high + 9)], [why.xOf(low), why.xOf(high)]);
  assert.deepEqual(factorRange({...lab, weights_part: of(0, NaN, 1)})[1], high);
  const room = {width: 600, height: 400, small: 12};
  const least = ratio => speedLayout(room, {layers: 2, ratio}, 20).least;
  assert.deepEqual([least(of(1e-3, 0)), least(of(1e-11, 1)), least(of(0, NaN))], [-8, -12, -8]);
  assert.ok(least(of(1e-44, 1)) >= -40);
});

test("an equation has a part for normalization only where that changes anything", () => {
  const lab = {weights_part: of(2, NaN), slope_part: of(0.25, 1), normalization_part: of(1, 1)};
  assert.equal(equation(lab, 0), "2.0 × 0.25 = 0.50");
  assert.equal(equation(lab, 1), "–");
  assert.equal(equation({...lab, normalization_part: of(4, 1)}, 0), "2.0 × 0.25 × 4.0 = 2.0");
});

test("how far weights have moved, and when by a hundredth: known, to be expected, or not to be known", () => {
  assert.deepEqual([NaN, 0, 1e-6, 0.25].map(shareMoved)[0], "–");
  assert.match(shareMoved(1e-6), /^< 0\.1/);
  assert.match(shareMoved(0.25), /25/);
  const lab = {step: 100, moved_at: of(40.2, NaN, NaN), moved: of(1, 0.005, 0.005), ratio: of(1, 1e-5, 0)};
  assert.deepEqual(
    [0, 1, 2].map(k => onePercentAt(lab, k)),
    ["41", "> 600", "–"],
  );
});

test("the sentence names what becomes of the error signal, and theory only where there is one", () => {
  const lab = {layers: 4, factor: 0.25, expected: 0.5, initializer: "zeros", untold: []};
  const layout = {activations: ["tanh", "tanh", "tanh", "sigmoid"], normalization: [null, null, null]};
  const state = {config: {initializer: "he"}};
  const words = (more, how = layout) => rowsWords({lab: {...lab, ...more}, layout: how, state}, t);
  assert.deepEqual(words({}), ["lab.factor_vanishing 0.25", "lab.expected 0.50 activation.tanh initializer.he"]);
  assert.match(words({}, {...layout, activations: ["tanh", "relu", "tanh", "sigmoid"]})[1], /lab\.mixed/);
  assert.equal(words({factor: 3})[0], "lab.factor_exploding 3.0");
  assert.equal(words({factor: 1})[0], "lab.factor_steady 1.0");
  assert.deepEqual(words({factor: NaN, expected: NaN}), ["lab.factor_zero", "lab.expected_none"]);
  assert.equal(words({expected: NaN}, {...layout, normalization: ["batch", null, null]})[1], "lab.expected_batch");
  assert.deepEqual(words({layers: 1, factor: NaN}), ["lab.factor_none", ""]);
  assert.deepEqual(words({factor: NaN, untold: ["delta"]}), ["lab.untold_delta", ""]);
  assert.deepEqual(words({factor: NaN, untold: ["delta", "gradient"]}), ["lab.untold", ""]);
});

test("the pointer reads the present, and over the history the reading of its step", () => {
  const history = {steps: [0, 100], delta: [of(1, 2), of(3, 4)], gradient: [of(5, 6), of(7, 8)]};
  const lab = {
    layers: 2,
    step: 200,
    delta: of(9, 9),
    gradient: of(9, 9),
    expected_factors: of(NaN),
    history,
    untold: [],
  };
  const layout = {sizes: [2, 3, 1], activations: ["tanh", "sigmoid"]};
  assert.match(rowsTip({lab, layout}, 0, 0.25, t), /lab\.tip_then 0 1\.00.* 5\.00/);
  assert.match(rowsTip({lab, layout}, 1, 0.9, t), /lab\.tip_then 100 4\.00.* 8\.00/);
  assert.match(rowsTip({lab, layout}, 0, null, t), /lab\.tip_passes 1\.00 –$/);
  assert.doesNotMatch(rowsTip({lab, layout}, 1, null, t), /tip_passes/);
  const files = {lab: {...lab, untold: ["delta"]}, layout: {...layout, sizes: [0, 0, 0]}};
  assert.doesNotMatch(rowsTip(files, 0, null, t), /δ|gradients\.units/);
});

test("pages say what a net has, and what it has not", () => {
  const lab = {
    layers: 3,
    step: 10,
    health: Int32Array.of(0, 1, 2, 2),
    weights_part: of(1, 4, 9),
    slope_part: of(0, 1, 9),
    untold: [],
  };
  const layout = {sizes: [2, 2, 1, 1], normalization: [null, null]};
  assert.deepEqual(whyWords({lab: {...lab, untold: ["weights_part"]}, layout}, t), ["lab.untold", ""]);
  assert.deepEqual(speedWords({lab: {...lab, untold: ["update"]}}, t), ["lab.untold", ""]);
  assert.deepEqual(whyWords({lab, layout}, t), ["lab.why 2.0 1.0", "lab.why_neurons 2 1 3"]);
  assert.equal(whyWords({lab: {...lab, health: new Int32Array(4)}, layout}, t)[1], "lab.why_fine 3");
  assert.deepEqual(whyWords({lab: {...lab, layers: 1}, layout}, t), ["lab.no_hidden", ""]);
  const speed = (first, last, step = 10) =>
    speedWords({lab: {layers: 2, step, ratio: of(first, last), untold: []}}, t)[0];
  assert.deepEqual(
    [speed(1, 1, 0), speed(0, 1), speed(1, 1), speed(1, 20), speed(20, 1)],
    ["lab.speed_start", "lab.speed_still", "lab.speed_even", "lab.speed_slow 20", "lab.speed_fast 20"],
  );
  const norm = (kinds, batch_size) =>
    normWords({lab, layout: {normalization: kinds}, state: {config: {batch_size}, data: {train: 300}}}, t)[0];
  assert.deepEqual(
    [norm([null], 1), norm(["layer"], 1), ...[1, 2, 5, 32, null].map(size => norm(["batch"], size))],
    ["lab.norm_none", "lab.norm_layer", "lab.norm_one", "lab.norm_two"].concat([
      "lab.norm_few 5",
      "lab.norm_batch 32",
      "lab.norm_batch 300",
    ]),
  );
});

test("statistics of a layer are cut from those of all: mean and deviation, of the batch and running", () => {
  // Three neurons in all; the layer has the last two, whose running statistics begin at 2 · 1.
  const spans = spansOf(of(...[0, 1, 2], ...[0, 4, 9], ...[0, 5, 6], ...[0, 16, -1]), 2, 2);
  assert.deepEqual(spans, [
    [
      [1, 2],
      [2, 3],
    ],
    [
      [5, 4],
      [6, 0],
    ],
  ]);
  assert.equal(spansOf(null, 2, 2), null);
  assert.equal(spansOf(of(1, 1, 1, 1), null, 1), null);
});

test("the layer whose slopes pass on least is chosen first; the output has none", () => {
  assert.equal(flattest({layers: 4, slope_part: of(0.5, 0.1, 0.2, 0)}), 1);
  assert.equal(flattest({layers: 1, slope_part: of(1)}), 0);
});

test("a reading is asked for when something is new, one at a time, and after a refusal later", async context => {
  let now = 0;
  let timer = null;
  context.mock.method(performance, "now", () => now);
  Object.assign(globalThis, {window: {setTimeout: (run, wait) => (timer = {run, wait})}});
  const asked = [];
  let answer = {ok: true};
  let state = {connection: "open", layout: {id: 1}, frame: {seq: 1}, laboratory: null};
  const readings = new Readings(
    async (op, fields) => {
      asked.push(fields);
      return answer;
    },
    () => state,
  );
  const settle = () => new Promise(resolve => setImmediate(resolve));
  readings.wish();
  readings.wish();
  assert.equal(asked.length, 1);
  state = {...state, laboratory: {layout: 1, more: false, number: 3, serial: 9, rest: 40}};
  await settle();
  readings.wish();
  assert.equal(asked.length, 1, "nothing is new");
  state = {...state, frame: {seq: 2}};
  readings.wish();
  assert.deepEqual([asked.length, timer.wait], [1, 40]);
  now += 40;
  answer = {ok: false};
  timer.run();
  await settle();
  assert.deepEqual(asked[1], {number: 3, since: 9});
  state = {...state, frame: {seq: 3}};
  readings.wish();
  assert.equal(timer.wait, 1000);
  readings.hurry();
  readings.wish();
  assert.equal(asked.length, 3);
  await settle();
  state = null;
  readings.hurry();
  readings.wish();
  assert.equal(asked.length, 3, "closed, it asks for nothing");
});

test("a page that shows something over the run has it asked for at once", async () => {
  const asked = [];
  let over = "noise";
  const state = {connection: "open", layout: {id: 1}, frame: {seq: 1}, laboratory: {layout: 1, number: 3, serial: 9}};
  const readings = new Readings(
    async (op, fields) => asked.push(fields),
    () => state,
    () => over,
  );
  const settle = () => new Promise(resolve => setImmediate(resolve));
  readings.wish();
  await settle();
  assert.deepEqual(asked, [{number: 3, since: 9, over: "noise"}]);
  state.laboratory = {...state.laboratory, more: false, over: {name: "noise"}};
  readings.hurry();
  readings.wish();
  assert.equal(asked.length, 1, "it is there");
  over = "modes";
  readings.wish();
  await settle();
  assert.equal(asked[1].over, "modes");
  readings.stop();
});

const told = (key, params) => `${key} ${JSON.stringify(params ?? {})}`;
const overRun = (name, columns, rows, more) => ({name, why: null, columns, rows: of(...rows), theory: null, ...more});

test("modes are counted as learnt near their singular value, and say whether theory holds", () => {
  const more = {steps: Int32Array.of(0, 50), values: [3, 2], descent: true};
  const over = overRun("modes", 2, [0, -0.25, 2.75, 0.5], more);
  const [said, below] = MODES.words(over, told);
  assert.equal(said, told("lab.modes", {n: 1, of: 2}));
  assert.match(below, /^lab.modes_deep/);
  assert.match(MODES.words({...over, descent: false}, told)[1], /^lab.modes_other_rule/);
  assert.match(MODES.words({...over, theory: over.rows}, told)[1], /^lab.modes_theory/);
  const {across, up} = modesRange(over);
  assert.deepEqual(across, [0, 50]);
  assert.deepEqual([up[0], up[1] > 3], [-0.25, true]);
  assert.match(MODES.tip({...over, theory: of(0, 0, 2.5, 0.25)}, 1, told), /"a":"2.75","theory":"2.50"/);
});

test("a batch is mostly noise below the noise scale, and the whole set has none", () => {
  const more = {steps: Int32Array.of(0, 9), batch: 10, whole: 100, samples: 100, values: []};
  const at = scale => overRun("noise", 3, [1, 1, 1, scale, 2, 2 * scale], more);
  assert.equal(noiseShare(10, 10), 0.5);
  assert.equal(noiseShare(Infinity, 10), 1);
  const first = (over, key) => assert.ok(NOISE.words(over, told)[0].startsWith(key), NOISE.words(over, told)[0]);
  first(at(30), "lab.noise_most");
  assert.match(NOISE.words(at(30), told)[0], /"share":"75/);
  first(at(5), "lab.noise_some");
  first({...at(30), batch: 100}, "lab.noise_whole");
  first(at(NaN), "lab.noise_none");
  const {up, log} = noiseRange(at(NaN));
  assert.deepEqual([log, up[0] < 1, up[1] > 10 && up[1] < 1e3], [true, true, true]);
});

test("tasks are told by their ends, beside fresh nets and with all lanes in view", () => {
  const more = {steps: Int32Array.of(40, 80, 120), unit: "share", length: 40, values: [], lanes: []};
  const over = overRun("tasks", 1, [0.25, 0.5, 0.75], more);
  const begun = {...over, steps: new Int32Array(0), rows: of()};
  assert.match(TASKS.words(begun, told)[0], /^lab.tasks_begin .*40/);
  const [said, below] = TASKS.words(over, told);
  assert.match(said, /^lab.tasks_share .*"n":"3","value":"75.%","m":3,"first":"50.%"/);
  assert.match(below, /^lab.tasks_fresh_none/);
  const beside = {...over, theory: of(0.25, NaN, 0.5)};
  assert.deepEqual(freshOf(beside), [
    {step: 40, error: 0.25},
    {step: 120, error: 0.5},
  ]);
  assert.match(TASKS.words(beside, told)[1], /^lab.tasks_fresh .*"value":"38.%","n":2/);
  assert.match(TASKS.tip(beside, 1, told), /^lab.tasks_tip {/);
  assert.match(TASKS.tip(beside, 2, told), /^lab.tasks_tip_fresh .*"fresh":"50.%"/);
  assert.match(TASKS.words({...over, unit: "loss"}, told)[0], /^lab.tasks_loss .*"value":"0.750"/);
  const {across, up} = tasksRange({...beside, lanes: [{lane: 1, steps: [40, 160], errors: [0.2, 1]}]});
  assert.deepEqual([across, up[0], up[1] > 1], [[0, 160], 0, true]);
});
