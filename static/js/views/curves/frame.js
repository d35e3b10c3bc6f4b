// @ts-check
/** What stands around the curves: names with the newest numbers, the scale, words where there is none, a readout. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer, percent, plain} from "../../draw/format.js";
import {meaningOf, nameOf, numberOf, penalized, tested} from "../../model/measures.js";
import {placeAlong} from "../shared/tip.js";
import {ghostButton} from "./ghost.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What is told of the picture.
 * @typedef {{some: boolean, log: boolean, several: boolean}} Told whether there is a curve, its scale, and lanes */

export class CurvesFrame {
  train = legendOf("train");
  test = legendOf("test");
  batch = legendOf("batch");
  objective = legendOf("objective");
  accuracy = legendOf("accuracy");
  left = legendOf("left");
  stage = h("div", {class: "plot-stage curves-stage"});
  emptyTitle = h("strong");
  emptyText = h("span");
  empty = h("div", {class: "plot-empty"}, this.emptyTitle, this.emptyText);
  cross = h("i", {class: "curves-cross", hidden: true});
  tip = h("div", {class: "plot-tip", hidden: true});

  /** @param {HTMLElement} root @param {Translate} t @param {{turnLog(): void, goBack(): void}} hands */
  constructor(root, t, {turnLog, goBack}) {
    const {train, test, batch, objective, accuracy, left} = this;
    const legend = [train, test, batch, objective, accuracy, left].map(({element}) => element);
    this.t = t;
    this.log = h("button", {type: "button", onclick: turnLog});
    this.ghost = ghostButton(t, () => {
      this.log.focus({preventScroll: true}); // it goes away with the ghost
      goBack();
    });
    const names = h("div", {class: "plot-legend"}, ...legend);
    this.head = h("div", {class: "plot-head curves-head"}, names, this.ghost.element, this.log);
    root.append(this.head, this.stage);
  }

  /** Furniture over the sheet; call once it is in place. */
  dress() {
    this.stage.append(this.empty, this.cross, this.tip);
  }

  /** Names, and which of them there are. @param {State} state @param {Told} told */
  words(state, told) {
    const {t, empty, emptyTitle, emptyText} = this;
    hide(empty, told.some);
    setText(emptyTitle, t("curves.empty"));
    setText(emptyText, t(state.layout?.landscape ? "curves.empty_function" : "curves.empty_text"));
    this.writeLegend(state, told);
    this.writeLeft(state);
    this.writeLog(told);
    setAttribute(this.stage, "aria-label", spokenOf(state, t));
  }

  /** @param {State} state @param {Told} told */
  writeLegend(state, {some, several}) {
    const {t} = this;
    const {frame, data, config, layout} = state;
    const landscape = Boolean(layout?.landscape);
    const accuracy = nameOf("accuracy", state);
    const train = landscape ? t("measure.value") : t(penalized(config) ? "curves.train_bare" : "curves.train");
    this.write(this.train, nameOf("loss", state), train, some && frame !== null, state);
    this.write(this.test, "test_loss", t("curves.test"), some && tested(data), state);
    this.write(this.batch, "batch_loss", t("curves.batch"), some && !several && !landscape, state);
    this.write(this.objective, "objective", t("measure.objective"), some && penalized(config), state);
    this.write(this.accuracy, accuracy, t(`measure.${accuracy}`), some && Number.isFinite(frame?.accuracy), state);
  }

  /**
   * @param {ReturnType<typeof legendOf>} entry
   * @param {import("../../model/measures.js").Name} name
   * @param {string} words
   * @param {boolean} shown
   * @param {State} state
   */
  write({element, label, value}, name, words, shown, state) {
    hide(element, !shown);
    setText(label, words);
    setAttribute(value, "data-measure", name);
    explain(element, meaningOf(name, state, this.t));
  }

  /** The newest numbers. @param {State} state */
  read({frame, data}) {
    const number = (/** @type {import("../../model/measures.js").Field} */ field) =>
      frame ? plain(numberOf(field, frame), 3) : "";
    setText(this.train.value, number("loss"));
    setText(this.test.value, tested(data) ? number("test_loss") : "");
    setText(this.objective.value, frame?.penalty == null ? "" : number("objective"));
    setText(this.accuracy.value, accuracyOf(frame?.accuracy ?? NaN, data?.kind === "regression"));
  }

  /** Pale curves: runs and futures that were left, and the one that can be had back. @param {State} state */
  writeLeft(state) {
    this.ghost.write(state);
    const {series, ghost} = state;
    hide(
      this.left.element,
      series.ghosts.every(curve => ghost && curve === series.ghost),
    );
    setText(this.left.label, this.t("curves.left"));
    explain(this.left.element, this.t("curves.left_words"));
  }

  /** @param {Told} told */
  writeLog({some, log}) {
    setText(this.log, this.t("curves.log"));
    explain(this.log, this.t("curves.log_title"));
    setAttribute(this.log, "aria-pressed", String(log));
    hide(this.log, !some);
  }

  /** A readout at a place; null hides it. @param {{x: number, text: string} | null} what */
  point(what) {
    const {cross, tip, stage} = this;
    hide(cross, !what);
    hide(tip, !what);
    if (!what) return;
    setText(tip, what.text);
    placeAlong(tip, cross, what.x, stage.clientWidth);
  }

  destroy() {
    this.head.remove();
    this.stage.remove();
  }
}

/** @param {string} name */
function legendOf(name) {
  const label = h("span");
  const value = h("b");
  const element = h("span", {dataset: {curve: name}}, h("i", {"aria-hidden": "true"}), label, value);
  return {element, label, value};
}

/** @param {number} value a share, or R² @param {boolean} regression @returns {string} "" where there is none */
function accuracyOf(value, regression) {
  if (!Number.isFinite(value)) return "";
  return regression ? plain(value, 3) : percent(value);
}

/** The picture in words. @param {State} state @param {Translate} t */
function spokenOf(state, t) {
  const {frame, data} = state;
  if (!frame) return t("curves.empty");
  const fields = /** @type {import("../../model/measures.js").Field[]} */ (
    tested(data) ? ["loss", "test_loss"] : ["loss"]
  );
  const numbers = fields.map(field => `${t(`measure.${nameOf(field, state)}`)} ${plain(numberOf(field, frame))}`);
  return t("curves.aria", {step: integer(frame.measured), numbers: numbers.join(", ")});
}
