// @ts-check
/** A neuron by itself: how its input comes about, where it stands on its activation, and how it fares. */

import {h, setText} from "../../draw/dom.js";
import {symbol} from "../shared/symbols.js";
import {createCurve} from "./curve.js";
import {healthOf} from "./health.js";
import {Live, math, nameOf} from "./math.js";
import {windowOf} from "./places.js";
import {Tree} from "./tree.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Point} Point */
/** @typedef {import("../../types").Pick & {kind: "neuron"}} Neuron */

export class NeuronSection {
  /** @param {import("../../types").ViewContext} context @param {import("./parts.js").Hands} hands
   * @param {() => void} changed a curve has come */
  constructor(context, hands, changed) {
    this.t = context.t;
    this.act = context.act;
    this.changed = changed;
    this.forward = new Tree({...hands, toggle() {}, sample() {}});
    this.curve = createCurve(context);
    this.health = h("p", {class: "inspector-health", dataset: {role: "inspector-health"}});
    this.function = h("p", {class: "inspector-function"});
    this.facts = h("dl", {class: "inspector-facts"});
    this.numbers = {z: new Live(4), f: new Live(4), a: new Live(4), slope: new Live(4)};
    const shape = h(
      "div",
      {class: "inspector-shape"},
      this.curve.element,
      h("div", {class: "inspector-told"}, this.function, this.facts),
    );
    this.element = h("section", {class: "inspector-neuron"}, this.forward.element, shape, this.health);
    /** The activation over a window, as the server drew it, and which one is on its way.
     * @type {{key: string, z: number[], a: number[]} | null} */
    this.shape = null;
    this.asking = "";
  }

  clear() {
    this.forward.clear();
    this.curve.clear();
  }

  /** An input is data: its value, and what it feeds, which is the sum below. @param {Scene} scene @param {Neuron} pick
   * @returns {string | null} how it fares */
  showInput({state, layout, found}, pick) {
    const {t, facts, numbers} = this;
    this.forward.element.hidden = this.curve.element.hidden = true;
    const now = `x ${pick.index} ${state.lang}`;
    this.function.hidden = true;
    facts.hidden = found.a === null || found.a === undefined;
    if (facts.dataset.of !== now) {
      facts.dataset.of = now;
      const value = h("dd", {dataset: {role: "inspector-a"}}, numbers.a.node);
      facts.replaceChildren(h("dt", {}, math(symbol(pick, layout.sizes))), value);
    }
    numbers.a.set(found.a);
    setText(this.health, t("inspector.input", {n: layout.sizes[1]}));
    this.health.hidden = false;
    return null;
  }

  /** How its input comes about. @param {Scene} scene */
  showForward({state, layout, found}) {
    const {forward} = this;
    forward.element.hidden = !found.forward;
    if (found.forward) forward.update(found.forward, layout.sizes, [], state.lang);
    forward.hover(state.view.hover);
  }

  /** Where it stands and how it fares. @param {Scene} scene @param {Neuron} pick @param {Point[]} points
   * @returns {string | undefined} undefined where nothing is known */
  show(scene, pick, points) {
    const one = !scene.batch;
    this.showCurve(scene, pick, points);
    this.showFacts(scene, pick, points[0], one);
    const {kind, words} = healthOf(scene.found, points[0].slope, one, this.t);
    setText(this.health, words);
    this.health.hidden = !words;
    return kind ?? undefined;
  }

  /** @param {Scene} scene @param {Neuron} pick @param {Point[]} points */
  showCurve({state, layout, found, palette, over}, {layer}, points) {
    const softmax = found.activation === "softmax";
    this.curve.element.hidden = softmax;
    if (softmax) return;
    const reach = windowOf(Math.max(...points.map(({z}) => Math.abs(z)).filter(Number.isFinite), 0));
    const leak = state.config?.network.leaky_slope ?? "";
    const key = `${layout.id} ${over} ${found.activation} ${leak} ${layer} ${reach}`;
    this.curve.element.hidden = Boolean(found.kept) && this.shape?.key !== key;
    if (this.shape?.key !== key) this.ask(key, {layer, low: reach[0], high: reach[1], over});
    else this.curve.update(this.shape, points, palette, layout.normalization?.[layer - 1] ? "u" : "z");
  }

  /** @param {string} key @param {Record<string, unknown>} wanted */
  async ask(key, wanted) {
    if (this.asking === key) return;
    this.asking = key;
    const reply = await this.act("activation", wanted);
    this.asking = "";
    if (reply.ok === false || !Array.isArray(reply.a)) return;
    this.shape = {key, z: /** @type {number[]} */ (reply.z), a: reply.a};
    this.changed();
  }

  /** z, what the activation makes of it, what is passed on, and the slope. @param {Scene} scene @param {Neuron} pick
   * @param {Point} at @param {boolean} one whether of one sample */
  showFacts({state, layout, found}, {layer, index}, at, one) {
    const {facts, numbers} = this;
    const skip = Boolean(layout.residual?.[layer - 1]);
    const sloped = found.activation !== "softmax" && !found.kept;
    const now = `${[layer, index]} ${found.activation} ${state.lang} ${one} ${skip} ${sloped}`;
    facts.hidden = this.function.hidden = !one;
    if (facts.dataset.of !== now) {
      facts.dataset.of = now;
      const normalized = Boolean(layout.normalization?.[layer - 1]);
      const names = factsOf(skip, sloped);
      const row = (/** @type {keyof typeof numbers} */ name) => {
        const shown = normalized ? BEHIND_NORMALIZATION[name] : name;
        const value = h("dd", {dataset: {role: `inspector-${name}`}}, numbers[name].node);
        return [h("dt", {}, math(nameOf({n: shown, at: [layer, index]}, layout.sizes))), value];
      };
      setText(this.function, this.t(`activation.${found.activation}`));
      facts.replaceChildren(...names.flatMap(row));
    }
    numbers.z.set(at.z);
    numbers.f.set(found.f);
    numbers.a.set(found.a);
    numbers.slope.set(at.slope);
  }
}

/** What the numbers are called where the activation is taken of u = γẑ + β. */
const BEHIND_NORMALIZATION = {z: "u", f: "f_u", a: "a", slope: "slope_u"};

/** Which numbers are told: f where a skip adds to it, no slope where there is none or nobody knows it.
 * @param {boolean} skip @param {boolean} sloped @returns {("z" | "f" | "a" | "slope")[]} */
const factsOf = (skip, sloped) => [
  "z",
  ...(skip ? [/** @type {const} */ ("f")] : []),
  "a",
  ...(sloped ? [/** @type {const} */ ("slope")] : []),
];
