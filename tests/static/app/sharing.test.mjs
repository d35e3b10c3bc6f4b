import assert from "node:assert/strict";
import test from "node:test";
import {areLosses, createSharing, parting, watchAgreement} from "../../../static/js/app/sharing.js";
import {decodeRun} from "../../../static/js/app/link.js";

const MADE = {backscope: "1", numpy: "2", kernel: "x86_64 X", engine: "numpy"};
const LINK = {steps: [32, 64, 96], losses: [0.5, 0.25, null], made: MADE};
const t = (key, params = {}) => `${key} ${JSON.stringify(params)}`;

/** A store that tells what is put into it. */
function storeOf(state) {
  const listeners = new Set();
  return {
    get: () => state,
    subscribe: one => (listeners.add(one), () => listeners.delete(one)),
    put: patch => ((state = {...state, ...patch}), Promise.all([...listeners].map(one => one(state)))),
    count: () => listeners.size,
  };
}

test("two runs part at the first loss that differs by more than last digits", () => {
  assert.equal(parting(LINK, {losses: [0.5, 0.25, 0.1]}), null);
  assert.equal(parting(LINK, {losses: [0.5 + 1e-9, null, null]}), null);
  assert.deepEqual(parting(LINK, {losses: [0.5, 0.26, 0]}), {from: 32, step: 64, there: "0.2500", here: "0.2600"});
  assert.equal(parting(LINK, {losses: [0.6, 0.26, 0]})?.from, 0);
  assert.equal(parting({...LINK, losses: [0, 0, 0]}, {losses: [0, 0, 0]}), null);
});

test("what tells no losses is left alone", () => {
  assert.ok(areLosses(LINK));
  const bad = [
    null,
    7,
    "x",
    {},
    {...LINK, steps: []},
    {...LINK, losses: [1]},
    {...LINK, made: {}},
    {...LINK, made: null},
  ];
  for (const one of [...bad, {...LINK, steps: [1, 2, "3"]}, {...LINK, losses: [1, 2, {}]}]) assert.ok(!areLosses(one));
  const store = storeOf({});
  for (const one of bad) watchAgreement(one, 3, {store, request: null, say: null, t});
  assert.equal(store.count(), 0);
});

test("a run of a link is asked once, at its step, and what parts is said", async () => {
  for (const [losses, words] of [
    [[0.5, 0.25, 0], 0],
    [[0.5, 0.3, 0], 1],
  ]) {
    const store = storeOf({connection: "connecting", config: {a: 1}, log: [], frame: {step: 0}});
    const [asked, said] = [[], []];
    const request = async (op, fields) => (asked.push([op, fields]), {ok: true, losses, made: MADE});
    watchAgreement(LINK, 96, {store, request, say: text => said.push(text()), t});
    await store.put({connection: "open"});
    await store.put({frame: {step: 60}, config: {a: 1}});
    assert.deepEqual(asked, []);
    await store.put({frame: {step: 96}});
    await store.put({frame: {step: 97}});
    assert.deepEqual(asked, [["agreement", {steps: LINK.steps}]]);
    assert.equal(said.length, words);
    if (words) assert.match(said[0], /^share\.parts .*"from":32,"step":64.*NumPy 2, x86_64 X/);
  }
});

test("a run that was changed on its way is another, and is not compared", async () => {
  const store = storeOf({connection: "open", config: {a: 1}, log: [], frame: {step: 0}});
  watchAgreement(LINK, 96, {store, request: () => assert.fail(), say: () => assert.fail(), t});
  await store.put({frame: {step: 5}});
  await store.put({log: [{step: 5}]});
  await store.put({frame: {step: 96}});
  assert.equal(store.count(), 0);
});

test("a link carries losses where the server tells them, and none where it does not", async () => {
  globalThis.location = {href: "http://here/?lang=en"};
  const store = storeOf({config: {a: 1}, log: [], frame: {step: 96}, lane: 0, lanes: []});
  for (const [reply, made] of [
    [{ok: true, ...LINK}, LINK],
    [{ok: false}, undefined],
  ]) {
    const {runAddress} = createSharing({store, request: async () => reply, say: null, t});
    const run = await decodeRun(new URLSearchParams(new URL(await runAddress()).hash.slice(1)).get("run"));
    assert.deepEqual(run.made, made);
    assert.equal(run.step, 96);
  }
  delete globalThis.location;
});
