// @ts-check
/** What the diagram's panel consists of. */

import {h} from "../../draw/dom.js";

/** @typedef {ReturnType<typeof createParts>} Parts */

/** @param {{toggleForm: () => void, close: () => void}} hands what the two buttons do */
export function createParts({toggleForm, close}) {
  const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
    h("button", {type: "button", class: name, dataset: {role: name}, onclick});
  const span = (/** @type {string} */ name) => h("span", {class: `network-legend-${name}`});
  const form = button("network-form", toggleForm);
  const back = button("network-whole", close);
  back.hidden = true;
  const stage = h("div", {class: "network-stage", tabindex: 0, role: "application", dataset: {i18nKeys: "network"}});
  const [unit, low, high] = ["unit", "low", "high"].map(span);
  const legend = h("span", {class: "network-legend"}, unit, low, h("i", {class: "network-legend-bar"}), high);
  return {
    form,
    back,
    stage,
    content: h("div", {class: "network-content"}),
    scroll: h("div", {class: "network-scroll"}),
    legend,
    unit,
    low,
    high,
    forward: span("forward"),
    backward: span("backward"),
    waiting: h("p", {class: "network-waiting"}),
  };
}

/**
 * Put everything in its place.
 * @param {HTMLElement} root
 * @param {Parts} parts
 * @param {{bar: HTMLElement, heads: HTMLElement}} header
 * @param {HTMLElement} features
 * @param {HTMLElement} hint
 */
export function assemble(root, parts, {bar, heads}, features, hint) {
  const {form, back, stage, content, scroll, legend, forward, backward, waiting} = parts;
  content.append(heads, stage);
  scroll.append(content);
  root.classList.add("network");
  root.append(
    h("div", {class: "network-forms"}, back, form),
    bar,
    scroll,
    features,
    h("div", {class: "network-foot"}, legend, forward, backward, hint),
    waiting,
  );
}
