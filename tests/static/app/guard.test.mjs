// One view that fails: the others are told, it is logged once, and its panel says so until it can draw again.

import assert from "node:assert/strict";
import test from "node:test";
import {Guard} from "../../../static/js/app/guard.js";

/** As much of a page as a note needs. */
function element(tag) {
  return {
    tag,
    dataset: {},
    children: [],
    listeners: {},
    attributes: {},
    setAttribute(name, value) {
      this.attributes[name] = value;
    },
    addEventListener(name, listener) {
      this.listeners[name] = listener;
    },
    append(...nodes) {
      for (const node of nodes) if (typeof node === "object") node.parent = this;
      this.children.push(...nodes);
    },
    remove() {
      this.parent.children = this.parent.children.filter(child => child !== this);
    },
  };
}
globalThis.document = {createElement: element};

test("a view that fails takes nothing from the others and says so, once", () => {
  const reported = [];
  const told = [];
  const guard = new Guard(
    key => key,
    () => 7,
    error => reported.push(error.message),
  );
  let broken = true;
  const place = element("section");
  const bad = guard.at(place, {
    update(state) {
      if (broken) throw new Error("no");
      told.push(["bad", state]);
    },
    destroy() {},
  });
  const good = guard.at(element("section"), {update: state => told.push(["good", state]), destroy() {}});
  guard.tell([bad, good], 1);
  guard.tell([bad, good], 2);
  assert.deepEqual(told, [
    ["good", 1],
    ["good", 2],
  ]);
  assert.deepEqual(reported, ["no"]);
  assert.equal(place.children.length, 1);
  broken = false;
  const [note] = place.children;
  note.children.find(child => child.tag === "button").listeners.click();
  assert.deepEqual(told.at(-1), ["bad", 7]);
  assert.equal(place.children.length, 0);
});

test("what fails at its numbers alone is not taken for healed by what it draws", () => {
  const place = element("section");
  const guard = new Guard(
    key => key,
    () => 0,
    () => {},
  );
  const view = guard.at(place, {
    update() {},
    readNumbers() {
      throw new Error("no");
    },
    destroy() {},
  });
  guard.tell([view], 1, "readNumbers");
  guard.tell([view], 1);
  assert.equal(place.children.length, 1);
});
