// @ts-check
/** The microscope's panel: sample, caption, formulas, table and the buttons below. Decides nothing. */

import {h, icon, setIcon, setOptions, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {integer, plain} from "../../draw/format.js";
import {ParameterTable} from "./parameter_table.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./table.js").Table} Table */

/** How much faster it can play by itself. */
const SPEEDS = [0.5, 1, 2, 4];

/** @typedef {object} Hands what its buttons do
 * @property {() => void} leave
 * @property {(way: number) => void} sampleBy
 * @property {(way: number) => void} move
 * @property {() => void} turnPlay
 * @property {() => void} changeSpeed
 * @property {() => void} take
 * @property {() => void} chooseParameter */

export class Panel {
  /** @param {HTMLElement} root @param {HTMLElement} chips @param {Hands} hands */
  constructor(root, chips, {leave, sampleBy, move, turnPlay, changeSpeed, take, chooseParameter}) {
    this.root = root;
    this.title = h("h2", {id: "title-microscope"});
    this.close = button("quiet microscope-close", "close", leave, "×");
    this.caption = h("p", {class: "microscope-caption", "aria-live": "polite", dataset: {role: "microscope-caption"}});
    this.formulas = h("div", {class: "microscope-formulas", lang: "en", dataset: {role: "microscope-formulas"}});
    this.note = h("p", {class: "microscope-note", dataset: {role: "microscope-note"}});
    this.heads = h("tr");
    this.body = h("tbody");
    const table = {class: "microscope-table", dataset: {role: "microscope-table"}};
    this.table = h("table", table, h("thead", {}, this.heads), this.body);
    this.page = h("div", {class: "microscope-page", tabindex: 0}, this.caption, this.formulas, this.table, this.note);
    this.parameters = new ParameterTable(this.page, {pick: chooseParameter});
    this.table.after(this.parameters.element);
    this.earlier = h("button", {type: "button", class: "icon-button", onclick: () => sampleBy(-1)}, "‹");
    this.later = h("button", {type: "button", class: "icon-button", onclick: () => sampleBy(1)}, "›");
    this.sample = h("span", {class: "microscope-full", dataset: {role: "microscope-sample"}});
    this.short = h("span", {class: "microscope-short"});
    this.before = button("icon-button", "back", () => move(-1), icon("back"));
    this.autoIcon = icon("play");
    this.auto = button("icon-button", "auto", turnPlay, this.autoIcon);
    this.after = button("icon-button", "next", () => move(1), icon("step"));
    this.speed = h("select", {dataset: {role: "microscope-speed"}, onchange: changeSpeed});
    this.take = button("primary", "take", take);
    setOptions(
      this.speed,
      SPEEDS.map(x => ({value: String(x), label: `${x}×`})),
    );
    this.speed.value = "1";
    const samples = h("span", {class: "microscope-samples"}, this.earlier, this.sample, this.short, this.later);
    root.append(
      h("div", {class: "microscope-head"}, this.title, spacer(), samples, this.close),
      chips,
      this.page,
      h("div", {class: "microscope-foot"}, this.before, this.auto, this.after, this.speed, spacer(), this.take),
    );
  }

  clear() {
    for (const part of [this.caption, this.formulas, this.body, this.heads, this.note]) part.replaceChildren();
    this.parameters.hide();
  }

  /** @param {Translate} t */
  name(t) {
    nameControl(this.close, t("microscope.leave"));
    for (const [control, key] of /** @type {[HTMLElement, string][]} */ ([
      [this.before, "back"],
      [this.after, "next"],
      [this.auto, "auto"],
      [this.earlier, "earlier"],
      [this.later, "later"],
      [this.speed, "speed"],
    ])) {
      nameControl(control, t(`microscope.${key}`));
    }
  }

  /** Which step and sample it is, and where the buttons lead. @param {import("../../types").Microscope} step
   * @param {{first: boolean, last: boolean}} at the first or the last phase @param {Translate} t */
  nameStep({row, rows, index, number, diverged}, {first, last}, t) {
    const n = rows.length;
    setText(this.sample, t("microscope.sample", {row: row + 1, index: index + 1, n}));
    setText(this.short, `${index + 1} / ${n}`);
    setText(this.title, t("microscope.title", {step: integer(number)}));
    this.earlier.disabled = this.later.disabled = n < 2;
    this.before.disabled = first;
    const take = last ? "take" : "to_end";
    setText(this.take, t(`microscope.${diverged ? "leave" : take}`));
  }

  /** @param {boolean} on */
  showPlaying(on) {
    setIcon(this.autoIcon, on ? "pause" : "play");
    this.auto.setAttribute("aria-pressed", String(on));
  }

  /**
   * @param {Table} table
   * @param {{row: number, pick: (row: number) => void} | null} choice null where there is none
   * @param {Translate} t
   */
  paintTable({columns, rows}, choice, t) {
    this.table.hidden = !columns.length;
    const toneOf = (/** @type {number} */ k) => (columns[k].tone ? `tone-${columns[k].tone}` : "");
    this.heads.replaceChildren(
      h("td"),
      ...columns.map(({symbol, mean}, k) =>
        h("th", {scope: "col", class: toneOf(k)}, symbol, mean && h("small", {}, ` ${t("microscope.mean")}`)),
      ),
    );
    const chooses = (/** @type {number} */ index) =>
      choice && {dataset: {index}, "aria-selected": String(index === choice.row), onclick: () => choice.pick(index)};
    this.body.replaceChildren(
      ...rows.map(({index, label, numbers}) =>
        h(
          "tr",
          chooses(index) ?? {},
          h("th", {scope: "row"}, label),
          ...numbers.map((x, k) => h("td", {class: toneOf(k)}, cellWords(x))),
        ),
      ),
    );
  }

  /** @param {string} caption @param {Element[]} formulas @param {string} note */
  write(caption, formulas, note) {
    setText(this.caption, caption);
    this.formulas.replaceChildren(...formulas);
    setText(this.note, note);
  }

  /** @param {import("./parameters.js").ParameterRows | null} rows null to show none
   * @param {import("../../types").Microscope} step @param {Translate} t */
  paintParameters(rows, step, t) {
    if (rows) this.parameters.show(rows, step, t);
    else this.parameters.hide();
  }

  /** How many rows can be chosen. */
  get choices() {
    return this.body.querySelectorAll("[data-index]").length;
  }

  revealChoice() {
    this.body.querySelector('[aria-selected="true"]')?.scrollIntoView({block: "nearest"});
    this.parameters.reveal();
  }
}

/** @param {string} name @param {string} role @param {() => void} onclick @param {Node | string} [inside] */
const button = (name, role, onclick, inside) =>
  h("button", {type: "button", class: name, dataset: {role: `microscope-${role}`}, onclick}, inside);

const spacer = () => h("span", {class: "spacer"});

/** A target of 1 is written so. @param {number} x */
const cellWords = x => (Number.isInteger(x) && Math.abs(x) < 1e4 ? integer(x) : plain(x, 4));
