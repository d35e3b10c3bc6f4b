// @ts-check
/** The inspector's card: its head, what it can be about, and the sections below. Decides nothing. */

import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {symbol, title} from "../shared/symbols.js";
import {math} from "./math.js";
import {keyOf} from "./places.js";
import {partsOf} from "./scene.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

export class Card {
  /**
   * @param {{close: () => void, setOver: (over: "sample" | "batch") => void, select: (pick: Pick) => void}} hands
   * @param {HTMLElement[]} sections
   */
  constructor({close, setOver, select}, sections) {
    this.select = select;
    this.sign = h("span", {class: "inspector-sign"});
    this.name = h("h3", {class: "inspector-title"});
    const shut = {class: "inspector-close", type: "button", dataset: {role: "inspector-close"}, onclick: close};
    this.close = h("button", shut, "×");
    this.head = h("div", {class: "inspector-head"}, this.sign, this.name, this.close);
    const over = (/** @type {"sample" | "batch"} */ kind) =>
      h("button", {type: "button", dataset: {role: `inspector-${kind}`}, onclick: () => setOver(kind)});
    this.overs = {sample: over("sample"), batch: over("batch")};
    this.about = h("p", {class: "inspector-about"});
    this.parts = h("div", {class: "inspector-parts", role: "group"});
    const body = h(
      "div",
      {class: "inspector-body"},
      this.parts,
      h("div", {class: "inspector-overs", role: "group"}, this.overs.sample, this.overs.batch),
      this.about,
      ...sections,
    );
    this.element = h(
      "aside",
      {class: "inspector", hidden: true, tabindex: -1, dataset: {role: "inspector"}},
      this.head,
      body,
    );
  }

  /** @param {Pick} pick @param {Layout} layout @param {string} over @param {Translate} t */
  title(pick, layout, over, t) {
    this.sign.replaceChildren(math(symbol(pick, layout.sizes)));
    setText(this.name, title(pick, layout, t));
    this.element.setAttribute("aria-label", t("inspector.label"));
    nameControl(this.close, t("inspector.close"));
    setText(this.overs.batch, t("inspector.over_batch"));
    const parts = partsOf(pick, layout);
    this.parts.hidden = !parts.length;
    if (!parts.length) return;
    this.parts.setAttribute("aria-label", t("inspector.parts"));
    this.parts.replaceChildren(
      ...parts.map(part => this.partButton(part, keyOf(part, over) === keyOf(pick, over), layout, t)),
    );
  }

  /** @param {Pick} part @param {boolean} pressed @param {Layout} layout @param {Translate} t */
  partButton(part, pressed, layout, t) {
    const name = (part.kind === "neuron" && part.of) || "neuron";
    const props = {
      type: "button",
      "aria-label": title(part, layout, t),
      tip: title(part, layout, t),
      "aria-pressed": String(pressed),
      dataset: {role: `inspector-of-${name}`},
      onclick: () => this.select(part),
    };
    return h("button", props, math(symbol(part, layout.sizes)));
  }

  /** What is asked for is on its way; until it is there, nothing is shown. @param {Translate} t */
  wait(t) {
    delete this.element.dataset.step;
    setText(this.about, t("inspector.asked"));
  }

  /** @param {number} step that the numbers are of @param {string} about of which sample or batch they are */
  say(step, about) {
    this.element.dataset.step = String(step);
    setText(this.about, about);
  }

  /** @param {"sample" | "batch"} over @param {number} sample from 1 @param {Translate} t */
  showOver(over, sample, t) {
    for (const [kind, button] of Object.entries(this.overs)) button.setAttribute("aria-pressed", String(kind === over));
    setText(this.overs.sample, t("inspector.over_sample", {n: sample}));
  }
}
