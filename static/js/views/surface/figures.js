// @ts-check
/** The honest figures below the picture: of the plane how much of the run lies in it, of a line what it measures. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {percent, plain} from "../../draw/format.js";
import {meaningOf} from "../../model/measures.js";

/** @typedef {import("../../types").Surface} Surface */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{name: string, value: string, tip: string}} Figure */

const PLANE = /** @type {const} */ (["share", "distance", "plane", "true"]);
/** What a random walk shows in its two main components, where it has not been measured (Antognini 2018). */
const USUAL_WALK = 0.76;

export class Figures {
  /** @param {Translate} t */
  constructor(t) {
    this.t = t;
    this.mark = h("b");
    this.bar = h("i");
    this.meter = h("span", {class: "surface-meter", "aria-hidden": "true"}, this.bar, this.mark);
    this.ofPlane = PLANE.map(name => cellOf({figure: name}));
    this.ofPlane[0].cell.append(this.meter);
    this.plane = h("dl", {class: "surface-figures"}, ...this.ofPlane.map(({cell}) => cell));
    this.ofLine = Array.from({length: 4}, () => cellOf({}));
    this.line = h("dl", {class: "surface-figures", hidden: true}, ...this.ofLine.map(({cell}) => cell));
    this.verdict = h("p", {class: "surface-words", hidden: true});
    /** the step that the losses are of */
    this.step = NaN;
    this.elements = [this.plane, this.line, this.verdict];
  }

  /** The losses stay those of their step when the run goes on. @param {import("../../types").State} state */
  read(state) {
    if (!this.plane.hidden && this.step >= 0) this.nameLosses(state, this.step);
  }

  words() {
    const {t} = this;
    const [share, distance, plane] = this.ofPlane;
    setText(share.label, t("surface.figure_share"));
    setText(distance.label, t("surface.figure_distance"));
    explain(distance.cell, t("surface.figure_distance_title"));
    explain(plane.cell, t("surface.figure_plane_title"));
  }

  /** The losses by their names; of a run under way with the step that both are of.
   * @param {import("../../types").State} state @param {number} step */
  nameLosses(state, step) {
    const {t} = this;
    const name = heightOf(state);
    const own = name === "objective" ? t("surface.figure_objective") : t(`measure.${name}`);
    const [, , plane, here] = this.ofPlane;
    setText(plane.label, t(name === "value" ? "surface.figure_plane_value" : "surface.figure_plane"));
    const moving = state.playing || state.frame?.step !== step;
    setText(here.label, moving ? t("measure.at", {name: own, step}) : own);
    setAttribute(here.value, "data-measure", name);
    explain(here.cell, `${meaningOf(name, state, t)} ${t("surface.figure_true_title")}`);
  }

  /** Figures and words of a line in place of those of the plane. @param {Figure[]} figures @param {string} words */
  showLine(figures, words) {
    this.plane.hidden = true;
    this.line.hidden = false;
    this.ofLine.forEach(({cell, label, value}, k) => {
      const figure = figures[k];
      cell.hidden = !figure;
      setText(label, figure?.name ?? "");
      setText(value, figure?.value ?? "");
      explain(cell, figure?.tip ?? "");
    });
    this.verdict.hidden = !words;
    setText(this.verdict, words);
  }

  /** @param {Surface | null} surface @param {import("../../types").State | null} state */
  showPlane(surface, state) {
    this.line.hidden = this.verdict.hidden = true;
    this.plane.hidden = !surface;
    if (!surface || !state) return;
    this.step = surface.figures.step;
    this.nameLosses(state, this.step);
    const {share, walk, parameters} = surface.figures;
    const usual = Number.isNaN(walk) ? USUAL_WALK : walk;
    planeFigures(surface.figures, this.t).forEach((text, k) => setText(this.ofPlane[k].value, text));
    const key = surface.basis === "pca" ? "surface.figure_share_title" : "surface.figure_share_other_title";
    const {cell} = this.ofPlane[0];
    explain(cell, this.t(key, {walk: percent(usual)}));
    this.mark.style.left = `${100 * usual}%`;
    this.meter.hidden = parameters === 2 || Number.isNaN(share);
    this.bar.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  }
}

/** What a surface's height is. @param {Pick<import("../../types").State, "layout" | "plane_choice">} state */
export function heightOf({layout, plane_choice}) {
  if (layout?.landscape) return "value";
  return plane_choice?.penalties ? "objective" : "train_loss";
}

/** What stands in the cells of the plane; with two parameters the plane is the whole space.
 * @param {Surface["figures"]} figures @param {Translate} t */
export function planeFigures({share, distance, plane_loss, loss, parameters}, t) {
  const number = (/** @type {number} */ x, /** @type {number} */ digits) => (Number.isNaN(x) ? "–" : plain(x, digits));
  const exact = parameters === 2;
  const part = Number.isNaN(share) ? "–" : percent(share);
  return [exact ? t("surface.exact") : part, exact ? "0" : number(distance, 2), number(plane_loss, 3), number(loss, 3)];
}

/** @param {Record<string, string>} dataset */
function cellOf(dataset) {
  const label = h("dt");
  const value = h("dd");
  return {label, value, cell: h("div", {dataset}, label, value)};
}
