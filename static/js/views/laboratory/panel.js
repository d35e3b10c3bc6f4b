// @ts-check
/** The laboratory's panel: tabs, words, stage and buttons. Decides nothing. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {letterOf} from "../../model/lanes.js";

/** @typedef {typeof PAGES[number]} PageName */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

export const PAGES = /** @type {const} */ (["rows", "why", "speed", "norm", "modes", "noise", "tasks"]);
/** Those that the numbers of a watched run fill. @type {readonly PageName[]} */
const WATCHED = ["rows", "why", "speed"];

/** @typedef {object} Hands what its buttons do
 * @property {() => void} shut
 * @property {(page: PageName) => void} turn
 * @property {() => void} toggleAxis
 * @property {() => void} turnStrip
 * @property {() => void} addBatch */

/** @typedef {object} Labels what is named
 * @property {PageName} page
 * @property {number} samples
 * @property {boolean} fixed whether the axis of the rows stays
 * @property {string} norm that the strip of the rows shows
 * @property {boolean} offered whether batch normalization can be added
 * @property {boolean} choosing whether a click on the stage chooses a layer */

export class Panel {
  /** @param {HTMLElement} root @param {Hands} hands @param {boolean} watched whether the run is somebody's own: it has
   * no pages but those that its numbers fill, and nothing beside them that could be had back by closing */
  constructor(root, {shut, turn, toggleAxis, turnStrip, addBatch}, watched) {
    this.root = root;
    this.watched = watched;
    this.pages = PAGES.filter(name => !watched || WATCHED.includes(name));
    this.heading = h("span");
    this.badge = h("i", {class: "lane-badge", dataset: {role: "lab-lane"}});
    this.title = h("h2", {id: "title-lab"}, this.heading, this.badge);
    this.close = h(
      "button",
      {type: "button", class: "quiet lab-close", hidden: watched, dataset: {role: "laboratory-close"}, onclick: shut},
      "×",
    );
    this.tabs = this.pages.map(name => ({
      name,
      element: h("button", {type: "button", role: "tab", dataset: {role: `lab-${name}`}, onclick: () => turn(name)}),
    }));
    this.strip = h("div", {class: "plot-segment", role: "tablist"}, ...this.tabs.map(({element}) => element));
    this.sentence = h("span", {dataset: {role: "lab-sentence"}});
    this.smaller = h("small");
    this.stage = h("div", {class: "plot-stage", dataset: {role: "lab-stage"}});
    this.emptyTitle = h("strong");
    this.empty = h("div", {class: "plot-empty"}, this.emptyTitle, h("span"));
    this.tip = h("div", {class: "plot-tip", hidden: true});
    this.detail = h("p", {class: "lab-detail", dataset: {role: "lab-detail"}});
    this.note = h("p");
    this.norm = h("button", {type: "button", dataset: {role: "lab-strip"}, onclick: turnStrip});
    this.axis = h("button", {
      type: "button",
      dataset: {role: "lab-axis"},
      "aria-pressed": "false",
      onclick: toggleAxis,
    });
    this.add = h("button", {type: "button", dataset: {role: "lab-batchnorm"}, onclick: addBatch});
    root.append(
      h("div", {class: "lab-head"}, this.title, this.strip, this.close),
      h("p", {class: "lab-words", "aria-live": "off"}, this.sentence, this.smaller),
      h("div", {class: "lab-body", role: "tabpanel"}, this.stage, this.detail),
      h("div", {class: "lab-foot"}, this.note, this.norm, this.axis, this.add),
    );
    /** What the details were written from. */
    this.worded = "";
  }

  /** What lies over the canvas. */
  cover() {
    this.stage.append(this.empty, this.tip);
  }

  /** @param {Labels} now @param {Translate} t */
  name({page, samples, fixed, norm, offered, choosing}, t) {
    setText(this.heading, t("lab.title"));
    nameControl(this.close, t("lab.close"));
    this.strip.setAttribute("aria-label", t("lab.title"));
    for (const {name, element} of this.tabs) {
      setText(element, t(`lab.tab_${name}`));
      element.setAttribute("aria-selected", String(name === page));
      element.tabIndex = name === page ? 0 : -1;
    }
    setText(this.emptyTitle, t("lab.empty"));
    const rows = samples ? "lab.note_watched" : "lab.note_files";
    setText(this.note, this.watched && page === "rows" ? t(rows) : t(`lab.note_${page}`, {n: samples}));
    const axis = fixed ? "lab.axis_fixed" : "lab.axis_follows";
    setText(this.axis, t(axis));
    explain(this.axis, t(`${axis}_title`));
    this.axis.setAttribute("aria-pressed", String(fixed));
    setText(this.norm, t("lab.strip", {norm}));
    explain(this.norm, t("lab.strip_title"));
    this.axis.hidden = this.norm.hidden = page !== "rows";
    this.add.hidden = page !== "norm" || !offered;
    setText(this.add, t("lab.add_batch"));
    this.stage.setAttribute("aria-label", t(`lab.tab_${page}`));
    this.stage.classList.toggle("lab-stage-click", choosing);
  }

  /** Which lane is measured, where there are several: the one in focus.
   * @param {number} lane @param {boolean} several @param {Translate} t */
  nameLane(lane, several, t) {
    this.badge.hidden = !several;
    this.title.dataset.lane = String(lane);
    setText(this.badge, letterOf(lane));
    explain(this.badge, t("lab.lane", {lane: letterOf(lane)}));
  }

  /**
   * What is said of the picture, and the details of the chosen layer.
   * @param {[string, string]} words
   * @param {(string | Node)[]} detail
   * @param {string} about page and layer
   */
  say([said, below], detail, about) {
    setText(this.sentence, said);
    setText(this.smaller, below);
    const text = detail.map(part => (typeof part === "string" ? part : part.textContent)).join("");
    const worded = `${about} ${said} ${below}${text}`;
    if (this.worded === worded) return;
    this.worded = worded;
    this.detail.replaceChildren(...detail);
  }

  /** Nothing is measured: nothing is said. */
  silence() {
    setText(this.sentence, "");
    setText(this.smaller, "");
    this.detail.replaceChildren();
    this.worded = "";
  }

  /** @param {boolean} open */
  show(open) {
    this.root.hidden = !open;
    this.root.parentElement?.classList.toggle("lab-open", open);
  }
}
