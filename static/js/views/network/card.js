// @ts-check
/** A small card on the diagram: the numbers of what the pointer is on. */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {exists, formula, numbersOf, symbol, title} from "../shared/symbols.js";
import {spotFor} from "./card_spot.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {ReturnType<typeof numbersOf>} Numbers */

/** px between the card and the border of what is seen. */
const BORDER = 4;
/** Digits of a number, and of one that came rounded. */
const EXACT = 3;
const COARSE = 2;

export class Card {
  /** @param {import("../../types").ViewContext} context */
  constructor({t}) {
    this.t = t;
    this.head = h("div", {class: "network-card-head"});
    this.list = h("dl", {class: "network-card-list"});
    this.note = h("p", {class: "network-card-note"});
    this.element = h(
      "div",
      {class: "network-card", hidden: true, "aria-hidden": "true"},
      this.head,
      this.list,
      this.note,
    );
    /** @type {HTMLElement[]} */
    this.values = [];
    /** what the card was built for */
    this.built = "";
  }

  /**
   * @param {State} state
   * @param {Geometry} g
   * @param {Pick | null} pick null to hide it
   * @param {number[]} covered what it must not cover: left, top, right, bottom
   */
  show({layout, frame, lang, view, config}, g, pick, covered) {
    const {element} = this;
    if (!layout || !frame || frame.layout !== layout.id || !exists(pick, layout)) {
      element.hidden = true;
      return;
    }
    const rows = numbersOf(pick, layout, frame);
    const note = noteOf(pick, frame, view.focus ? null : layout);
    const key = `${JSON.stringify(pick)} ${layout.id} ${lang} ${rows.length}`;
    if (key !== this.built || element.hidden) {
      this.built = key;
      this.build(pick, layout, rows);
      element.hidden = false;
      this.place(g, pick, covered);
    }
    const bias = pick.kind === "weight" && pick.from === layout.sizes[pick.layer - 1];
    setText(this.note, this.t(note) + (bias ? ` ${this.t("network.card_bias")}` : ""));
    const late = lateRoles(frame, config);
    const digits = frame.coarse[pick.kind === "neuron" ? "A" : "P"] ? COARSE : EXACT;
    rows.forEach((row, k) => setText(this.values[k], late.includes(row.role) ? "–" : plain(row.value, digits)));
  }

  /** Put it beside its thing anew, after the drawing has changed. */
  moved() {
    this.built = "";
  }

  /** @param {Pick} pick @param {Layout} layout @param {Numbers} rows */
  build(pick, layout, rows) {
    this.head.replaceChildren(formula(symbol(pick, layout.sizes)), title(pick, layout, this.t));
    this.values = rows.map(() => h("dd"));
    this.list.replaceChildren(
      ...rows.flatMap(({role, symbol: letter, words}, k) => [
        h("dt", {"data-part": role}, words ? this.t(words) : formula(letter)),
        this.values[k],
      ]),
    );
  }

  /**
   * Beside what it speaks of, inside what is seen of the drawing.
   * @param {Geometry} g
   * @param {Pick} pick
   * @param {number[]} covered
   */
  place(g, pick, covered) {
    const {element} = this;
    const scroll = element.closest(".network-scroll");
    const left = (scroll?.scrollLeft ?? 0) + BORDER;
    const right = left + (scroll?.clientWidth ?? g.width) - 2 * BORDER;
    const size = {width: element.offsetWidth, height: element.offsetHeight};
    const [x, y] = spotFor(size, {left, right, bottom: g.height, narrow: g.width < 480}, pick.kind, covered);
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  }
}

/** What of the step a frame of a large net under way does not tell: its own gradient has penalties and noise in it.
 * @param {Frame} frame @param {State["config"]} config @returns {string[]} */
function lateRoles(frame, config) {
  if (frame.U) return [];
  return config?.l1 || config?.l2 || config?.gradient_noise ? ["update", "gradient"] : ["update"];
}

/**
 * What the card says about its numbers.
 * @param {Pick} pick
 * @param {Frame} frame
 * @param {Layout | null} layout null under the microscope, where batch normalization takes its batch
 */
export function noteOf(pick, frame, layout) {
  if (pick.kind === "neuron") {
    if (frame.sample < 0) return "network.card_neuron_probe";
    return layout && pick.layer > 0 && layout.blocks[pick.layer - 1].statistics !== null
      ? "network.card_neuron_running"
      : "network.card_neuron_note";
  }
  if (!frame.U) return "network.card_weight_running";
  return frame.sample < 0 ? "network.card_weight_probe" : "network.card_weight_note";
}
