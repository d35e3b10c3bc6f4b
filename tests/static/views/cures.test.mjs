import assert from "node:assert/strict";
import test from "node:test";
import {CuredLane} from "../../../static/js/views/cures/cured_lane.js";
import {better, figureWords} from "../../../static/js/views/cures/figures.js";
import {asPatch} from "../../../static/js/model/patch.js";
import {pairIn, taken} from "../../../static/js/views/cures/pair.js";
import {createRecord, createRecords, rowAt, rowOf} from "../../../static/js/views/cures/record.js";
import {CURES, GROUPS} from "../../../static/js/views/cures/table.js";

const config = (more = {}) => ({
  network: {hidden: [30, 30, 30, 30, 30], activation: "sigmoid", normalization: null, residual: false, ...more.network},
  optimizer: {name: "sgd", learning_rate: 0.3},
  initializer: "xavier_normal",
  initializer_scale: null,
  clip_norm: null,
  data: {name: "wine", steps_per_task: 600},
  ...more.config,
});
const merged = (of, fields) => ({
  ...of,
  ...fields,
  network: {...of.network, ...fields.network, ...(fields.activation && {activation: fields.activation})},
  optimizer: fields.optimizer ? {name: fields.optimizer} : of.optimizer,
});

test("whoever takes a cure has it, and can be rid of it where that is offered", () => {
  for (const cure of CURES) {
    assert.ok(GROUPS.includes(cure.group), cure.name);
    const sick = cure.name === "xavier" ? config({config: {initializer: "normal", initializer_scale: 0.4}}) : config();
    assert.equal(cure.has(sick), false, cure.name);
    const fields = cure.fields(sick);
    const cured = merged(sick, fields);
    if (cure.name !== "fewer") assert.equal(cure.has(cured), true, cure.name);
    if (cure.off) assert.equal(cure.has(merged(cured, cure.off)), false, cure.name);
  }
});

test("half the layers keep what they had, and one layer is not halved", () => {
  const {fields} = CURES.find(({name}) => name === "fewer");
  const mixed = ["tanh", "relu", "tanh", "relu", "tanh"];
  assert.deepEqual(fields(config()).network, {
    hidden: [30, 30, 30],
    activation: "sigmoid",
    normalization: null,
    residual: false,
  });
  assert.deepEqual(
    fields(
      config({
        network: {
          activation: mixed,
          normalization: [null, "batch", null, null, null],
          residual: [false, true, true, false, true],
        },
      }),
    ).network,
    {
      hidden: [30, 30, 30],
      activation: ["tanh", "relu", "tanh"],
      normalization: [null, "batch", null],
      residual: [false, true, true],
    },
  );
  assert.equal(fields(config({network: {hidden: [4]}})), null);
});

test("skips go around layers as wide as the one before, where there are any", () => {
  const {fields} = CURES.find(({name}) => name === "residual");
  assert.equal(fields(config({network: {hidden: [8, 4, 4]}})).network.residual, true);
  assert.equal(fields(config({network: {hidden: [8, 4]}})), null);
});

const row = step => ({step, factor: 0.5, first: 1, last: 1, loss: 2, accuracy: 0.5});

test("a record ascends, stays bounded, and finds the row at a step or the last before it", () => {
  const record = createRecord();
  for (let step = 1; step <= 5000; step++) record.add(row(step));
  assert.ok(record.rows.length <= 1201);
  assert.equal(record.rows[0].step, 1);
  assert.equal(record.rows.at(-1).step, 5000);
  assert.ok(record.rows.every((r, k) => k === 0 || r.step > record.rows[k - 1].step));
  const found = rowAt(record.rows, 2501);
  assert.ok(found.step <= 2501 && found.step > 2480);
  assert.equal(rowAt(record.rows, 1e9).step, 5000);
  assert.equal(rowAt([], 3), null);
  record.add(row(100));
  assert.ok(record.rows.at(-1).step === 100);
});

test("a row tells the factor of the hidden layers, and their ends", () => {
  const delta = Float32Array.from([1e-6, 1e-5, 1e-4, 1e-3, 0.9]);
  const {factor, first, last, accuracy} = rowOf(
    {step: 3, loss: 1, accuracy: 0.8, test_accuracy: 0.7, norms: {delta}},
    false,
  );
  assert.ok(Math.abs(factor - 0.1) < 1e-6);
  assert.deepEqual([first, last, accuracy], [delta[0], delta[3], 0.7]);
  assert.ok(Number.isNaN(rowOf({norms: {delta: delta.slice(0, 2)}}, true).factor));
});

test("a factor is best at 1, a loss low, an accuracy high", () => {
  const [then, now] = [row(1), {...row(1), factor: 1.2, loss: 3, accuracy: 0.9}];
  assert.deepEqual(
    ["factor", "loss", "accuracy", "first"].map(name => better(name, then, now)),
    ["yes", "no", "yes", ""],
  );
  assert.equal(better("loss", then, {...now, loss: NaN}), "");
  assert.equal(better("loss", null, now), "");
});

const names = (before, now) => taken(before, now).map(({name, off}) => (off ? `-${name}` : name));

test("what a lane has of cures is read from the two configs", () => {
  const sick = config();
  const cured = (...list) =>
    list.reduce((of, name) => merged(of, CURES.find(cure => cure.name === name).fields(of)), sick);
  for (const {name} of CURES) if (name !== "xavier") assert.deepEqual(names(sick, cured(name)), [name]);
  assert.deepEqual(names(sick, cured("relu_he", "adam")), ["relu_he", "adam"]);
  assert.deepEqual(names(cured("relu"), cured("relu", "he")), ["he"]);
  assert.deepEqual(names(cured("he"), cured("relu_he")), ["relu"]);
  assert.deepEqual(names(cured("clip", "batch"), cured("adam")), ["adam", "-batch", "-clip"]);
  assert.deepEqual(names(cured("adam"), cured("adam")), []);
});

test("the two lanes compared are those that were made so, or after a reload two that differ in cures alone", () => {
  const lane = (id, of) => ({id, config: of});
  const sick = config();
  const adam = config({});
  const ids = pair => pair && [pair.before.id, pair.now.id];
  adam.optimizer = {name: "adam", learning_rate: 0.003};
  const lanes = [lane(0, sick), lane(1, adam), lane(3, sick)];
  assert.deepEqual(ids(pairIn(lanes, 3, {base: 0, id: 3})), [0, 3]);
  assert.deepEqual(ids(pairIn(lanes, 0, {base: 0, id: 3})), [0, 3]);
  assert.equal(pairIn(lanes, 1, {base: 0, id: 3}), null);
  assert.equal(pairIn(lanes, 0, null), null);
  assert.deepEqual(ids(pairIn(lanes.slice(0, 2), 1, {base: 0, id: 3})), [0, 1]);
  assert.equal(pairIn([lane(0, sick), lane(1, {...adam, l2: 0.1})], 1, null), null);
  assert.equal(pairIn([lane(0, sick), lane(2, sick)], 2, null), null);
  assert.equal(pairIn([lane(0, sick)], 0, {base: 0, id: 3}), null);
});

test("what is set live is a patch where both begin anew", () => {
  assert.deepEqual(asPatch({optimizer: "adam", learning_rate: 0.003, batch_size: 32}), {
    optimizer: {name: "adam", learning_rate: 0.003},
    batch_size: 32,
  });
  assert.deepEqual(asPatch({weight_decay: 0.1, l2: 0}), {optimizer: {weight_decay: 0.1}, l2: 0});
  assert.deepEqual(asPatch({activation: "relu"}), {network: {activation: "relu"}});
  assert.deepEqual(asPatch({network: {hidden: [3]}}), {network: {hidden: [3]}});
  assert.deepEqual(asPatch({clip_norm: null}), {clip_norm: null});
});

test("records are kept lane by lane, and forgotten when a lane goes back or away", () => {
  const records = createRecords();
  const shown = (step, first) => ({
    step,
    loss: 1,
    accuracy: 0.8,
    test_accuracy: 0.7,
    norms: {delta: Float32Array.from([first, 1e-2, 1e-1, 1])},
  });
  for (const [step, first] of [
    [1, 1e-3],
    [2, 1e-5],
  ])
    records.see(0, shown(step, first), false);
  records.see(4, shown(2, 1e-3), true);
  assert.deepEqual(
    records.rows(0).map(({step}) => step),
    [1, 2],
  );
  assert.ok(Math.abs(records.rows(0)[1].factor - 0.1 / Math.sqrt(10)) < 1e-6, "a mean of the newest two");
  assert.deepEqual([records.rows(4)[0].accuracy, records.rows(5)], [0.8, []]);
  records.see(0, shown(1, 1e-3), false);
  assert.deepEqual(
    records.rows(0).map(({factor}) => factor.toFixed(3)),
    ["0.100"],
  );
  records.see(4, shown(0, 1), false);
  assert.deepEqual(records.rows(4), []);
  records.keep([4]);
  assert.deepEqual(records.rows(0), []);
});

test("figures are written by their kind, and a dash where there is none", () => {
  const now = {...row(1), factor: 0.25, first: 1.25e-6, accuracy: 0.5, loss: NaN};
  assert.equal(figureWords("factor", now, false), "0.25");
  assert.match(figureWords("first", now, false), /10/);
  assert.match(figureWords("accuracy", now, false), /50.*%/);
  assert.doesNotMatch(figureWords("accuracy", now, true), /%/);
  assert.deepEqual([figureWords("loss", now, false), figureWords("loss", null, false)], ["–", "–"]);
});

/** A session that has the lanes it is told of and remembers commands. */
function session(lanes, playing = false) {
  const told = [];
  const state = {lanes, lane: 0, playing};
  const cured = new CuredLane(
    async (op, fields = {}) => {
      told.push([op, fields]);
      if (op === "lane_add") state.lanes = [...state.lanes, {...lanes[0], id: 1}];
      if (op === "lane_focus") state.lane = fields.lane;
      return {ok: true, lane: 1};
    },
    () => state,
  );
  return {told, state, cured};
}
const cureNamed = name => CURES.find(cure => cure.name === name);
const laneOf = (id, of = config(), status = {kind: "paused"}) => ({id, config: of, step: 5, status});

test("the first cure opens a lane: here where the next step can obey, else both begin anew and go on as they went", async () => {
  const live = session([laneOf(0)]);
  await live.cured.apply(cureNamed("clip"));
  assert.deepEqual(
    live.told.map(([op]) => op),
    ["lane_add", "lane_focus"],
  );
  assert.equal(live.told[0][1].start, "here");
  const anew = session([laneOf(0)], true);
  await anew.cured.apply(cureNamed("batch"));
  assert.deepEqual(
    anew.told.map(([op]) => op),
    ["lane_add", "seek", "lane_focus", "play"],
  );
  const diverged = session([laneOf(0, config(), {kind: "diverged"})]);
  await diverged.cured.apply(cureNamed("clip"));
  assert.equal(diverged.told[0][1].start, "start");
  assert.deepEqual(diverged.told[1], ["seek", {step: 0}]);
});

test("a further cure changes the lane; the last one given up takes it away; kept, it stays alone", async () => {
  const clipped = config({config: {clip_norm: 1}});
  const pair = () => session([laneOf(0), laneOf(1, clipped)]);
  const more = pair();
  await more.cured.apply(cureNamed("batch"));
  assert.deepEqual(more.told[0], ["configure", {lane: 1, network: {normalization: "batch"}}]);
  const less = pair();
  await less.cured.apply(cureNamed("clip"));
  assert.deepEqual(less.told[0], ["lane_remove", {lane: 1}]);
  const kept = pair();
  await kept.cured.keep();
  assert.deepEqual(kept.told, [["lane_promote", {lane: 1}]]);
});
