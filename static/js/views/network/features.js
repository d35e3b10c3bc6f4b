// @ts-check
/** The row of inputs below the diagram: each is a button that the network's first column has or has not. */

import {divergingTable} from "../../draw/color.js";
import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
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

export class FeatureRow {
  /** @param {import("../../types").ViewContext} context */
  constructor({t, act}) {
    this.t = t;
    this.act = act;
    this.name = h("span", {class: "network-features-name"});
    this.row = h("div", {class: "network-features-row", role: "group"});
    this.element = h("div", {class: "network-features", hidden: true}, this.name, this.row);
    /** @type {State | null} */
    this.state = null;
    /** what was asked for and is not yet there @type {string[] | null} */
    this.wish = null;
    /** requests on their way */
    this.waiting = 0;
    /** what the buttons were built for */
    this.built = "";
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (this.wish && this.waiting === 0 && next.config !== before?.config) this.wish = null;
    const {entry, element} = this;
    hide(element, !entry || entry.features.length < 2);
    if (!entry || element.hidden) return;
    const key = JSON.stringify([entry.name, next.theme, next.lang]);
    if (key !== this.built) {
      this.built = key;
      this.wish = null;
      this.build(next.theme, entry);
      this.mark();
    } else if (before?.config !== next.config || before?.connection !== next.connection) this.mark();
  }

  /** The data set of the run, as the server offers it. */
  get entry() {
    const {options, config} = this.state ?? {};
    return options?.datasets.find(each => each.name === config?.data.name) ?? null;
  }

  /** @param {Entry} entry */
  present(entry) {
    return this.wish ?? featuresOf(entry, this.state?.config?.data.features);
  }

  /** @param {string} feature */
  async toggle(feature) {
    const {entry} = this;
    if (!entry) return;
    const present = this.present(entry);
    const next = toggled(entry, present, feature);
    if (next === present) return;
    this.wish = next;
    this.waiting++;
    this.mark();
    const reply = await this.act("configure", {data: {features: next}});
    this.waiting--;
    if (reply.ok === false && this.waiting === 0) this.wish = null;
    this.mark();
  }

  /** Press the buttons of what is there, or asked for. */
  mark() {
    const {entry, row, t} = this;
    if (!entry) return;
    const names = this.present(entry);
    const rests = this.state?.connection !== "open";
    // where no button takes the focus, keys still reach what is out of sight
    if (rests) setAttribute(row, "tabindex", "0");
    else row.removeAttribute("tabindex");
    for (const button of row.querySelectorAll("button")) {
      const on = names.includes(button.dataset.feature ?? "");
      const title = on ? (names.length === 1 ? "network.feature_last" : "network.feature_off") : "network.feature_on";
      setAttribute(button, "aria-pressed", String(on));
      button.disabled = rests;
      explain(button, t(title, {name: button.textContent ?? ""}));
    }
  }

  /** @param {import("../../types").Theme} theme @param {Entry} entry */
  build(theme, {features}) {
    const {row, name, t} = this;
    const overPlane = features.every(each => each.name in FEATURES) && features.length === Object.keys(FEATURES).length;
    /** @param {Entry["features"][number]} feature */
    const buttonOf = feature =>
      h(
        "button",
        {
          type: "button",
          class: "network-feature",
          dataset: {feature: feature.name, restarts: ""},
          onclick: () => this.toggle(feature.name),
        },
        overPlane ? picture(feature.name, theme) : "",
        feature.label,
      );
    row.replaceChildren(...features.map(buttonOf));
    setText(name, t("network.features"));
    setAttribute(row, "aria-label", t("network.features_group"));
  }
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
