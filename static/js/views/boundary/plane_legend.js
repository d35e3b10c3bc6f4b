// @ts-check
/** Caption and legend of what the plane shows: the output or a neuron, its colours with their numbers or classes. */

import {CATEGORIES, css, diverging} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {compact} from "../../draw/format.js";
import {endNames, shortName} from "../../model/classes.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./plane_scene.js").Neuron} Neuron */

export class PlaneLegend {
  caption = h("p", {class: "boundary-caption"});
  element = h("div", {class: "boundary-legend"});
  /** What was written last. */
  shown = "";

  /** @param {Translate} t */
  constructor(t) {
    this.t = t;
  }

  /** @param {import("./live_field.js").LiveField} live @param {State} state */
  write({scene, neuron, tone}, {lang, theme}) {
    if (!scene) return;
    const {data, layout, classes} = scene;
    const key = JSON.stringify([neuron, tone, lang, theme, layout.id]);
    if (key === this.shown) return;
    this.shown = key;
    setText(this.caption, captionOf(neuron, data, this.t));
    this.caption.classList.toggle("neuron", neuron !== null);
    if (classes && !neuron) this.element.replaceChildren(...data.class_names.map(classOf));
    else this.element.replaceChildren(...scaleOf(tone, theme, neuron ? null : endNames(data)));
  }
}

/** @param {Neuron | null} neuron @param {Data} data @param {Translate} t */
export function captionOf(neuron, data, t) {
  if (!neuron) return t("boundary.output");
  if (neuron.layer) return t("boundary.neuron", {n: neuron.index + 1, layer: neuron.layer});
  return t("boundary.input", {n: data.features[neuron.index] ?? neuron.index + 1});
}

/** A class with its colour. @param {string} name @param {number} k */
function classOf(name, k) {
  const swatch = h("i", {class: "boundary-swatch"});
  swatch.style.background = CATEGORIES[k % CATEGORIES.length];
  return h("span", {class: "boundary-class"}, swatch, name);
}

/**
 * The scale of colours, numbers at both ends and in the middle, and what the ends are called.
 * @param {{gain: number, shift: number}} tone
 * @param {import("../../types").Theme} theme
 * @param {[string, string] | null} names
 */
function scaleOf({gain, shift}, theme, names) {
  const bar = h("i", {class: "boundary-bar"});
  const stops = [-1, -0.5, 0, 0.5, 1].map(x => css(diverging(x, theme)));
  const numbers = [-1, 0, 1].map(x => compact(+((x - shift) / gain).toPrecision(3)));
  bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  return [
    bar,
    h("span", {class: "boundary-numbers"}, ...numbers.map(number => h("span", {}, number))),
    names ? h("span", {class: "boundary-ends"}, ...names.map(name => h("span", {}, shortName(name)))) : "",
  ];
}
