// @ts-check
/** The elements of the sweep's window, and their words. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {integer} from "../../draw/format.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** What hands do with it.
 * @typedef {{run: () => void, pick: (axis: "x" | "y") => void, colour: () => void}} Hands */

const STEPS = [100, 200, 500, 1000, 1500, 2000, 5000];
const SEEDS = [1, 3, 5, 8, 12, 16];
const FIELDS = /** @type {const} */ (["x", "xValues", "y", "yValues", "seeds", "steps", "target", "colour"]);

/** @typedef {ReturnType<typeof createWindow>} Window */

/** @param {HTMLDialogElement} root @param {HTMLElement[]} pictures @param {Hands} hands */
export function createWindow(root, pictures, {run, pick, colour: recolour}) {
  const title = h("h2", {id: "title-sweep"});
  const close = h("button", {type: "button", class: "quiet", onclick: () => root.close()}, "×");
  const x = h("select", {dataset: {role: "sweep-x"}, onchange: () => pick("x")});
  const y = h("select", {dataset: {role: "sweep-y"}, onchange: () => pick("y")});
  const xValues = h("input", {type: "text", dataset: {role: "sweep-x-values"}});
  const yValues = h("input", {type: "text", dataset: {role: "sweep-y-values"}});
  const seeds = h("select", {dataset: {role: "sweep-seeds"}}, ...optionsOf(SEEDS, 5));
  const steps = h("select", {dataset: {role: "sweep-steps"}}, ...optionsOf(STEPS, 200));
  const target = h("input", {type: "number", value: 0.1, step: "any"});
  const colour = h("select", {dataset: {role: "sweep-colour"}, onchange: recolour});
  const again = h("button", {type: "button", class: "sweep-run", dataset: {role: "sweep-run"}, onclick: run});
  const progress = h("progress", {max: 1});
  const elements = {x, xValues, y, yValues, seeds, steps, target, colour};
  const labels = FIELDS.map(name => {
    const words = h("span");
    return {name, words, label: h("label", {}, words, elements[name])};
  });
  const lead = h("p", {class: "maps-lead"});
  const note = h("output", {class: "maps-state", dataset: {role: "sweep-note"}});
  const controls = h("div", {class: "maps-controls"}, ...labels.map(({label}) => label), again, progress);
  root.append(
    h("div", {class: "dialog-head"}, title, close),
    h("div", {class: "maps"}, lead, controls, note, ...pictures),
  );
  return {...elements, title, close, again, progress, labels, lead, note};
}

/** @param {number[]} numbers @param {number} usual */
const optionsOf = (numbers, usual) => numbers.map(n => h("option", {value: n, selected: n === usual}, integer(n)));

/** Fields that mean nothing now are not there. @param {Window} window @param {boolean} lines @param {boolean} several
 * whether there can be several seeds */
export function arrange({labels}, lines, several) {
  for (const {name, label} of labels) {
    if (name === "yValues") label.hidden = lines;
    if (name === "seeds") label.hidden = !lines || !several;
  }
}

/** @param {Window} window @param {Translate} t */
export function writeWords({title, close, lead, labels, seeds}, t) {
  setText(title, t("sweep.title"));
  setText(lead, t("sweep.lead"));
  for (const {name, words} of labels) setText(words, t(`sweep.field_${name}`));
  explain(seeds, t("sweep.seeds_words"));
  nameControl(close, t("setting.close"));
}
