// @ts-check
/** One bar of controls for the layer in hand, and the sizes of all layers above their columns. */

import {integer} from "../../draw/format.js";
import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {addLayer} from "../shared/architecture.js";
import {titlesAbove} from "./header_groups.js";

/** @typedef {import("./controls.js").Controls} Controls */
/**
 * What the bar stands over.
 * @typedef {object} Below
 * @property {import("./layout.js").Geometry} g
 * @property {number} pitch least distance of two columns
 * @property {number} from layer of the first column
 * @property {number} count hidden layers of the net
 * @property {string} lastActivation
 */
/**
 * The layer in hand, and how to take another one.
 * @typedef {{layer: () => number, choose: (layer: number) => void}} Hand
 */

/** Below this width of the drawing, in px, the bar has no arrows, unless columns stand close. */
const NARROW = 430;
/** A column has its size above it from this pitch on, in px. */
const ROOM_FOR_SIZE = 17;

/** @param {Controls} controls @param {Hand} hand @param {Below} below @returns {HTMLElement[]} */
export function barParts(controls, hand, {g, pitch, count}) {
  const tight = g.width < NARROW && pitch > 24;
  const place = placeOf(controls, hand, tight, count);
  const parts = count
    ? [
        tight ? place : walker(controls, hand, place, count),
        controls.counter(hand.layer, !tight),
        controls.activation(hand.layer),
        controls.normalization(hand.layer),
      ]
    : [];
  return [...parts, adderAndRemover(controls, hand, count)];
}

/**
 * Which layer is in hand.
 * @param {Controls} controls
 * @param {Hand} hand
 * @param {boolean} tight
 * @param {number} count
 */
function placeOf(controls, {layer}, tight, count) {
  const {t} = controls;
  const place = h("span", {class: "network-place"});
  controls.onRefresh(() =>
    setText(place, tight ? t("network.layer", {n: layer()}) : t("network.layer_of", {n: layer(), count})),
  );
  return place;
}

/**
 * The place between two arrows.
 * @param {Controls} controls
 * @param {Hand} hand
 * @param {HTMLElement} place
 * @param {number} count
 */
function walker(controls, {layer, choose}, place, count) {
  /** @param {string} sign @param {number} way @param {string} key */
  const arrow = (sign, way, key) => {
    const element = h("button", {type: "button", class: "network-button", onclick: () => choose(layer() + way)}, sign);
    controls.onRefresh(() => {
      element.disabled = layer() + way < 1 || layer() + way > count;
      nameControl(element, controls.t(key));
    });
    return element;
  };
  return h(
    "span",
    {class: "network-bar-part"},
    arrow("‹", -1, "network.previous_layer"),
    place,
    arrow("›", 1, "network.next_layer"),
  );
}

/** @param {Controls} controls @param {Hand} hand @param {number} count */
function adderAndRemover(controls, {layer}, count) {
  const after = () => (count ? layer() : 0);
  const adder = controls.button(
    "+",
    "network-add-after",
    () => controls.t("network.add_layer_after", {n: after()}),
    () => addLayer(controls.wanted.network, after()),
  );
  return h("span", {class: "network-bar-part"}, adder, count ? controls.remover(layer) : "");
}

/**
 * The size of every hidden layer above its column: a click takes it in hand.
 * @param {Controls} controls
 * @param {Hand} hand
 * @param {Below} below
 */
export function sizesAbove(controls, hand, below) {
  const {g, pitch, from, count, lastActivation} = below;
  const sizes = g.columns.flatMap((_, k) =>
    k + from < 1 || k + from > count ? [] : [sizeAbove(controls, hand, below, k)],
  );
  const whole = count === g.sizes.length - 2;
  return [...sizes, ...(pitch > 44 * g.scale && whole ? titlesAbove(controls, g, lastActivation) : [])];
}

/** @param {Controls} controls @param {Hand} hand @param {Below} below @param {number} k column */
function sizeAbove(controls, {layer, choose}, {g, pitch, from}, k) {
  const {t} = controls;
  const at = k + from;
  const size = g.sizes[k];
  const element = h("button", {
    type: "button",
    class: "network-size",
    tabindex: -1,
    onclick: () => choose(at),
  });
  if (pitch >= ROOM_FOR_SIZE * g.scale)
    element.append(from ? `${t("network.layer", {n: at})}${pitch > 110 * g.scale ? ` · ${size}` : ""}` : integer(size));
  element.style.left = `${g.columns[k].x}px`;
  element.style.width = `${Math.max(8, Math.min(pitch, from ? 110 : 60))}px`;
  controls.onRefresh(() => {
    element.setAttribute("aria-pressed", String(at === layer()));
    element.setAttribute("aria-label", t("network.layer_size", {n: at, size}));
  });
  return element;
}
