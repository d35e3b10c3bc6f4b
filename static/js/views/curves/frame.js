// @ts-check
/** What stands around the curves: names with the newest numbers, the scale, words where there is none, a readout. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer, percent, plain} from "../../draw/format.js";
import {placeAlong} from "../shared/tip.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** What is told of the picture.
 * @typedef {{some: boolean, log: boolean, several: boolean}} Told whether there is a curve, its scale, and lanes */

export class CurvesFrame {
  train = legendOf("train");
  test = legendOf("test");
  batch = legendOf("batch");
  accuracy = legendOf("accuracy");
  stage = h("div", {class: "plot-stage curves-stage", role: "img"});
  emptyTitle = h("strong");
  emptyText = h("span");
  empty = h("div", {class: "plot-empty"}, this.emptyTitle, this.emptyText);
  cross = h("i", {class: "curves-cross", hidden: true});
  tip = h("div", {class: "plot-tip", hidden: true});

  /** @param {HTMLElement} root @param {Translate} t @param {() => void} turnLog */
  constructor(root, t, turnLog) {
    const {train, test, batch, accuracy} = this;
    const legend = [train, test, batch, accuracy].map(({element}) => element);
    this.t = t;
    this.log = h("button", {type: "button", onclick: turnLog});
    this.head = h("div", {class: "plot-head curves-head"}, h("div", {class: "plot-legend"}, ...legend), this.log);
    root.append(this.head, this.stage);
  }

  /** Furniture over the sheet; call once it is in place. */
  dress() {
    this.stage.append(this.empty, this.cross, this.tip);
  }

  /** Names and newest numbers. @param {State} state @param {Told} told */
  words(state, told) {
    const {t, empty, emptyTitle, emptyText} = this;
    empty.hidden = told.some;
    setText(emptyTitle, t("curves.empty"));
    setText(emptyText, t("curves.empty_text"));
    this.writeLegend(state, told);
    this.writeLog(told);
    this.stage.setAttribute("aria-label", spokenOf(state, t));
  }

  /** @param {State} state @param {Told} told */
  writeLegend({frame, data}, {some, several}) {
    const regression = data?.kind === "regression";
    const train = frame ? plain(frame.loss, 3) : "";
    const test = frame && !Number.isNaN(frame.test_loss) ? plain(frame.test_loss, 3) : "";
    this.write(this.train, "train", train, some && train !== "");
    this.write(this.test, "test", test, some && test !== "");
    this.write(this.batch, "batch", "", some && !several);
    const accuracy = accuracyOf(frame?.accuracy ?? NaN, regression);
    this.write(this.accuracy, regression ? "r2" : "accuracy", accuracy, some && accuracy !== "");
  }

  /** @param {ReturnType<typeof legendOf>} entry @param {string} key @param {string} text @param {boolean} shown */
  write({element, label, value}, key, text, shown) {
    element.hidden = !shown;
    setText(label, this.t(`curves.${key}`));
    setText(value, text);
  }

  /** @param {Told} told */
  writeLog({some, log}) {
    setText(this.log, this.t("curves.log"));
    explain(this.log, this.t("curves.log_title"));
    this.log.setAttribute("aria-pressed", String(log));
    this.log.hidden = !some;
  }

  /** A readout at a place; null hides it. @param {{x: number, text: string} | null} what */
  point(what) {
    const {cross, tip, stage} = this;
    cross.hidden = tip.hidden = !what;
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
function spokenOf({frame}, t) {
  if (!frame) return t("curves.empty");
  return t("curves.aria", {step: integer(frame.step), loss: plain(frame.loss), test: plain(frame.test_loss)});
}
