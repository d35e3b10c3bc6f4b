// @ts-check
/** The graph as SVG: boxes with value and derivative, curves with what they multiply by. Decides nothing. */

import {compact, plain} from "../../draw/format.js";
import {arrange} from "./layout.js";
import {nameText, treeText} from "./names.js";

/** @typedef {import("../../types").ChainGraph} ChainGraph */
/** @typedef {{values: Set<number>, derivatives: Set<unknown>}} Known */

const SVG = "http://www.w3.org/2000/svg";
/** px; a node's box, and how far boxes are apart; columns further where a number between them is long. */
const BOX = {width: 124, height: 62, apart: 12, between: 58};
const FURTHER = 88;
/** Letters of a number that has room between columns as they usually are. */
const SHORT = 7;
/** Letters of a formula that a box has room for; and edges of a graph that all have room for their numbers. */
const LONGEST = 15;
const FEW = 30;

/** @param {number | null} x */
export const number = x =>
  x === null ? "NaN" : Number.isInteger(x) && Math.abs(x) < 1e4 ? String(x).replace("-", "−") : plain(x, 4);

/** What an edge multiplies by. @param {number | null} slope */
const factor = slope => `×${slope === null ? "NaN" : compact(slope)}`;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Node[]} children */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return /** @type {SVGElement} */ (element);
}

export class Picture {
  /** @param {(node: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.element = svg("svg", {class: "graph-picture", role: "group"});
    /** @type {{group: SVGElement, value: SVGElement, derivative: SVGElement}[]} */
    this.boxes = [];
    /** @type {{line: SVGElement, label: SVGElement}[]} */
    this.strands = [];
    /** What the boxes were built of. */
    this.built = "";
    /** @type {import("./layout.js").Scene | null} */
    this.scene = null;
    this.scale = 1;
    this.element.addEventListener("keydown", event => this.walk(/** @type {KeyboardEvent} */ (event)));
  }

  /** Boxes and curves, if it is another graph.
   * @param {ChainGraph} graph @param {boolean} upright @param {number} scale */
  build(graph, upright, scale) {
    const long = graph.edges.some(({slope}) => factor(slope).length > SHORT);
    const key = JSON.stringify([graph.nodes.map(({name, tree}) => [name, tree]), upright, scale, long]);
    if (key === this.built) return false;
    this.built = key;
    this.scale = scale;
    const apart = upright ? BOX.width + BOX.apart : BOX.height + BOX.apart;
    const between = upright ? BOX.between * 0.7 : long ? FURTHER : BOX.between;
    this.scene = arrange(graph.nodes.length, graph.edges, {...BOX, apart, between, upright});
    const {width, height, places, curves} = this.scene;
    this.element.setAttribute("viewBox", `-3 -3 ${width + 6} ${height + 6}`);
    this.element.setAttribute("width", String((width + 6) * scale));
    this.element.setAttribute("height", String((height + 6) * scale));
    this.boxes = graph.nodes.map((node, i) => this.box(node, places[i], i));
    this.strands = curves.map(({d, x, y}) => ({
      line: svg("path", {d, class: "graph-line"}),
      label: svg("text", {x, y: y - 3, class: "graph-slope"}),
    }));
    this.element.dataset.few = String(graph.edges.length <= FEW);
    this.element.replaceChildren(
      ...this.strands.map(({line}) => line),
      ...this.boxes.map(({group}) => group),
      ...this.strands.map(({label}) => label),
    );
    return true;
  }

  /** @param {ChainGraph["nodes"][number]} node @param {{x: number, y: number}} place @param {number} i */
  box({name, sign, tree}, {x, y}, i) {
    const written = sign === "variable" ? "" : treeText(tree);
    const what = written.length > LONGEST ? "Σ" : written;
    const value = svg("text", {class: "graph-value", x: BOX.width / 2, y: 38});
    const derivative = svg("text", {class: "graph-derivative", x: BOX.width / 2, y: 55});
    const title = svg("text", {class: "graph-name", x: BOX.width / 2, y: 18});
    title.textContent = what ? `${nameText(name)} = ${what}` : nameText(name);
    const rect = svg("rect", {width: BOX.width, height: BOX.height, rx: 7});
    const transform = `translate(${x - BOX.width / 2} ${y - BOX.height / 2})`;
    const kind = sign === "variable" ? "variable" : "step";
    const group = svg(
      "g",
      {transform, class: "graph-node", role: "button", tabindex: -1},
      rect,
      title,
      value,
      derivative,
    );
    Object.assign(group.dataset, {kind, node: name});
    group.addEventListener("click", () => this.choose(i));
    group.addEventListener("focus", () => this.choose(i));
    return {group, value, derivative};
  }

  /**
   * @param {ChainGraph} graph
   * @param {Known} known
   * @param {number} current
   * @param {"forward" | "backward" | ""} way in which a step was taken to the current node
   * @param {(node: number) => string} named what is said of a node
   */
  paint(graph, known, current, way, named) {
    this.boxes.forEach(({group, value, derivative}, i) => {
      value.textContent = known.values.has(i) ? number(graph.nodes[i].value) : "·";
      derivative.textContent = known.derivatives.has(i) ? `∂ ${number(graph.nodes[i].derivative)}` : "";
      group.setAttribute("aria-label", named(i));
      group.setAttribute("tabindex", i === current ? "0" : "-1");
      group.setAttribute("aria-pressed", String(i === current));
      group.dataset.way = i === current ? way || "chosen" : "";
    });
    this.strands.forEach(({line, label}, k) => {
      const {from, to, slope} = graph.edges[k];
      const back = known.derivatives.has(from);
      line.dataset.way = back ? "backward" : known.values.has(to) ? "forward" : "";
      const near = from === current || to === current;
      line.dataset.near = label.dataset.near = String(near);
      label.textContent = back ? factor(slope) : "";
    });
  }

  /** Arrows go from node to node. @param {KeyboardEvent} event */
  walk(event) {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const here = this.boxes.findIndex(({group}) => group === event.target);
    if (!by || here < 0) return;
    event.preventDefault();
    event.stopPropagation();
    /** @type {any} */ (this.boxes[Math.min(this.boxes.length - 1, Math.max(0, here + by))].group).focus();
  }

  /** Bring a node into view. @param {number} node @param {HTMLElement} stage what scrolls */
  reveal(node, stage) {
    const place = this.scene?.places[node];
    if (!place) return;
    const [x, y] = [place.x * this.scale, place.y * this.scale];
    const [wide, high] = [BOX.width * this.scale, BOX.height * this.scale];
    if (x - wide < stage.scrollLeft || x + wide > stage.scrollLeft + stage.clientWidth)
      stage.scrollLeft = x - stage.clientWidth / 2;
    if (y - high < stage.scrollTop || y + high > stage.scrollTop + stage.clientHeight)
      stage.scrollTop = y - stage.clientHeight / 2;
  }
}
