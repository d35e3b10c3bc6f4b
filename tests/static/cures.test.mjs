import assert from "node:assert/strict";
import test from "node:test";
import {better} from "../../static/js/views/cures.js";
import {createRecord, rowAt, rowOf} from "../../static/js/views/cures_record.js";
import {CURES, GROUPS} from "../../static/js/views/cures_table.js";

const config = (more = {}) => ({
  network: {hidden: [30, 30, 30, 30, 30], activation: "sigmoid", normalization: null, residual: false, ...more.network}, optimizer: {name: "sgd", learning_rate: 0.3},
  initializer: "xavier_normal", initializer_scale: null, clip_norm: null, ...more.config,
});
const merged = (of, fields) => ({...of, ...fields, network: {...of.network, ...fields.network, ...fields.activation && {activation: fields.activation}}, optimizer: fields.optimizer ? {name: fields.optimizer} : of.optimizer});

test("whoever takes a cure has it, and can be rid of it where that is offered", () => {
  for (const cure of CURES) {
    assert.ok(GROUPS.includes(cure.group), cure.name);
    const sick = cure.name === "xavier" ? config({config: {initializer: "normal", initializer_scale: 0.4}}) : config();
    assert.equal(cure.has(sick), false, cure.name);
    const fields = cure.fields(sick), cured = merged(sick, fields);
    if (cure.name !== "fewer") assert.equal(cure.has(cured), true, cure.name);
    if (cure.off) assert.equal(cure.has(merged(cured, cure.off)), false, cure.name);
  }
});

test("half the layers keep what they had, and one layer is not halved", () => {
  const {fields} = CURES.find(({name}) => name === "fewer"), mixed = ["tanh", "relu", "tanh", "relu", "tanh"];
  assert.deepEqual(fields(config()).network, {hidden: [30, 30, 30], activation: "sigmoid", normalization: null, residual: false});
  assert.deepEqual(fields(config({network: {activation: mixed, normalization: [null, "batch", null, null, null], residual: [false, true, true, false, true]}})).network, {hidden: [30, 30, 30], activation: ["tanh", "relu", "tanh"], normalization: [null, "batch", null], residual: [false, true, true]});
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
  const {factor, first, last, accuracy} = rowOf({step: 3, loss: 1, accuracy: 0.8, test_accuracy: 0.7, norms: {delta}}, false);
  assert.ok(Math.abs(factor - 0.1) < 1e-6);
  assert.deepEqual([first, last, accuracy], [delta[0], delta[3], 0.7]);
  assert.ok(Number.isNaN(rowOf({norms: {delta: delta.slice(0, 2)}}, true).factor));
});

test("a factor is best at 1, a loss low, an accuracy high", () => {
  const [then, now] = [row(1), {...row(1), factor: 1.2, loss: 3, accuracy: 0.9}];
  assert.deepEqual(["factor", "loss", "accuracy", "first"].map(name => better(name, then, now)), ["yes", "no", "yes", ""]);
  assert.equal(better("loss", then, {...now, loss: NaN}), "");
  assert.equal(better("loss", null, now), "");
});
