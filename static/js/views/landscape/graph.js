// @ts-check
/** The computation graph on the page: boxes of HTML, lines of SVG behind them, a factor on each line. */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {GRAPHS} from "../../maths/landscapes.js";
import {formula} from "./formula.js";
import {arrange, derivativeOf, edgesOf, labelsOf, middleOf, NAMES, OVER} from "./scene.js";

/** A box; `brief` where its derivative has no room for its name.
 * @typedef {{element: HTMLElement, value: HTMLElement, slope: HTMLElement, brief: boolean}} Box */
/** @typedef {{line: SVGPathElement, label: HTMLElement, curve: import("./scene.js").Curve | null}} Strand */

/** px of the letters at which boxes have their usual width. */
const USUAL_TYPE = 13;
const SVG = "http://www.w3.org/2000/svg";

/** @param {number} x */
const number = x => plain(x, 3);

export class GraphPicture {
  constructor() {
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.element = h("div", {class: "landscape-stage", role: "img"});
    this.element.append(this.lines);
    /** @type {import("./scene.js").Edge[]} */
    this.edges = [];
    /** x, y, the parts, f @type {Box[]} */
    this.boxes = [];
    /** one per edge @type {Strand[]} */
    this.strands = [];
    /** @type {string[]} */
    this.labels = [];
    this.width = 0;
    this.height = 0;
  }

  /** Boxes and lines of a landscape. @param {string} name */
  build(name) {
    const graph = GRAPHS[name];
    this.labels = labelsOf(graph);
    this.edges = edgesOf(graph);
    this.boxes = [
      ...NAMES.map(label => boxOf(label, "", "parameter")),
      ...graph.parts.map(part => boxOf(part.name, part.text, "part")),
      boxOf("f", graph.sum, "value"),
    ];
    this.strands = this.edges.map(edge => strandOf(derivativeOf(graph, edge)));
    this.element.dataset.parts = String(graph.parts.length);
    this.lines.replaceChildren(...this.strands.map(({line}) => line));
    this.element.replaceChildren(
      this.lines,
      ...this.boxes.map(({element}) => element),
      ...this.strands.map(({label}) => label),
    );
    this.place();
  }

  /** Take note of the stage's size. @param {number} width @param {number} height px */
  resize(width, height) {
    this.width = width;
    this.height = height;
    this.place();
  }

  place() {
    const {boxes, strands, edges, width, height} = this;
    if (!boxes.length) return;
    const scale = parseFloat(getComputedStyle(this.element).fontSize) / USUAL_TYPE;
    const scene = arrange(boxes.length - NAMES.length - 1, edges, width, height, scale);
    if (!scene) return;
    boxes.forEach(({element}, i) => {
      const place = scene.places[i];
      element.style.left = `${place.left}px`;
      element.style.top = `${place.y}px`;
      element.style.width = `${place.width}px`;
    });
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    strands.forEach((strand, k) => {
      const {line, label} = strand;
      strand.curve = scene.curves[k];
      line.setAttribute("d", strand.curve.d);
      label.style.top = `${strand.curve.y}px`;
    });
    this.fitAgain();
  }

  /** What has been fitted into its place is fitted anew. */
  fitAgain() {
    for (const {value, slope} of this.boxes) value.dataset.letters = slope.dataset.letters = "";
    for (const {label} of this.strands) label.dataset.letters = "";
  }

  /** @param {ReturnType<typeof import("./scene.js").numbersAt>} numbers */
  paint({values, slopes, flows}) {
    this.boxes.forEach((box, i) => {
      const {element, value, slope} = box;
      const words = number(values[i]);
      setText(value, words);
      if (isOfNewLength(value, words)) value.style.setProperty("--letters", String(words.length));
      const [long, brief] = [`∂f/∂${this.labels[i]} `, "∂ "].map(name => name + number(slopes[i]));
      if (isOfNewLength(slope, long)) {
        setText(slope, long);
        box.brief = slope.offsetWidth > element.clientWidth - 2 * OVER;
      }
      setText(slope, box.brief ? brief : long);
    });
    this.strands.forEach(({line, label, curve}, k) => {
      const {factor, share, sign} = flows[k];
      const wide = (1 + 3.5 * Math.sqrt(share)).toFixed(1);
      const words = `×${number(factor)}`;
      setText(label, words);
      if (curve && isOfNewLength(label, words)) {
        const x = middleOf(curve, label.offsetWidth);
        label.style.left = `${x ?? curve.x}px`;
        label.style.visibility = x === null ? "hidden" : "";
      }
      if (line.dataset.wide !== wide) line.style.strokeWidth = line.dataset.wide = wide;
      if (line.dataset.sign !== sign) line.dataset.sign = sign;
    });
  }
}

/** Whether words have another length than those that were fitted last. @param {HTMLElement} element
 * @param {string} words */
function isOfNewLength({dataset}, words) {
  if (dataset.letters === String(words.length)) return false;
  dataset.letters = String(words.length);
  return true;
}

/** @param {string} label @param {string} text formula of what is in it @param {string} kind @returns {Box} */
function boxOf(label, text, kind) {
  const value = h("output", {class: "landscape-value"});
  const slope = h("output", {class: "landscape-slope"});
  const head = h("div", {class: "landscape-what"}, formula(text ? `${label} = ${text}` : label));
  const element = h("div", {class: "landscape-box", dataset: {kind, role: `landscape-${label}`}}, head, value, slope);
  return {element, value, slope, brief: false};
}

/** @param {string} tip @returns {Strand} */
function strandOf(tip) {
  const line = /** @type {SVGPathElement} */ (document.createElementNS(SVG, "path"));
  return {line, label: h("span", {class: "landscape-factor", tip}), curve: null};
}
