import assert from "node:assert/strict";
import test from "node:test";
import {readFileSync} from "node:fs";
import {changeWords} from "../../../static/js/model/changes.js";
import {loadLanguage, translate} from "../../../static/js/draw/i18n.js";

globalThis.fetch = async url => ({
  json: async () => JSON.parse(readFileSync(new URL(`../../../static/${url}`, import.meta.url), "utf-8")),
});

test("what was changed is said in the page's own words, in both languages", async () => {
  await Promise.all(["en", "zh"].map(loadLanguage));
  const say = (lang, change, before) =>
    changeWords((key, params) => translate(lang, key, params), change, lang, before);
  assert.equal(say("en", {learning_rate: 0.1, batch_size: null}), "η 0.1, full batch");
  assert.equal(say("en", {optimizer: "adam", beta1: 0.5}), "Adam, β₁ 0.5");
  assert.equal(say("en", {network: {activation: "relu"}}), "ReLU");
  const mixed = {activation: ["relu", "tanh", "tanh"]};
  assert.equal(say("en", {activation: "gelu"}), "GELU");
  assert.equal(say("en", mixed), "ReLU · Tanh");
  assert.equal(say("en", mixed, {network: {activation: "tanh"}}), "layer 1 ReLU");
  assert.equal(say("en", mixed, {network: {activation: ["relu", "tanh", "gelu"]}}), "layer 3 Tanh");
  assert.equal(say("en", {parameters: {12: 0.75}}), "weight 0.75");
  assert.equal(say("en", {parameters: {12: 0.75, 13: 1}}), "2 weights");
  assert.equal(say("en", {noise: 0.3, label_noise: 0.05}), "Noise 30 %, Wrong labels 5 %");
  assert.equal(say("en", {never_heard_of: true}), "never heard of true");
  assert.equal(say("zh", {batch_size: 20}), translate("zh", "curves.batch_size", {value: "20"}));
  assert.notEqual(say("zh", {batch_size: null}), say("en", {batch_size: null}));
});
