import assert from "node:assert/strict";
import {test} from "node:test";

import {Layers, lifting} from "../../../static/js/app/layers.js";
import {travelOf} from "../../../static/js/app/shortcuts.js";

const layer = name => {
  const one = {name, shown: false, open: () => one.shown, close: () => (one.shown = false)};
  return one;
};

test("the newest is closed first, whatever the order in the list, and the focus returns to each one's opener", () => {
  const [a, b, c] = ["a", "b", "c"].map(layer);
  const layers = new Layers([a, b, c]);
  for (const one of [c, a, b]) {
    one.shown = true;
    layers.look(`opener of ${one.name}`);
  }
  for (const one of [b, a, c]) {
    assert.equal(layers.closeTop(), true);
    assert.equal(one.shown, false);
    assert.deepEqual(layers.look("elsewhere"), [`opener of ${one.name}`]);
  }
  assert.equal(layers.closeTop(), false);
});

test("what was closed otherwise is no longer the topmost", () => {
  const [a, b] = ["a", "b"].map(layer);
  const layers = new Layers([a, b]);
  a.shown = true;
  layers.look(null);
  b.shown = true;
  layers.look(null);
  b.shown = false;
  layers.look(null);
  layers.closeTop();
  assert.equal(a.shown, false);
});

test("what is said stands in the modal window in front, and back in its place when none is open", () => {
  const box = name => ({name, append: one => (one.parentElement = box.all[name])});
  box.all = Object.fromEntries(["page", "bar", "gallery", "glossary"].map(name => [name, box(name)]));
  const [toasts, voice] = ["page", "bar"].map(name => ({parentElement: box.all[name]}));
  const [beside, gallery, glossary] = ["settings", "gallery", "glossary"].map(layer);
  for (const one of [gallery, glossary]) one.modal = () => box.all[one.name];
  beside.modal = () => null;
  const layers = new Layers([glossary, beside, gallery]);
  const lift = lifting([toasts, voice]);
  const places = () => (lift(layers.front()), [toasts, voice].map(({parentElement}) => parentElement.name));
  for (const [one, expected] of [
    [beside, ["page", "bar"]],
    [gallery, ["gallery", "gallery"]],
    [glossary, ["glossary", "glossary"]],
  ]) {
    one.shown = true;
    layers.look(null);
    assert.deepEqual(places(), expected);
  }
  for (const expected of [
    ["gallery", "gallery"],
    ["page", "bar"],
  ]) {
    layers.closeTop();
    layers.look(null);
    assert.deepEqual(places(), expected);
  }
});

test("keys of undo and redo", () => {
  const key = (letter, more) =>
    travelOf({key: letter, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more});
  assert.equal(key("z", {ctrlKey: true}), "undo");
  assert.equal(key("z", {metaKey: true}), "undo");
  assert.equal(key("Z", {ctrlKey: true, shiftKey: true}), "redo");
  assert.equal(key("y", {ctrlKey: true}), "redo");
  for (const more of [{}, {ctrlKey: true, altKey: true}]) assert.equal(key("z", more), null);
});
