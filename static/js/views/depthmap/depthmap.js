// @ts-check
/**
 * A map of nets: depth × width, coloured by what is left of the error signal in the first layer before a single step; a
 * click opens the net.
 */

import {openWindow} from "../../draw/dialog.js";
import {setOptions, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {surveyWindow} from "../shared/survey_window.js";
import {cellsWithin, patchFor, problemOf} from "./cells.js";
import {Survey} from "./survey.js";
import {createWindow, fillTables, paintCells, paintProgress, writeWords} from "./window.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./cells.js").Cell} Cell */

/** The window with what it shows. */
class DepthMap {
  /** @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act}) {
    this.root = root;
    this.t = t;
    this.act = act;
    this.survey = new Survey(act, () => this.paint());
    this.hands = {
      choose: () => this.begin(),
      run: () => (this.survey.share ? this.survey.cancel() : this.begin()),
      open: (/** @type {Cell} */ cell) => this.open(cell),
      tell: (/** @type {Cell} */ cell) => this.tell(cell),
    };
    this.window = createWindow(root, this.hands);
    /** @type {State | null} */
    this.state = null;
    /** @type {Cell[]} */
    this.cells = [];
    /** the problem that the numbers are of */
    this.problem = "";
    /** the language of the words in the window, and what its lists of options were made of */
    this.lang = "";
    this.listed = "";
  }

  /** What is chosen in the window. */
  get choice() {
    return {activation: this.window.activation.value, initializer: this.window.initializer.value};
  }

  begin() {
    this.problem = problemOf(this.state?.config);
    this.survey.begin(this.cells, this.choice);
  }

  /** @param {Cell} cell */
  open({depth, width, kind}) {
    const {activation, initializer} = this.choice;
    this.act("configure", patchFor(depth, width, kind, activation, initializer));
  }

  /** @param {Cell} cell */
  tell(cell) {
    setText(this.window.told, sentenceOf(cell, this.t));
  }

  paint() {
    const {state, window, t} = this;
    if (!state || !this.root.open) return;
    paintProgress(window, this.survey.share, state.connection === "open", t);
    paintCells(window, this.cells, state, t);
    if (this.lang === state.lang) return;
    this.lang = state.lang;
    writeWords(window, t);
  }

  show() {
    openWindow(this.root);
    this.lang = "";
    this.chooseLike(this.state?.config ?? null);
    if (this.problem !== problemOf(this.state?.config) || this.cells.every(cell => cell.ratio === undefined))
      this.begin();
    else this.paint();
  }

  /** Choose what the present run has. @param {State["config"]} config */
  chooseLike(config) {
    if (!config) return;
    const {activation} = config.network;
    this.window.activation.value = typeof activation === "string" ? activation : (activation[0] ?? "tanh");
    this.window.initializer.value = config.initializer;
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (!next.options || !next.config) return;
    this.list(next.options, next.lang);
    const changed =
      before?.config !== next.config ||
      before.theme !== next.theme ||
      before.lang !== next.lang ||
      before.connection !== next.connection;
    if (this.root.open && changed) this.paint();
  }

  /**
   * Options to choose from, and cells within the limits.
   * @param {import("../../types").Options} options
   * @param {string} lang
   */
  list({activations, initializers, limits}, lang) {
    const key = `${lang} ${JSON.stringify(limits)}`;
    if (key === this.listed) return;
    this.listed = key;
    const {window, t} = this;
    setOptions(
      window.activation,
      activations.map(name => ({value: name, label: t(`activation.${name}`)})),
    );
    setOptions(
      window.initializer,
      initializers.map(name => ({value: name, label: t(`initializer.${name}`)})),
    );
    if (this.cells.length) return;
    this.cells = cellsWithin(limits);
    fillTables(window, this.cells, this.hands);
  }
}

/** What a cell says in a sentence. @param {Cell} cell @param {import("../../types").ViewContext["t"]} t */
function sentenceOf({depth, width, kind, ratio}, t) {
  if (ratio === undefined) return "";
  return t(ratio === null ? "depthmap.cell_none" : "depthmap.cell", {
    depth,
    width,
    share: ratio === null ? "" : plain(10 ** ratio, 2),
    kind: t(`normalization.${kind ?? "none"}`),
  });
}

/**
 * A window; training goes on, the map is computed beside it, row by row.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function depthMapView(root, context) {
  return surveyWindow(root, new DepthMap(root, context));
}
