// @ts-check
/** Parts that a tree of the chain rule is built of: numbers, chips, products and sums. */

import {h} from "../../draw/dom.js";
import {m} from "../shared/symbols.js";
import {sumWords, termsShown} from "./chain.js";
import {factorOf, Live, math, nameOf, op} from "./math.js";
import {flowOf, picksOf} from "./places.js";

/** @typedef {import("../../types").ChainNode} ChainNode */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {object} Hands what a tree does
 * @property {import("../../types").ViewContext["t"]} t
 * @property {(picks: Pick[], flow: "forward" | "backward") => void} point
 * @property {() => void} leave
 * @property {(place: string) => void} toggle */

export class Parts {
  /** @param {Hands} hands @param {number[]} sizes neurons per layer */
  constructor(hands, sizes) {
    this.hands = hands;
    this.sizes = sizes;
    /** Numbers, and where their nodes are in the tree. @type {{live: Live, path: number[], rest?: number[]}[]} */
    this.entries = [];
    /** What lights up with things in the diagram. @type {{element: HTMLElement, picks: Pick[]}[]} */
    this.lit = [];
    /** Where the rows of samples are written. @type {Live[]} */
    this.names = [];
  }

  /** A number somewhere in the tree. @param {number[]} path @param {number} [digits] @param {number[]} [rest] */
  number(path, digits = 4, rest) {
    const live = new Live(digits);
    this.entries.push({live, path, rest});
    return h("output", {class: "inspector-number"}, live.node);
  }

  /**
   * Pointing at something highlights it in the diagram, and the other way round.
   * @template {HTMLElement} E
   * @param {E} element
   * @param {ChainNode} node
   * @returns {E}
   */
  linked(element, node) {
    const picks = picksOf(node, this.sizes);
    if (!picks.length) return element;
    const flow = flowOf(node);
    const {point, leave} = this.hands;
    element.dataset.flow = flow;
    for (const name of ["pointerenter", "focus"]) element.addEventListener(name, () => point(picks, flow));
    for (const name of ["pointerleave", "blur"]) element.addEventListener(name, leave);
    this.lit.push({element, picks});
    return element;
  }

  /**
   * What has more behind it is a button that unfolds and folds it.
   * @param {ChainNode} node
   * @param {number[]} path
   * @param {Record<string, unknown>} props
   */
  unfolding(node, path, props) {
    const open = node.k !== undefined;
    const {t, toggle} = this.hands;
    return {
      ...props,
      type: "button",
      "aria-expanded": String(open),
      tip: t(open ? "inspector.fold" : "inspector.unfold"),
      onclick: () => toggle(path.join(".")),
    };
  }

  /** A factor: its symbol over its number. @param {ChainNode} node @param {ChainNode} whole @param {number[]} path */
  chip(node, whole, path) {
    const folds = node.c !== undefined;
    const key = node.n === "dC_da" && !folds ? "inspector.part_loss" : `inspector.part_${node.n}`;
    const caption = h("small", {}, this.hands.t(key));
    const props = {class: "inspector-chip", dataset: {role: `inspector-factor-${node.n}`, flow: flowOf(node)}};
    const symbol = h("span", {class: "inspector-symbol"}, math(factorOf(node, whole, this.sizes)));
    const inside = [symbol, this.number(path), caption];
    const made = folds
      ? h("button", this.unfolding(node, path, props), ...inside)
      : h("span", {...props, tabindex: 0}, ...inside);
    return this.linked(made, node);
  }

  /** A factor inside a sum, on one line. @param {ChainNode} node @param {number[]} path */
  small(node, path) {
    const inside = [math(nameOf(node, this.sizes)), this.number(path, 3)];
    const props = {class: "inspector-small"};
    const made =
      node.c === undefined ? h("span", props, ...inside) : h("button", this.unfolding(node, path, props), ...inside);
    return this.linked(made, node);
  }

  /** What the parts of a node unfold to, one below the other. @param {ChainNode[]} nodes @param {number[]} path */
  blocks(nodes, path) {
    return nodes.flatMap((child, k) => (child.k ? [this.block(child, [...path, k])] : []));
  }

  /** The whole of the tree. @param {number[]} path */
  total(path) {
    const total = this.number(path);
    total.classList.add("inspector-total");
    return total;
  }

  /**
   * A product: its factors, and what they make.
   * @param {ChainNode} node
   * @param {number[]} path
   * @param {boolean} first
   * @returns {HTMLElement[]}
   */
  product(node, path, first) {
    const children = node.k ?? [];
    const factors = children.flatMap((child, k) => [
      k > 0 && h("b", {class: "inspector-times", "aria-hidden": "true"}, "·"),
      this.chip(child, node, [...path, k]),
    ]);
    const total = this.total(path);
    if (first) total.dataset.role = "inspector-product";
    return [
      h("div", {class: "inspector-product"}, ...factors),
      h("div", {class: "inspector-equals"}, math(nameOf(node, this.sizes)), h("b", {}, "="), total),
      ...this.blocks(children, path),
    ];
  }

  /** What a factor unfolds to. @param {ChainNode} node @param {number[]} path @returns {HTMLElement} */
  block(node, path) {
    const inside = node.c === "product" ? this.product(node, path, false) : this.sum(node, path);
    return h("div", {class: "inspector-block"}, ...inside);
  }

  /** @param {ChainNode} node @param {number[]} path @returns {HTMLElement[]} */
  sum(node, path) {
    const {sizes} = this;
    const {t} = this.hands;
    const terms = node.k ?? [];
    const {shown, rest} = termsShown(terms);
    const total = this.number(path);
    if (!path.length) total.dataset.role = node.n === "z" ? "inspector-z" : "inspector-product";
    const symbols = math(nameOf(node, sizes), op("="), m("munder", op("∑"), m("mi", "i")));
    const {key, count} = sumWords(node, sizes.length - 1);
    const words = t(key, {layer: node.at[0] + 1, n: count});
    const lines = shown.flatMap(k => this.term(terms[k], [...path, k]));
    if (rest.length) {
      const others = h("span", {}, t("inspector.rest", {n: rest.length}));
      lines.push(h("div", {class: "inspector-term inspector-rest"}, others, this.number(path, 4, rest)));
    }
    const name = h("span", {}, math(nameOf(node, sizes)));
    lines.push(h("div", {class: "inspector-term inspector-all"}, name, total));
    return [
      h("p", {class: "inspector-sum"}, symbols, h("span", {}, words)),
      h("div", {class: "inspector-terms"}, ...lines),
    ];
  }

  /** One term of a sum: two factors and their product; what is unfolded stands below.
   * @param {ChainNode} node @param {number[]} path @returns {HTMLElement[]} */
  term(node, path) {
    const children = node.k ?? [];
    const factors = children.flatMap((child, k) => [
      k > 0 && h("b", {class: "inspector-times"}, "·"),
      this.small(child, [...path, k]),
    ]);
    const product = h("span", {class: "inspector-factors"}, ...factors);
    const line = this.linked(h("div", {class: "inspector-term"}, product, this.number(path)), node);
    return [line, ...this.blocks(children, path)];
  }

  /** A neuron's δ where it is a sum or only a number. @param {ChainNode} tree @returns {HTMLElement[]} */
  single(tree) {
    if (tree.k) return [this.block(tree, [])];
    const total = this.total([]);
    total.dataset.role = "inspector-product";
    return [h("div", {class: "inspector-equals"}, math(nameOf(tree, this.sizes)), h("b", {}, "="), total)];
  }
}
