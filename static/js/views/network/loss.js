// @ts-check
/** The loss node: the training loss by its name; target, output and error of the selected sample. */

import {h, hide, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {exponent, integer, plain} from "../../draw/format.js";
import {endName, shortName} from "../../model/classes.js";
import {meaningOf, numberOf} from "../../model/measures.js";
import {targetsOf} from "../../model/targets.js";
import {formula, m} from "../shared/symbols.js";
import {likeliest} from "./outputs.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Frame} Frame */
/** What is said of every output: its letter, and the part of the step that it belongs to. */
const FIGURES = [
  ["y", "target"],
  ["a", "forward"],
  ["δ", "backward"],
];
const ACTIVATION = 1;
const NOTHING = "–";
/** From here on a loss is written as the bar writes it: the card has no room for more. */
const HUGE = 1e7;

export class LossNode {
  /** @param {import("../../types").ViewContext} context */
  constructor({t}) {
    this.t = t;
    this.name = h("span", {class: "network-loss-name"});
    this.number = numberUnder("train_loss");
    this.objective = numberUnder("objective");
    this.sample = h("div", {class: "network-loss-sample"});
    this.list = h("dl");
    const head = h("div", {class: "network-loss-head"}, formula(m("mi", "C")), this.name);
    this.element = h(
      "div",
      {class: "network-loss"},
      head,
      this.number.element,
      this.objective.element,
      this.sample,
      this.list,
    );
    /** per output that has a row, its three figures @type {HTMLElement[][]} */
    this.values = [];
    /** what the rows were built for */
    this.built = "";
  }

  /** @param {State} state */
  update(state) {
    const {layout, data, frame, lang} = state;
    hide(this.element, !layout);
    if (!layout || !data) return;
    const outputs = shownOutputs(layout, data, frame);
    const key = `${layout.id} ${lang} ${outputs}`;
    if (key !== this.built) {
      this.built = key;
      this.build(layout, data, outputs);
    }
    const live = frame && frame.layout === layout.id ? frame : null;
    this.showSample(live, data);
    const texts = figuresOf(layout, data, live, outputs, state.config);
    texts.forEach((row, k) => row.forEach((text, i) => setText(this.values[k][i], text)));
  }

  /** @param {Frame | null} live @param {Data} data */
  showSample(live, data) {
    const probing = live !== null && live.sample < 0;
    this.element.classList.toggle("probing", probing);
    setText(this.sample, probing ? this.t("network.probe") : live ? this.sampleWords(live.sample, data) : "");
  }

  /** The loss of the training set, and what the penalties make of it. @param {State} state */
  read(state) {
    const {layout, frame} = state;
    const live = layout && frame?.layout === layout.id ? frame : null;
    this.write(this.number, "loss", state, live);
    this.write(this.objective, "objective", state, live);
    hide(this.objective.element, live === null || live.penalty === null);
  }

  /** @param {ReturnType<typeof numberUnder>} where @param {"loss" | "objective"} field @param {State} state
   * @param {Frame | null} live */
  write({element, label, value}, field, state, live) {
    const name = field === "loss" ? "train_loss" : "objective";
    const number = live ? numberOf(field, live) : NaN;
    const words = this.t(`measure.${name}`);
    const later = live?.after_step;
    setText(label, later === undefined ? words : this.t("network.after_step", {name: words, step: later}));
    const huge = Math.abs(number) >= HUGE;
    setText(value, live ? (huge ? exponent(number, 2) : plain(number)) : NOTHING);
    value.classList.toggle("huge", huge);
    value.classList.toggle("bad", live !== null && !Number.isFinite(number));
    explain(element, meaningOf(name, state, this.t, live && live.measured < live.step ? live.measured : null));
  }

  /** The sample by its number, and its class by name. @param {number} k @param {Data} data */
  sampleWords(k, data) {
    const named = shortName(endName(data, data.y[k * data.outputs]));
    return [this.t("network.sample", {n: k + 1}), named].filter(Boolean).join(" · ");
  }

  /** @param {Layout} layout @param {Data} data @param {number[]} outputs that have rows */
  build(layout, data, outputs) {
    const {t} = this;
    const alone = layout.sizes.at(-1) === 1;
    this.name.textContent = t(`loss.${layout.loss}`);
    this.values = outputs.map(() => FIGURES.map(() => h("dd")));
    this.list.replaceChildren(
      ...outputs.flatMap((j, k) =>
        FIGURES.flatMap(([letter, part], i) => {
          const index = m("mn", shortName(data.class_names[j] ?? String(j + 1), 9));
          const sign = alone ? m("mi", letter) : m("msub", m("mi", letter), index);
          const term = h("dt", {"data-part": part, tip: t(`network.loss_${part}`)}, formula(sign));
          return [h("div", {}, term, this.values[k][i])];
        }),
      ),
    );
  }
}

/** A number with its name below. @param {string} measure */
function numberUnder(measure) {
  const value = h("output", {class: "network-loss-number", dataset: {measure}});
  const label = h("span", {class: "network-loss-of"});
  return {element: h("div", {class: "network-loss-measure"}, value, label), label, value};
}

/**
 * The outputs that have rows: all while few, the sample's own class when many, the likeliest of a probe.
 * @param {Layout} layout
 * @param {Data} data
 * @param {Frame | null} frame
 * @returns {number[]}
 */
export function shownOutputs({sizes, units}, data, frame) {
  const last = sizes.length - 1;
  const count = sizes[last];
  if (count <= 2) return Array.from({length: count}, (_, j) => j);
  if (!frame) return [0];
  if (frame.sample < 0) return [likeliest(frame.A, units[last].offset, count)];
  let target = 0;
  for (let j = 0; j < count; j++) if (data.y[frame.sample * data.outputs + j] > 0.5) target = j;
  return [target];
}

/**
 * Target, output and error of each output; a probe has neither target nor error.
 * @param {Layout} layout
 * @param {Data} data
 * @param {Frame | null} live
 * @param {number[]} outputs
 * @param {State["config"]} config
 * @returns {string[][]}
 */
export function figuresOf({sizes, units}, data, live, outputs, config) {
  if (!live) return outputs.map(() => FIGURES.map(() => NOTHING));
  const {offset} = units[sizes.length - 1];
  const probing = live.sample < 0;
  const targets = probing ? null : targetsOf(data, live.sample, config);
  return outputs.map(j => {
    const figures = [targets?.[j] ?? NaN, live.A[offset + j], live.D[offset + j]];
    return figures.map((x, i) => (probing && i !== ACTIVATION ? NOTHING : brief(x)));
  });
}

/** Numbers below which a tight place has room for their digits. */
const LONG = 1e5;

/** @param {number} x */
function brief(x) {
  if (Math.abs(x) >= LONG) return exponent(x, 2);
  if (Number.isInteger(x)) return integer(x);
  return Math.abs(x) < 0.00095 ? exponent(x, 1) : plain(x, 2);
}
