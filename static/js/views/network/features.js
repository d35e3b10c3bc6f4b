// @ts-check
/** The row of inputs below the diagram: each is a button that the network's first column has or has not. */

import {divergingTable} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {FEATURES} from "../../maths/features.js";
import {level} from "../shared/neuron_pictures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").DatasetOption} Entry */

const SIDE = 16;
const REACH = 1.2;

/**
 * Names of the features that a run has.
 * @param {Entry} entry
 * @param {string[] | null | undefined} chosen
 * @returns {string[]}
 */
export function featuresOf(entry, chosen) {
  return chosen ?? entry.features.filter(each => each.default).map(each => each.name);
}

/**
 * One more or one less, in the order of the data set; the last one stays.
 * @param {Entry} entry
 * @param {string[]} present
 * @param {string} name
 * @returns {string[]}
 */
export function toggled(entry, present, name) {
  const next = entry.features.map(each => each.name).filter(each => present.includes(each) !== (each === name));
  return next.length ? next : present;
}

/** @param {import("../../types").ViewContext} context */
export function createFeatures({t, act}) {
  const name = h("span", {class: "network-features-name"});
  const row = h("div", {class: "network-features-row", role: "group"});
  const element = h("div", {class: "network-features", hidden: true}, name, row);
  /** @type {State | null} */
  let state = null;
  /** What was asked for and is not yet there. @type {string[] | null} */
  let wish = null;
  let waiting = 0;
  let built = "";

  const entryOf = () => state?.options?.datasets.find(each => each.name === state?.config?.data.name) ?? null;
  const present = (/** @type {Entry} */ entry) => wish ?? featuresOf(entry, state?.config?.data.features);

  /** @param {string} feature */
  async function toggle(feature) {
    const entry = entryOf();
    if (!entry) return;
    const next = toggled(entry, present(entry), feature);
    if (next === present(entry)) return;
    wish = next;
    waiting++;
    mark();
    const reply = await act("configure", {data: {features: next}});
    waiting--;
    if (reply.ok === false && waiting === 0) wish = null;
    mark();
  }

  function mark() {
    const entry = entryOf();
    if (!entry) return;
    const names = present(entry);
    for (const chip of /** @type {NodeListOf<HTMLButtonElement>} */ (row.querySelectorAll("button"))) {
      const on = names.includes(chip.dataset.feature ?? "");
      chip.setAttribute("aria-pressed", String(on));
      chip.disabled = state?.connection !== "open";
      chip.title = t(
        on ? (names.length === 1 ? "network.feature_last" : "network.feature_off") : "network.feature_on",
        {name: chip.textContent ?? ""},
      );
    }
  }

  /** @param {State} of @param {Entry} entry */
  function build(of, entry) {
    const inPlane =
      entry.features.every(each => each.name in FEATURES) && entry.features.length === Object.keys(FEATURES).length;
    row.replaceChildren(
      ...entry.features.map(each =>
        h(
          "button",
          {
            type: "button",
            class: "network-feature",
            dataset: {feature: each.name, restarts: ""},
            onclick: () => toggle(each.name),
          },
          inPlane ? picture(each.name, of.theme) : "",
          each.label,
        ),
      ),
    );
    setText(name, t("network.features"));
    row.setAttribute("aria-label", t("network.features_group"));
  }

  return {
    element,
    /** @param {State} next */
    update(next) {
      const before = state;
      state = next;
      if (wish && waiting === 0 && next.config !== before?.config) wish = null;
      const entry = entryOf();
      element.hidden = !entry || entry.features.length < 2;
      if (!entry || element.hidden) return;
      const key = JSON.stringify([entry.name, next.theme, next.lang]);
      if (key !== built) {
        built = key;
        wish = null;
        build(next, entry);
        mark();
      } else if (before?.config !== next.config || before?.connection !== next.connection) mark();
    },
  };
}

/** A feature over the plane. @param {string} name @param {import("../../types").Theme} theme */
function picture(name, theme) {
  const canvas = h("canvas", {width: SIDE, height: SIDE});
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ctx.createImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const table = divergingTable(theme);
  const at = (/** @type {number} */ k) => (((k + 0.5) / SIDE) * 2 - 1) * REACH;
  for (let p = 0; p < pixels.length; p++)
    pixels[p] = table[level(FEATURES[name](at(p % SIDE), -at(Math.floor(p / SIDE))) / REACH)];
  ctx.putImageData(image, 0, 0);
  return h("img", {src: canvas.toDataURL(), alt: "", draggable: false}); // a canvas would be composed anew in every frame
}
