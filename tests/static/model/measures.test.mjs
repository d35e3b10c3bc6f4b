import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";
import {leading, meaningOf, nameOf, numberOf, rated, tested} from "../../../static/js/model/measures.js";

const words = JSON.parse(readFileSync(new URL("../../../static/i18n/en.json", import.meta.url), "utf8"));
const t = (key, params = {}) =>
  (words[key] ?? assert.fail(key)).replace(/\{(\w+)\}/g, (_, name) => params[name] ?? assert.fail(`${key} ${name}`));
const config = changes => ({l1: 0, l2: 0, label_smoothing: 0, network: {dropout: 0}, ...changes});
const layout = {landscape: null, normalization: [null, null]};
const data = {kind: "binary", train: 3, n: 5};
const FIELDS = ["loss", "test_loss", "accuracy", "test_accuracy", "objective"];

test("a number has one name in a run, and all names differ", () => {
  const names = FIELDS.map(field => nameOf(field, {data, layout}));
  assert.deepEqual(names, ["train_loss", "test_loss", "train_accuracy", "test_accuracy", "objective"]);
  assert.equal(nameOf("test_accuracy", {data: {...data, kind: "regression"}, layout}), "test_r2");
  assert.equal(nameOf("loss", {data, layout: {...layout, landscape: "bowl"}}), "value");
  assert.equal(new Set(Object.keys(words).filter(key => /^measure\.\w+_is$/.test(key))).size, 9);
  const labels = names.map(name => words[`measure.${name}`]);
  assert.equal(new Set(labels).size, labels.length);
});

test("without a test set the accuracy that leads is that of the training set", () => {
  assert.equal(leading(data), "test_accuracy");
  assert.equal(leading({...data, n: 3}), "accuracy");
  assert.ok(!tested(null));
});

test("a single target has no R², as there is nothing that it could lie apart from", () => {
  const rates = (kind, train, n) => rated({kind, train, n});
  assert.deepEqual([rates("binary", 1, 1), rates("regression", 1, 1), rates("regression", 2, 2)], [true, false, true]);
  assert.deepEqual([rates("regression", 5, 6), rates("regression", 1, 3), rated(null)], [false, true, false]);
});

test("with penalties the sum that the steps bring down is told too", () => {
  const frame = {loss: 0.5, penalty: 0.25};
  assert.deepEqual([numberOf("loss", frame), numberOf("objective", frame)], [0.5, 0.75]);
});

test("what could be meant otherwise is said where the run has it, and nowhere else", () => {
  const plain = {config: config({}), layout, data};
  const odd = {
    config: config({l2: 0.1, label_smoothing: 0.2, network: {dropout: 0.5}}),
    layout: {...layout, normalization: ["batch", null]},
    data,
  };
  for (const field of FIELDS) {
    const name = nameOf(field, plain);
    assert.equal(meaningOf(name, plain, t), words[`measure.${name}_is`]);
    const all = meaningOf(name, odd, t, 7);
    const loss = name.endsWith("loss");
    assert.equal(all.includes("penalties are not counted"), loss);
    assert.equal(all.includes("smoothed by 0.2"), loss || name === "objective");
    assert.match(all, /Nothing is dropped/);
    assert.match(all, name === "train_loss" || name === "objective" ? /whole set/ : /running mean/);
    assert.match(all, /Of step 7/);
  }
  assert.match(meaningOf("batch_loss", odd, t), /are dropped.*of the batch/);
});
