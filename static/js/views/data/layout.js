// @ts-check
/** The left panel's parts: they fold, by hand and where there is no room for all. */

import {h, icon} from "../../draw/dom.js";
import {field} from "../shared/fields.js";

/** @typedef {ReturnType<typeof import("./controls.js").dataControls>} Controls */

export class Folds {
  /** @param {HTMLElement} parts that they stand in */
  constructor(parts) {
    this.parts = parts;
    /** Those that were folded because there was no room for all. @type {Set<HTMLDetailsElement>} */
    this.folded = new Set();
    /** Those that may be, in this order. @type {HTMLDetailsElement[]} */
    this.yielding = [];
    this.room = new ResizeObserver(() => this.fit());
  }

  /**
   * A part that folds; on a phone it starts folded, so that the network is near. What it holds may start the network
   * anew: then it says so.
   * @param {string} key @param {boolean} restarts @param {HTMLElement[]} children */
  group(key, restarts, ...children) {
    const body = h("div", {class: "group-body", dataset: restarts ? {i18nTip: "restart.hint"} : {}}, ...children);
    const byHand = () => {
      details.dataset.hand = "true";
      this.folded.delete(details);
    };
    const follow = () => {
      body.inert = !details.open;
    };
    const open = matchMedia("(min-width: 641px)").matches;
    const summary = h("summary", {dataset: {i18n: key}, onclick: byHand});
    const details = h("details", {class: "group", open, ontoggle: follow}, summary, body);
    follow();
    return details;
  }

  /**
   * Where the window is too low for all parts, fold those that start the network again; what a hand has opened or
   * folded stays so.
   */
  fit() {
    for (const details of this.folded) details.open = true;
    this.folded.clear();
    for (const details of this.yielding) {
      if (this.parts.scrollHeight <= this.parts.clientHeight) return;
      if (details.hidden || !details.open || details.dataset.hand) continue;
      details.open = false;
      this.folded.add(details);
    }
  }
}

/** A box with its word. @param {HTMLElement} box @param {string} key */
const check = (box, key) => h("label", {class: "check"}, box, h("span", {dataset: {i18n: key}}));

/**
 * Everything below the panel's title, in its parts.
 * @param {Controls} c
 * @param {{pictures: HTMLElement[], start: HTMLElement, openUpload: () => void, openSettings: () => void}} given
 */
export function layoutOf(c, {pictures, start, openUpload, openSettings}) {
  const parts = h("div", {class: "data-parts"});
  const folds = new Folds(parts);
  const begin = folds.group("landscape.start", true, start);
  const points = folds.group("data.points", true, h("div", {class: "pairs"}, c.samples.element, c.split.element));
  const everyBatch = check(c.fullBatch, "data.full_batch");
  const kind = field("data.activation", c.activation);
  const shape = folds.group(
    "data.restarts",
    true,
    field("data.initializer", c.initializer, "wide"),
    field("data.loss", c.loss, "wide"),
    check(c.bias, "data.bias"),
  );
  for (const part of [points, shape]) part.dataset.full = "";
  const live = folds.group(
    "data.live",
    false,
    h("div", {class: "pairs"}, c.noise.element, c.batch.element),
    everyBatch,
    field("data.optimizer", c.optimizer),
    c.hyperparameters,
    kind,
  );
  const upload = {type: "button", dataset: {role: "upload-open", i18nTip: "upload.open"}, onclick: openUpload};
  const row = h("div", {class: "dataset-row"}, c.dataset, h("button", upload, icon("table")));
  const more = {type: "button", class: "more", dataset: {role: "settings", i18n: "data.more"}, onclick: openSettings};
  parts.append(h("div", {class: "group"}, row, ...pictures), begin, points, live, shape, h("button", more));
  folds.yielding = [shape, points];
  folds.room.observe(parts);
  return {parts, folds, begin, points, everyBatch, kind, shape};
}
