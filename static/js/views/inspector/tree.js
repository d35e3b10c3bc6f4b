// @ts-check
/** The chain rule as chips and sums: built when its shape changes, afterwards only its numbers are written. */

import {h} from "../../draw/dom.js";
import {batchTable} from "./batch.js";
import {batchOutline, outline, valueAt} from "./chain.js";
import {isAmong} from "./places.js";
import {Parts} from "./parts.js";

/** @typedef {import("../../types").ChainNode} ChainNode */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./parts.js").Hands} Hands */

export class Tree {
  /** @param {Hands & {sample: (row: number) => void}} hands */
  constructor(hands) {
    this.hands = hands;
    this.element = h("div", {class: "inspector-tree"});
    /** What was built, and from what. */
    this.parts = new Parts(hands, []);
    this.shape = "";
    /** Rows of the samples of a batch. @type {number[]} */
    this.rows = [];
    this.hovered = "";
  }

  /**
   * @param {ChainNode} tree
   * @param {number[]} sizes neurons per layer
   * @param {number[]} samples
   * @param {string} lang
   * @returns {boolean} whether it was built anew
   */
  update(tree, sizes, samples, lang) {
    this.rows = samples;
    const shape = `${lang} ${tree.c === "mean" ? batchOutline(tree) : outline(tree)}`;
    const anew = shape !== this.shape;
    if (anew) {
      this.shape = shape;
      this.hovered = "";
      this.parts = new Parts(this.hands, sizes);
      this.element.replaceChildren(...this.build(tree));
    }
    this.parts.names.forEach((name, x) => name.set((samples[x] ?? x) + 1));
    for (const {live, path, rest} of this.parts.entries) live.set(valueAt(tree, path, rest));
    return anew;
  }

  /** A sample of the batch, unless a hand has erased it since. @param {number} row */
  choose(row) {
    if (row >= 0) this.hands.sample(row);
  }

  /** @param {ChainNode} tree @returns {(Element | string)[]} */
  build(tree) {
    if (tree.c === "mean") return [batchTable(this.parts, tree, x => this.choose(this.rows[x]))];
    return tree.c === "product" ? this.parts.product(tree, [], true) : this.parts.single(tree);
  }

  /** Mark what speaks of the thing under the pointer in the diagram. @param {Pick | null} pick */
  hover(pick) {
    const key = JSON.stringify(pick);
    if (key === this.hovered) return;
    this.hovered = key;
    for (const {element, picks} of this.parts.lit) element.classList.toggle("lit", isAmong(pick, picks));
  }

  /** Forget what was built, so that the next update builds. */
  clear() {
    this.shape = "";
  }
}
