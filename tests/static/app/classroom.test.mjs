import assert from "node:assert/strict";
import test from "node:test";
import {Classroom} from "../../../static/js/app/classroom.js";
import {addressAt, followOf, fragmentOf, ledOn} from "../../../static/js/app/room_link.js";

const layout = {sizes: [2, 4, 1]};
const view = {surface: "3d", selected: null, hover: {kind: "neuron", layer: 1, index: 0}, phase: null};

/** A page that follows a room, and what it sends. @param {any} you @param {any} [room] */
function following(you, room = {}) {
  const sent = [];
  let state = {layout, view, room: null, strays: false, connection: "open", microscope: null};
  const store = {get: () => state, set: patch => (state = {...state, ...patch})};
  const record = (op, fields) => {
    sent.push([op, fields]);
    return Promise.resolve({ok: true, inspection: {}});
  };
  const page = new Classroom(you.host ? null : {code: "AAAAAA", name: "Ada"}, {
    ...{store, request: record, send: record, say: () => sent.push(["say"]), t: key => key},
    ...{random: () => "x".repeat(48), owner: "o".repeat(48)},
  });
  page.heard({kind: "room", open: true, code: "AAAAAA", locked: false, ...room, you});
  return {page, sent, state: () => state, store};
}

test("an address that leads into a room is read as it was written", () => {
  for (const name of ["Ada", "李华", "a&b=c#d", "<b>"])
    assert.deepEqual(followOf(fragmentOf({code: "AAAAAA", name})), {code: "AAAAAA", name});
  assert.equal(followOf("#run=abc"), null);
  assert.equal(followOf("#room=AAAAAA"), null);
});

test("a follower sees what is shown, looks elsewhere by choosing, and comes back", () => {
  const {page, sent, state} = following({drives: false});
  page.heard({kind: "glance", view: {surface: "contour"}});
  assert.equal(state().view.surface, "contour");
  assert.deepEqual(page.chosen({surface: "cut"}), {surface: "cut"});
  assert.equal(state().strays, true);
  page.heard({kind: "glance", view: {surface: "sharpness"}});
  assert.equal(state().view.surface, "contour");
  page.look(true);
  assert.equal(state().view.surface, "sharpness");
  assert.deepEqual(
    sent.map(([op, fields]) => [op, fields.what]),
    [
      ["doing", "looks"],
      ["doing", "follows"],
    ],
  );
});

test("who is locked to the teacher's view cannot look elsewhere, and is led back", () => {
  const {page, sent, state} = following({drives: false});
  page.heard({kind: "glance", view: {surface: "contour"}});
  page.chosen({surface: "cut"});
  page.heard({kind: "room", open: true, code: "AAAAAA", locked: true, you: {drives: false}});
  assert.equal(state().strays, false);
  assert.deepEqual(page.chosen({surface: "cut"}), {});
  assert.deepEqual(sent.at(-1), ["say"]);
  assert.deepEqual(page.chosen({hover: null}), {hover: null});
});

test("commands of the run rest on a follower's page, and a watch becomes a question", async () => {
  const {page, sent} = following({drives: false});
  assert.equal(page.rests("step"), true);
  assert.equal(page.rests("answer"), false);
  assert.deepEqual((await page.instead("watch", {target: {}})).history, {});
  assert.equal(sent.at(-1)[0], "explain");
  assert.equal((await page.instead("microscope")).ok, true);
  assert.equal(following({drives: true}).page.rests("step"), false);
  assert.equal(following({host: true, drives: true}).page.rests("step"), false);
});

test("who drives shows what they see, once; who looks on shows nothing", async () => {
  const driver = following({host: true, drives: true});
  driver.page.show(driver.state());
  driver.page.show(driver.state());
  assert.equal(driver.sent.length, 1);
  driver.store.set({view: {...view, surface: "cut"}});
  driver.page.show(driver.state());
  assert.equal(driver.sent.length, 1, "not at once: a hand that drags would tell of each pixel");
  await new Promise(done => setTimeout(done, 120));
  assert.equal(driver.sent.at(-1)[1].view.surface, "cut");
  const follower = following({drives: false});
  follower.page.show(follower.state());
  assert.equal(follower.sent.length, 0);
});

test("where everybody has their own pace, a follower is offered the teacher's lesson in a copy", () => {
  const {page, state} = following({drives: false}, {own_pace: true});
  page.heard({kind: "glance", view: {lesson: "gradient", page: "simple"}});
  assert.equal(page.task, "gradient");
  assert.equal(state().view.lesson, null);
  page.heard({kind: "room", open: true, code: "AAAAAA", locked: false, own_pace: false, you: {drives: false}});
  assert.equal(page.task, "");
  assert.equal(state().view.lesson, "gradient");
});

test("a refusal that names another server leads there with code, nickname and the page's own choices", () => {
  const ada = {code: "AAAAAA", name: "Ada L"};
  const went = [];
  globalThis.location = /** @type {any} */ ({search: "?lang=zh", replace: url => went.push(url)});
  assert.equal(ledOn(ada, {code: "no_such_room"}), false);
  assert.equal(ledOn(null, {code: "elsewhere", params: {address: "https://b.example"}}), false);
  assert.deepEqual(went, []);
  assert.equal(ledOn(ada, {code: "elsewhere", params: {address: "https://b.example/backscope/"}}), true);
  assert.equal(went[0], `https://b.example/backscope/?lang=zh${fragmentOf(ada)}`);
  assert.deepEqual(followOf(new URL(went[0]).hash), ada);
  assert.throws(() => addressAt(ada, "javascript:alert(1)"));
  delete globalThis.location;
});

test("a follower whose server loses the room's hears why, and that it is back", () => {
  const {page, sent, state} = following({drives: false});
  for (const cut of ["server", "redis"]) {
    page.heard({kind: "line", cut});
    assert.equal(state().cut, cut);
  }
  assert.deepEqual(sent, []);
  page.heard({kind: "line", cut: null});
  assert.equal(state().cut, null);
  assert.deepEqual(sent, [["say"]]);
  page.heard({kind: "line", cut: "server"});
  page.heard({kind: "welcome"});
  assert.equal(state().cut, null);
});

test("a copy hears of its room, keeps the way back to it by the newest code, and says when it is gone", () => {
  const kept = {};
  globalThis.sessionStorage = {
    getItem: key => kept[key] ?? null,
    setItem: (key, text) => (kept[key] = text),
  };
  const {page, sent, state} = following({host: true});
  const told = {kind: "copied_from", open: true, code: "BBBBBB", poll: null, you: {name: "Ada (2)"}};
  page.heard(told);
  assert.equal(state().copied_from, undefined, "who has left the room hears no more of it");
  page.from = {code: "AAAAAA", name: "Ada"};
  page.heard(told);
  assert.equal(state().copied_from, told);
  assert.deepEqual(page.from, {code: "BBBBBB", name: "Ada (2)"});
  assert.deepEqual(Object.values(kept).map(JSON.parse), [page.from]);
  const before = sent.length;
  page.heard({kind: "copied_from", open: false});
  page.heard({kind: "copied_from", open: false});
  assert.equal(state().copied_from, null);
  assert.deepEqual(sent.slice(before), [["say"]]);
  delete globalThis.sessionStorage;
});
