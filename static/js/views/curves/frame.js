// @ts-check
/** What stands around the curves: names with the newest numbers, the scale, words where there is none, a readout. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer, percent, plain} from "../../draw/format.js";
import {meaningOf, nameOf, numberOf, penalized, rated, tested} from "../../model/measures.js";
import {placeAlong} from "../shared/tip.js";
import {ghostButton} from "./ghost.js";
import {delayOf, delayWords, showsShares} from "./shares.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What is told of the picture.
 * @typedef {{some: boolean, log: boolean, several: boolean}} Told whether there is a curve, its scale, and lanes */

/** What hands do; `turn` switches a choice of the page. @typedef {{turnLog(): void, goBack(): void,
 * turn(name: "accuracy" | "log_steps"): void}} Hands */

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
  accuracyName = h("span");
  accuracyShort = h("span");

  /** @param {HTMLElement} root @param {Translate} t @param {Hands} hands */
  constructor(root, t, {turnLog, goBack, turn}) {
    const {train, test, batch, objective, accuracy, left} = this;
    const legend = [train, test, batch, objective, accuracy, left].map(({element}) => element);
    this.t = t;
    this.log = h("button", {type: "button", onclick: turnLog});
    const spans = [this.accuracyName, this.accuracyShort];
    const asked = () => turn("accuracy");
    this.accuracies = h("button", {type: "button", dataset: {role: "accuracies"}, onclick: asked}, ...spans);
    this.powers = h("button", {type: "button", dataset: {role: "log-steps"}, onclick: () => turn("log_steps")});
    this.ghost = ghostButton(t, () => {
      this.log.focus({preventScroll: true}); // it goes away with the ghost
      goBack();
    });
    const names = h("div", {class: "plot-legend"}, ...legend);
    this.head = h(
      "div",
      {class: "plot-head curves-head"},
      names,
      this.ghost.element,
      this.accuracies,
      this.log,
      this.powers,
    );
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
    const panel = this.stage.closest(".panel");
    if (panel instanceof HTMLElement) panel.dataset.shows = showsShares(state) ? "accuracies" : "losses";
    this.writeLegend(state, told);
    this.writeLeft(state);
    this.writeLog(told, state);
    setAttribute(this.stage, "aria-label", spokenOf(state, t));
  }

  /** @param {State} state @param {Told} told */
  writeLegend(state, {some, several}) {
    const {t} = this;
    const {frame, data, config, layout} = state;
    const losses = some && !showsShares(state);
    const own = nameOf(losses || !some ? "loss" : "accuracy", state);
    const held = nameOf(losses || !some ? "test_loss" : "test_accuracy", state);
    const accuracy = nameOf("accuracy", state);
    this.write(this.train, own, trainName(state, t), some && frame !== null, state);
    this.write(this.test, held, t("curves.test"), some && tested(data), state);
    this.write(this.batch, "batch_loss", t("curves.batch"), losses && !several && !layout?.landscape, state);
    this.write(this.objective, "objective", t("measure.objective"), losses && penalized(config), state);
    const told = losses && Number.isFinite(frame?.accuracy);
    this.write(this.accuracy, accuracy, t(`measure.${accuracy}`), told, state);
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
  read(state) {
    const {frame, data} = state;
    if (showsShares(state)) return this.readShares(state);
    const number = (/** @type {import("../../model/measures.js").Field} */ field) =>
      frame ? plain(numberOf(field, frame), 3) : "";
    setText(this.train.value, number("loss"));
    setText(this.test.value, tested(data) ? number("test_loss") : "");
    setText(this.objective.value, frame?.penalty == null ? "" : number("objective"));
    setText(this.accuracy.value, accuracyOf(frame?.accuracy ?? NaN, data?.kind === "regression"));
  }

  /** The newest accuracies. @param {State} state */
  readShares({frame, data}) {
    const regression = data?.kind === "regression";
    setText(this.train.value, accuracyOf(frame?.accuracy ?? NaN, regression));
    setText(this.test.value, tested(data) ? accuracyOf(frame?.test_accuracy ?? NaN, regression) : "");
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

  /** @param {Told} told @param {State} state */
  writeLog({some, log}, {view, data, layout}) {
    const shares = showsShares({view, data, layout});
    for (const [button, name, pressed] of /** @type {const} */ ([
      [this.accuracies, "accuracies", shares],
      [this.powers, "log_steps", view.log_steps],
    ])) {
      explain(button, this.t(`curves.${name}_title`));
      setAttribute(button, "aria-pressed", String(pressed));
      hide(button, !some);
    }
    setText(this.accuracyName, this.t("curves.accuracies"));
    setText(this.accuracyShort, this.t("curves.accuracies_short"));
    setText(this.powers, this.t("curves.log_steps"));
    hide(this.accuracies, !some || !rated(data) || Boolean(layout?.landscape));
    setText(this.log, this.t("curves.log"));
    explain(this.log, this.t("curves.log_title"));
    setAttribute(this.log, "aria-pressed", String(log));
    hide(this.log, !some || shares);
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

/** What the curve of the training set is called. @param {State} state @param {Translate} t */
function trainName(state, t) {
  if (state.layout?.landscape) return t("measure.value");
  return t(penalized(state.config) && !showsShares(state) ? "curves.train_bare" : "curves.train");
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
  if (showsShares(state)) return sharesSpoken(state, t);
  const fields = /** @type {import("../../model/measures.js").Field[]} */ (
    tested(data) ? ["loss", "test_loss"] : ["loss"]
  );
  const numbers = fields.map(field => `${t(`measure.${nameOf(field, state)}`)} ${plain(numberOf(field, frame))}`);
  return t("curves.aria", {step: integer(frame.measured), numbers: numbers.join(", ")});
}

/** The picture of accuracies in words, with the delay where there is one. @param {State} state @param {Translate} t */
function sharesSpoken(state, t) {
  const {frame, data} = state;
  const fields = /** @type {("accuracy" | "test_accuracy")[]} */ (
    tested(data) ? ["accuracy", "test_accuracy"] : ["accuracy"]
  );
  const told = (/** @type {number} */ share) => accuracyOf(share, data?.kind === "regression");
  const numbers = fields.map(field => `${t(`measure.${nameOf(field, state)}`)} ${told(frame?.[field] ?? NaN)}`);
  const delay = delayOf(state);
  const words = t("curves.aria_shares", {step: integer(frame?.measured ?? 0), numbers: numbers.join(", ")});
  return delay ? `${words} ${t("curves.aria_delay", {known: delay.known, delay: delayWords(delay, t)})}` : words;
}
