// @ts-check
/** What the window of trainability maps consists of. Decides nothing. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {fixed} from "../../draw/format.js";
import {ends} from "./numbers.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {ReturnType<typeof createWindow>} MapWindow */
/** @typedef {Record<"choose" | "run" | "back" | "whole" | "closer" | "wider" | "save", () => void>} Hands */

const WIDTHS = [2, 4, 8, 16];
const STEPS = [50, 100, 200, 500, 1000];
const SIZES = [64, 128, 256];
/** Pixels of the picture of a run. */
const RUN = {width: 300, height: 150};

/** @param {HTMLDialogElement} root @param {Hands} hands */
export function createWindow(root, hands) {
  const title = h("h2", {id: "title-maps"});
  const close = button("maps-close", () => root.close(), "quiet");
  close.textContent = "×";
  const lead = h("p", {class: "maps-lead"});
  const controls = createControls(hands);
  const picture = h("canvas", {class: "maps-picture", dataset: {role: "maps-picture"}});
  const box = h("div", {class: "maps-box", hidden: true});
  const cursor = h("div", {class: "maps-cursor", hidden: true});
  const stage = h("div", {class: "maps-stage"}, picture, box, cursor);
  const axes = {x: h("span", {class: "maps-x"}), y: h("span", {class: "maps-y"})};
  const told = h("output", {class: "maps-told", dataset: {role: "maps-told"}});
  const state = h("output", {class: "maps-state", dataset: {role: "maps-state"}});
  const dimension = h("p", {class: "maps-dimension", dataset: {role: "maps-dimension"}});
  const run = h("canvas", {class: "maps-run", role: "img", dataset: {role: "maps-run"}, ...RUN});
  const legend = h("p", {class: "maps-legend"});
  const side = h("div", {class: "maps-side"}, told, run, dimension, state, legend);
  const map = h("div", {class: "maps-map"}, axes.y, stage, axes.x);
  const body = h("div", {class: "maps-body"}, map, side);
  root.append(h("div", {class: "dialog-head"}, title, close), h("div", {class: "maps"}, lead, controls.element, body));
  return {
    title,
    close,
    lead,
    body,
    picture,
    box,
    cursor,
    stage,
    axes,
    told,
    state,
    dimension,
    run,
    legend,
    ...controls,
  };
}

/** @param {string} role @param {() => void} onclick @param {string} [kind] */
const button = (role, onclick, kind) => h("button", {type: "button", class: kind, dataset: {role}, onclick});

/** @param {Hands} hands */
function createControls({choose, run, back, whole, closer, wider, save}) {
  const chosen = (/** @type {string} */ name) => h("select", {dataset: {role: `maps-${name}`}, onchange: choose});
  const selects = {
    axes: chosen("axes"),
    activation: chosen("activation"),
    width: chosen("width"),
    steps: chosen("steps"),
    size: chosen("size"),
  };
  const seed = h("input", {
    type: "number",
    min: 0,
    max: 9999,
    value: 0,
    onchange: choose,
    dataset: {role: "maps-seed"},
  });
  const fields = Object.entries({...selects, seed}).map(([name, field]) => ({name, field, words: h("span")}));
  const buttons = {
    again: button("maps-again", run),
    closer: button("maps-closer", closer),
    wider: button("maps-wider", wider),
    back: button("maps-back", back),
    whole: button("maps-whole", whole),
    save: button("maps-save", save),
  };
  const progress = h("progress", {max: 1});
  const element = h(
    "div",
    {class: "maps-controls"},
    ...fields.map(({field, words}) => h("label", {}, words, field)),
    ...Object.values(buttons),
    progress,
  );
  return {element, selects, seed, fields, buttons, progress};
}

/** Choices, in the language. @param {MapWindow} window @param {string[]} activations @param {Translate} t */
export function listChoices({selects}, activations, t) {
  const numbers = (/** @type {number[]} */ all) => all.map(n => ({value: String(n), label: String(n)}));
  setOptions(
    selects.axes,
    ["rates", "rate_scale"].map(value => ({value, label: t(`maps.axes_${value}`)})),
  );
  setOptions(
    selects.activation,
    activations.map(name => ({value: name, label: t(`activation.${name}`)})),
  );
  setOptions(selects.width, numbers(WIDTHS));
  setOptions(selects.steps, numbers(STEPS));
  setOptions(
    selects.size,
    SIZES.map(n => ({value: String(n), label: `${n} × ${n}`})),
  );
}

/** What is chosen at first: quick enough for any machine. @param {MapWindow} window */
export function chooseFirst({selects}) {
  const first = {axes: "rates", activation: "tanh", width: "8", steps: "100", size: "128"};
  for (const [name, value] of Object.entries(first)) selects[/** @type {keyof typeof first} */ (name)].value = value;
}

/** Everything that is said in the language alone. @param {MapWindow} window @param {Translate} t */
export function writeWords(window, t) {
  const {title, lead, legend, fields, buttons, close, picture, run} = window;
  setText(title, t("maps.title"));
  setText(lead, t("maps.lead"));
  setText(legend, t("maps.legend"));
  for (const {name, words} of fields) setText(words, t(`maps.${name}`));
  for (const [name, element] of Object.entries(buttons)) setText(element, t(`maps.${name}`));
  explain(buttons.save, t("maps.save_title"));
  nameControl(close, t("setting.close"));
  picture.setAttribute("aria-label", t("maps.picture"));
  run.setAttribute("aria-label", t("maps.run"));
}

/** What is said of the boundary's box dimension. @param {{dimension: unknown, error: number}} measured
 * @param {Translate} t */
export function dimensionWords({dimension, error}, t) {
  if (typeof dimension !== "number") return t("maps.dimension_none");
  return t("maps.dimension", {dimension: fixed(dimension, 3), error: fixed(error, 3)});
}

/** The box that is being drawn. @param {HTMLElement} box @param {import("./input.js").Point} from
 * @param {import("./input.js").Point} to */
export function placeBox(box, from, to) {
  box.hidden = from.x === to.x;
  const per = (/** @type {number} */ share) => `${100 * share}%`;
  Object.assign(box.style, {
    left: per(Math.min(from.x, to.x)),
    width: per(Math.abs(to.x - from.x)),
    bottom: per(Math.min(from.y, to.y)),
    height: per(Math.abs(to.y - from.y)),
  });
}

/** @param {MapWindow} window @param {import("./grid.js").Range2} range @param {Translate} t */
export function writeAxes({axes, selects}, {x, y}, t) {
  const words = (/** @type {[number, number]} */ [low, high]) => `${ends(low, high)} … ${ends(high, low)}`;
  setText(axes.x, t(`maps.x_${selects.axes.value}`, {range: words(x)}));
  setText(axes.y, t(`maps.y_${selects.axes.value}`, {range: words(y)}));
}
