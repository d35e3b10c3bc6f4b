import assert from "node:assert/strict";
import test from "node:test";
import {Plan} from "../../../static/js/app/plan.js";

const question = text => ({question: {kind: "words", text, choices: [], right: null, step: "", rate: ""}});

/** A page with a list, and what it keeps, sends and says. @param {any} [fields] @param {any} [replies] */
function page(fields = {}, replies = {}) {
  const kept = new Map();
  const [sent, said, chosen, listeners] = [[], [], [], new Set()];
  globalThis.localStorage = {getItem: name => kept.get(name.replace("backscope:", "")) ?? null};
  let state = {
    ...{config: {data: {name: "circle"}, seed: 1}, log: [], lanes: [{id: 0, step: 7}], lane: 0},
    ...{frame: {step: 7, layout: 1}, layout: {id: 1, sizes: [2, 1]}, view: {surface: "cut"}, page: "full", room: null},
    ...fields,
  };
  const store = {
    get: () => state,
    set: patch => {
      state = {...state, ...patch};
      for (const listener of listeners) listener(state);
    },
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const plan = new Plan({
    store,
    keep: (name, text) => kept.set(name, text) && !fields.full,
    act: async (op, given) => {
      sent.push([op, given]);
      return replies[op] ?? {ok: true};
    },
    choose: patch => chosen.push(patch),
    say: text => said.push(text()),
    t: key => key,
  });
  return {plan, sent, said, chosen, kept, store, listeners, state: () => state};
}

const texts = ({items}) => items.map(item => item.question?.text ?? item.name);

test("one press each leads through the list, and what is refused stays the next", async () => {
  const {plan, sent} = page();
  plan.add(question("a"), question("b"));
  await plan.go();
  await plan.go();
  assert.deepEqual(await plan.go(), {ok: false});
  assert.deepEqual(
    sent.map(([op, fields]) => [op, fields.text]),
    [
      ["ask", "a"],
      ["ask", "b"],
    ],
  );
  const refused = page({}, {ask: {ok: false}});
  refused.plan.add(question("a"));
  await refused.plan.go();
  assert.equal(refused.plan.now.next, 0);
});

test("the next stays the next when others are moved or taken off", () => {
  const {plan} = page();
  plan.add(...["a", "b", "c"].map(question));
  plan.become(plan.now.items, 1);
  plan.move(2, -2);
  assert.deepEqual([texts(plan.now), plan.now.next], [["c", "a", "b"], 2]);
  plan.move(0, -1);
  plan.remove(0);
  assert.deepEqual([texts(plan.now), plan.now.next], [["a", "b"], 1]);
  plan.remove(1);
  assert.deepEqual([texts(plan.now), plan.now.next], [["a"], 1]);
});

test("the list is kept by the browser, with its place, and comes back; where it is not kept, that is said", () => {
  const {plan, kept} = page();
  plan.add(question("a"), question("b"));
  plan.become(plan.now.items, 1);
  globalThis.localStorage = {getItem: name => kept.get(name.replace("backscope:", "")) ?? null};
  plan.recall();
  assert.deepEqual([texts(plan.now), plan.now.next], [["a", "b"], 1]);
  const full = page({full: true});
  full.plan.add(question("a"));
  assert.deepEqual(full.said, ["plan.not_kept"]);
});

test("a state is set, and shown as it was only when the page has heard of it", async () => {
  const config = {data: {name: "xor"}, seed: 2};
  const {plan, sent, chosen, store, listeners} = page({}, {open_run: {ok: true, target: 3, config}});
  const kept = {name: "s", run: {config, log: [], step: 3}, view: {surface: "contour", selected: {kind: "neuron"}}};
  plan.add(kept);
  await plan.go();
  assert.deepEqual(sent, [["open_run", kept.run]]);
  assert.deepEqual(chosen, []);
  store.set({config, frame: {step: 1, layout: 2}, layout: {id: 2, sizes: [2, 1]}});
  assert.deepEqual(chosen, []);
  store.set({frame: {step: 3, layout: 2}});
  assert.deepEqual(chosen, [{surface: "contour", selected: null}]);
  assert.equal(listeners.size, 0);
});

test("the present state is kept with what the page shows; a run on own data is not", () => {
  const {plan} = page();
  const kept = plan.here("now");
  assert.deepEqual([kept.name, kept.run.step, kept.view.surface], ["now", 7, "cut"]);
  const own = page({config: {data: {name: "upload-0"}}});
  assert.equal(own.plan.here("x"), null);
  assert.deepEqual(own.said, ["plan.own_data"]);
});

test("what a file holds comes to the end of the list, and too much is refused", async () => {
  const {plan, said} = page();
  plan.add(question("a"));
  const file = new Blob([plan.file().text]);
  await plan.openFile(file);
  assert.deepEqual(texts(plan.now), ["a", "a"]);
  await plan.openFile(new Blob(["no"]));
  assert.equal(plan.add(...Array(99).fill(question("b"))), false);
  assert.deepEqual(said, ["plan.unreadable", "plan.full"]);
});
