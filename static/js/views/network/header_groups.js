// @ts-check
/**
 * A group of controls above every column, a button to add a layer between two, and titles of the first and the last.
 */

import {integer} from "../../draw/format.js";
import {h, setText} from "../../draw/dom.js";
import {addLayer} from "../shared/architecture.js";

/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("./controls.js").Controls} Controls */

/** A group is at most so wide, and says "neurons" from this width on, in px at the usual type. */
const WIDEST = 138;
const ROOM_FOR_WORDS = 122;

/**
 * @param {Controls} controls
 * @param {Geometry} g
 * @param {number} pitch of the columns
 * @param {string} lastActivation
 * @returns {HTMLElement[]}
 */
export function groupsAbove(controls, g, pitch, lastActivation) {
  const last = g.sizes.length - 1;
  const width = Math.min(pitch - 6, WIDEST * g.scale);
  return [
    ...g.columns
      .slice(1, last)
      .map((column, k) => groupAbove(controls, k + 1, column.x, {width, words: width >= ROOM_FOR_WORDS * g.scale})),
    ...titlesAbove(controls, g, lastActivation),
    ...g.columns.slice(1).map((_, k) => adderBetween(controls, g, k)),
  ];
}

/**
 * @param {Controls} controls
 * @param {number} number of the layer
 * @param {number} x its middle
 * @param {{width: number, words: boolean}} room whether it says what it counts
 */
function groupAbove(controls, number, x, {width, words}) {
  const layer = () => number;
  const title = h("span", {class: "network-title"});
  controls.onRefresh(() => setText(title, controls.t("network.layer", {n: number})));
  const group = h(
    "div",
    {class: "network-group"},
    h("div", {class: "network-top"}, title, controls.remover(layer)),
    controls.counter(layer, words),
    h("div", {class: "network-kind"}, controls.activation(layer), controls.normalization(layer)),
  );
  group.style.left = `${x - width / 2}px`;
  group.style.width = `${width}px`;
  return group;
}

/**
 * Titles of the first and the last column.
 * @param {Controls} controls
 * @param {Geometry} g
 * @param {string} lastActivation
 */
export function titlesAbove(controls, g, lastActivation) {
  const {t} = controls;
  const last = g.sizes.length - 1;
  const inputs = () => (g.image ? t("network.pixels", {n: g.sizes[0]}) : integer(g.sizes[0]));
  return [
    titleAbove(controls, Math.max(g.columns[0].x, 30), "network.input", inputs),
    titleAbove(controls, g.columns[last].x, "network.output", () => t(`activation.${lastActivation}`)),
  ];
}

/** @param {Controls} controls @param {number} x @param {string} key @param {() => string} words */
function titleAbove(controls, x, key, words) {
  const title = h("span", {class: "network-title"});
  const detail = h("span", {class: "network-detail"});
  const element = h("div", {class: "network-end"}, title, detail);
  element.style.left = `${x}px`;
  controls.onRefresh(() => {
    setText(title, controls.t(key));
    setText(detail, words());
  });
  return element;
}

/**
 * The button that puts a layer between two columns.
 * @param {Controls} controls
 * @param {Geometry} g
 * @param {number} k
 */
function adderBetween(controls, g, k) {
  const {t, wanted} = controls;
  const [left, right] = [g.columns[k], g.columns[k + 1]];
  const alone = g.columns.length === 2;
  const element = controls.button(
    "+",
    alone ? "network-add alone" : "network-add",
    () => t("network.add_layer"),
    () => addLayer(wanted.network, k),
  );
  if (alone) controls.onRefresh(() => setText(element, `+ ${t("network.hidden_layer")}`));
  element.style.left = `${(left.x + (left.lanes * left.pitch) / 2 + right.x - (right.lanes * right.pitch) / 2) / 2}px`;
  return element;
}
