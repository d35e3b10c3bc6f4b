import assert from "node:assert/strict";
import {test} from "node:test";

import en from "../../../static/i18n/en.json" with {type: "json"};
import zh from "../../../static/i18n/zh.json" with {type: "json"};
import {DEFINED, TERMS, termAt} from "../../../static/js/views/meanings/terms.js";

const names = TERMS.map(({name}) => name);

test("every term has a card: its name, one sentence, and where to see it, in both languages", () => {
  for (const words of [en, zh])
    for (const {name, see} of TERMS) {
      assert.ok(words[`term.${name}`], name);
      assert.ok(words[`term.${name}_is`].length > 12, name);
      assert.equal(words[`term.${name}_is`].match(/[.。]/g)?.length, 1, `${name}: one sentence`);
      assert.ok(see && words[see], name);
    }
  const told = Object.keys(en).filter(key => key.startsWith("term.") && key.endsWith("_is"));
  assert.deepEqual(told.map(key => key.slice(5, -3)).sort(), [...names].sort(), "no words without a card");
  assert.equal(new Set([...names, ...DEFINED.map(({name}) => name)]).size, names.length + DEFINED.length);
});

test("what this run has is told where it is known, and nothing is told before it is", () => {
  const t = key => en[key] ?? key;
  const nothing = {frame: null, config: null, layout: null, data: null, lanes: []};
  for (const {here} of TERMS) assert.ok(!here?.(nothing, t));
  const state = {
    frame: {step: 12345},
    config: {
      optimizer: {name: "momentum", learning_rate: 0.3, momentum: 0.9},
      network: {activation: "tanh", dropout: 0.2},
      data: {noise: 0.1},
      batch_size: null,
      initializer: "he_normal",
      clip_norm: 1,
      l2: 0.01,
      seed: 7,
    },
    layout: {sizes: [2, 8, 1], loss: "bce"},
    data: {train: 150, n: 200},
    lanes: [1, 2],
  };
  const told = Object.fromEntries(TERMS.filter(({here}) => here).map(({name, here}) => [name, String(here(state, t))]));
  assert.equal(told.learning_rate, "η = 0.3");
  assert.equal(told.batch, "n = 150");
  assert.equal(told.neuron, "2-8-1");
  assert.equal(told.step, "12,345");
  assert.match(told.test_set, /^25/);
  assert.equal(told.momentum, "0.9");
  assert.equal(told.activation, en["activation.tanh"]);
  for (const [name, words] of Object.entries(told)) assert.ok(!/undefined|NaN|null/.test(words), `${name}: ${words}`);
});

test("the innermost place decides which term is asked about", () => {
  /** @param {string[]} classes from the inside to the outside */
  const inside = classes => {
    const chain = classes.map((name, k) => ({name, k}));
    const places = chain.map(entry => ({contains: other => other.k <= entry.k, k: entry.k}));
    return {closest: selector => places[chain.findIndex(({name}) => selector.split(", ").includes(name))] ?? null};
  };
  assert.equal(termAt(inside([".panel-network"])), "neuron");
  assert.equal(termAt(inside(['[data-role="bias"]', ".panel-network"])), "bias");
  assert.equal(termAt(inside([".elsewhere"])), null);
});
