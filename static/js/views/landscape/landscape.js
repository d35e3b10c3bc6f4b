// @ts-check
/**
 * A landscape where a network would stand: its formula, and the computation graph from x and y to f with the numbers of
 * this very step, forward and backward; under it what the optimizer made of the last gradient.
 */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {calmly} from "../../draw/plot.js";
import {GRAPHS, passThrough} from "../../maths/landscapes.js";
import {formula} from "./formula.js";
import {GraphPicture} from "./graph.js";
import {numbersAt} from "./scene.js";
import {createTable} from "./table.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} ViewContext */

/** ms between two repaints, and between two descriptions for those who cannot see the picture. */
const REST = 50;
const SPOKEN_REST = 1000;

/** @param {number} x */
const number = x => plain(x, 3);

/** The view with what it shows. */
class Landscape {
  /** @param {HTMLElement} root @param {ViewContext} context */
  constructor(root, {t, draw}) {
    this.t = t;
    this.graph = new GraphPicture();
    this.table = createTable(t);
    this.heads = createHeads(root, this.graph.element, this.table.element);
    /** @type {State | null} */
    this.state = null;
    /** the landscape, the language, and what the words were made of */
    this.name = "";
    this.lang = "";
    this.worded = "";
    this.painter = calmly(() => this.paint(), REST, draw);
    this.speaker = calmly(() => this.describe(), SPOKEN_REST, draw);
  }

  /** @param {State} next */
  update(next) {
    const wanted = next.layout?.landscape ?? "";
    this.state = next;
    if (!wanted || !GRAPHS[wanted]) return;
    const fresh = wanted !== this.name;
    if (fresh) this.build(wanted);
    this.word(next);
    if (fresh || this.lang !== next.lang) this.paint();
    else this.painter.request();
    this.lang = next.lang;
  }

  /** @param {string} name */
  build(name) {
    this.name = name;
    this.graph.build(name);
    this.heads.whole.replaceChildren(formula(`f = ${GRAPHS[name].text}`));
  }

  /** @param {State} state */
  word({lang, config}) {
    const key = `${this.name} ${lang} ${config?.optimizer.name} ${Boolean(config?.gradient_noise)}`;
    if (key === this.worded) return;
    this.worded = key;
    const {t, name} = this;
    setText(this.heads.title, t(`dataset.${name}`));
    setText(this.heads.about, t(`landscape.about_${name}`));
    setText(this.heads.forward, t("landscape.forward"));
    setText(this.heads.backward, t("landscape.backward"));
    this.table.words(config);
  }

  paint() {
    const {state, graph, name} = this;
    const exact = state?.frame?.exact;
    if (!state || !exact || !graph.boxes.length) return;
    const numbers = numbersAt(name, graph.edges, exact.P[0], exact.P[1]);
    graph.paint(numbers);
    this.table.show(state, name, numbers.value);
    this.speaker.request();
  }

  /** The picture in words, for those who cannot see it. */
  describe() {
    const exact = this.state?.frame?.exact;
    if (!exact) return;
    const [x, y] = exact.P;
    const {value, gradient} = passThrough(this.name, x, y);
    const words = this.t("landscape.aria", {
      name: this.t(`dataset.${this.name}`),
      x: number(x),
      y: number(y),
      f: number(value),
      dx: number(gradient[0]),
      dy: number(gradient[1]),
    });
    this.graph.element.setAttribute("aria-label", words);
  }
}

/**
 * What stands above and between, put on the page with the two others.
 * @param {HTMLElement} root
 * @param {HTMLElement} stage
 * @param {HTMLElement} foot
 */
function createHeads(root, stage, foot) {
  const title = h("strong");
  const whole = h("span", {class: "landscape-formula"});
  const about = h("p", {class: "landscape-about"});
  const forward = h("span", {class: "landscape-way", dataset: {way: "forward"}});
  const backward = h("span", {class: "landscape-way", dataset: {way: "backward"}});
  root.append(
    h("div", {class: "landscape-head"}, h("div", {class: "landscape-name"}, title, whole), about),
    stage,
    h("div", {class: "landscape-ways"}, forward, backward),
    foot,
  );
  return {title, whole, about, forward, backward};
}

/**
 * @param {HTMLElement} root
 * @param {ViewContext} context
 * @returns {import("../../types").View}
 */
export function landscapeView(root, context) {
  const view = new Landscape(root, context);
  const observer = new ResizeObserver(([{contentRect}]) => {
    view.graph.resize(contentRect.width, contentRect.height);
    view.paint();
  });
  observer.observe(view.graph.element);
  return {
    update: next => view.update(next),
    destroy() {
      view.painter.cancel();
      view.speaker.cancel();
      observer.disconnect();
      root.replaceChildren();
    },
  };
}
