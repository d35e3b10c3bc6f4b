// @ts-check
/** The chain rule as chips and sums: built when its shape changes, afterwards only its numbers are written. */

import {h} from "../../draw/dom.js";
import {factorOf, Live, math, nameOf, op} from "./math.js";
import {flowOf, isAmong, picksOf} from "./places.js";
import {m} from "../shared/symbols.js";

/** @typedef {import("../../types").ChainNode} ChainNode */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** Terms of a sum that are shown one by one; of longer sums the largest. */
const MOST_TERMS = 8;

/**
 * @param {{t: Translate, point: (picks: Pick[], flow: "forward" | "backward") => void, leave: () => void, toggle:
 * (place: string) => void, sample: (row: number) => void}} hands
 */
export function createTree({t, point, leave, toggle, sample}) {
  const element = h("div", {class: "inspector-tree"});
  /** how to write each number: where its node is in the tree @type {{live: Live, path: number[], rest?: number[]}[]} */
  let entries = [];
  /** @type {{element: HTMLElement, picks: Pick[]}[]} */
  let lit = [];
  /** @type {number[]} */
  let sizes = [];
  /** the samples of a batch: their rows, and where those are written @type {number[]} */
  let rows = [];
  /** @type {Live[]} */
  let names = [];
  let shape = "";
  let hovered = "";

  /** A number somewhere in the tree. @param {number[]} path @param {number} [digits] @param {number[]} [rest] */
  function number(path, digits = 4, rest) {
    const live = new Live(digits);
    const box = h("output", {class: "inspector-number"}, live.node);
    entries.push({live, path, rest});
    return box;
  }

  /**
   * Pointing at something highlights it in the diagram, and the other way round.
   * @template {HTMLElement} E
   * @param {E} target
   * @param {ChainNode} node
   * @returns {E}
   */
  function linked(target, node) {
    const picks = picksOf(node, sizes);
    const flow = flowOf(node);
    if (!picks.length) return target;
    target.dataset.flow = flow;
    for (const name of ["pointerenter", "focus"]) target.addEventListener(name, () => point(picks, flow));
    for (const name of ["pointerleave", "blur"]) target.addEventListener(name, leave);
    lit.push({element: target, picks});
    return target;
  }

  /**
   * A factor: its symbol over its number. One that has more behind it can be unfolded.
   * @param {ChainNode} node
   * @param {ChainNode} whole
   * @param {number[]} path
   */
  function chip(node, whole, path) {
    const folds = node.c !== undefined;
    const open = node.k !== undefined;
    const caption = h(
      "small",
      {},
      t(node.n === "dC_da" && !folds ? "inspector.part_loss" : `inspector.part_${node.n}`),
    );
    const props = {class: "inspector-chip", dataset: {role: `inspector-factor-${node.n}`, flow: flowOf(node)}};
    const parts = [h("span", {class: "inspector-symbol"}, math(factorOf(node, whole, sizes))), number(path), caption];
    const made = folds
      ? h(
          "button",
          {
            ...props,
            type: "button",
            "aria-expanded": String(open),
            title: t(open ? "inspector.fold" : "inspector.unfold"),
            onclick: () => toggle(path.join(".")),
          },
          ...parts,
        )
      : h("span", {...props, tabindex: 0}, ...parts);
    return linked(made, node);
  }

  /**
   * A product: its factors, and what they make.
   * @param {ChainNode} node
   * @param {number[]} path
   * @param {boolean} first
   */
  function product(node, path, first) {
    const children = node.k ?? [];
    const parts = children.flatMap((child, k) => [
      k ? h("b", {class: "inspector-times", "aria-hidden": "true"}, "·") : null,
      chip(child, node, [...path, k]),
    ]);
    const total = number(path, 4);
    total.classList.add("inspector-total");
    if (first) total.dataset.role = "inspector-product";
    return [
      h("div", {class: "inspector-product"}, ...parts),
      h("div", {class: "inspector-equals"}, math(nameOf(node, sizes)), h("b", {}, "="), total),
      ...children.flatMap((child, k) => (child.k ? [block(child, [...path, k])] : [])),
    ];
  }

  /** What a factor unfolds to. @param {ChainNode} node @param {number[]} path @returns {HTMLElement} */
  function block(node, path) {
    if (node.c === "product") return h("div", {class: "inspector-block"}, ...product(node, path, false));
    const children = node.k ?? [];
    const counted = children.map((_, k) => k);
    const skip = children.at(-1)?.n === "skip";
    const shown =
      children.length > MOST_TERMS + 1
        ? counted
            .sort((a, b) => Math.abs(children[b].v ?? 0) - Math.abs(children[a].v ?? 0))
            .filter((k, place) => place < MOST_TERMS || children[k].n === "skip")
            .sort((a, b) => a - b)
        : counted;
    const rest = children.map((_, k) => k).filter(k => !shown.includes(k));
    const total = number(path);
    if (!path.length) total.dataset.role = node.n === "z" ? "inspector-z" : "inspector-product";
    const sum = math(nameOf(node, sizes), op("="), m("munder", op("∑"), m("mi", "i")));
    const words = t(
      node.n === "z"
        ? "inspector.sum_terms"
        : node.n === "dC_da"
          ? skip
            ? "inspector.sum_paths_skip"
            : "inspector.sum_paths"
          : node.at[0] === sizes.length - 1
            ? "inspector.sum_outputs"
            : "inspector.sum_normalized",
      {layer: node.at[0] + 1, n: children.length - (skip ? 1 : 0)},
    );
    return h(
      "div",
      {class: "inspector-block"},
      h("p", {class: "inspector-sum"}, sum, h("span", {}, words)),
      h(
        "div",
        {class: "inspector-terms"},
        ...shown.flatMap(k => term(children[k], [...path, k])),
        ...(rest.length
          ? [
              h(
                "div",
                {class: "inspector-term inspector-rest"},
                h("span", {}, t("inspector.rest", {n: rest.length})),
                number(path, 4, rest),
              ),
            ]
          : []),
        h("div", {class: "inspector-term inspector-all"}, h("span", {}, math(nameOf(node, sizes))), total),
      ),
    );
  }

  /**
   * One term of a sum: two factors and their product; what is unfolded stands below.
   * @param {ChainNode} node
   * @param {number[]} path
   * @returns {HTMLElement[]}
   */
  function term(node, path) {
    const children = node.k ?? [];
    const parts = children.flatMap((child, k) => [
      k ? h("b", {class: "inspector-times"}, "·") : null,
      small(child, node, [...path, k]),
    ]);
    const line = linked(
      h("div", {class: "inspector-term"}, h("span", {class: "inspector-factors"}, ...parts), number(path)),
      node,
    );
    return [line, ...children.flatMap((child, k) => (child.k ? [block(child, [...path, k])] : []))];
  }

  /** A factor inside a sum, on one line. @param {ChainNode} node @param {ChainNode} whole @param {number[]} path */
  function small(node, whole, path) {
    const inner = [math(nameOf(node, sizes)), number(path, 3)];
    const made =
      node.c !== undefined
        ? h(
            "button",
            {
              class: "inspector-small",
              type: "button",
              "aria-expanded": String(node.k !== undefined),
              title: t(node.k ? "inspector.fold" : "inspector.unfold"),
              onclick: () => toggle(path.join(".")),
            },
            ...inner,
          )
        : h("span", {class: "inspector-small"}, ...inner);
    return linked(made, node);
  }

  /** The batch: a line per sample, and their mean. @param {ChainNode} node */
  function batch(node) {
    const children = node.k ?? [];
    const first = children[0];
    const factors = first?.c === "product" ? (first.k ?? []) : [];
    const whole = {n: node.n, at: node.at};
    const head = h(
      "tr",
      {},
      h("th", {}, t("inspector.sample")),
      ...factors.map(factor => {
        const cell = h("th", {}, math(factorOf(factor, whole, sizes)));
        return linked(cell, factor);
      }),
      h("th", {}, factors.length ? "∏" : math(nameOf(node, sizes))),
    );
    const lines = children
      .filter(child => child.n !== "rest")
      .map((child, x) => {
        const number_ = new Live(4, String);
        const name = h(
          "button",
          {
            type: "button",
            class: "inspector-row",
            title: t("inspector.look_at_sample"),
            onclick: () => sample(rows[x]),
          },
          number_.node,
        );
        names.push(number_);
        const cells =
          factors.length && child.c === "product"
            ? (child.k ?? []).map((factor, k) => h("td", {dataset: {flow: flowOf(factor)}}, number([x, k], 3)))
            : [];
        while (cells.length < factors.length) cells.unshift(h("td"));
        return h(
          "tr",
          {},
          h("th", {scope: "row"}, name),
          ...cells,
          h("td", {class: "inspector-of-sample"}, number([x], 3)),
        );
      });
    const last = children[children.length - 1];
    const rest =
      last?.n === "rest"
        ? [
            h(
              "tr",
              {class: "inspector-rest"},
              h("th", {colspan: factors.length + 1}, t("inspector.rest_samples", {n: last.at[0]})),
              h("td", {}, number([children.length - 1], 3)),
            ),
          ]
        : [];
    const total = number([], 4);
    total.dataset.role = "inspector-product";
    total.classList.add("inspector-total");
    const mean = h(
      "tr",
      {class: "inspector-mean"},
      h("th", {colspan: factors.length + 1}, h("span", {}, t("inspector.mean")), math(op("="), nameOf(node, sizes))),
      h("td", {}, total),
    );
    return h(
      "div",
      {class: "inspector-scroll"},
      h(
        "table",
        {class: "inspector-batch"},
        h("thead", {}, head),
        h("tbody", {}, ...lines, ...rest),
        h("tfoot", {}, mean),
      ),
    );
  }

  return {
    element,
    /**
     * @param {ChainNode} tree @param {number[]} layers neurons per layer @param {number[]} samples @param {string} lang
     * @returns {boolean} whether it was built anew
     */
    update(tree, layers, samples, lang) {
      sizes = layers;
      rows = samples;
      const now = `${lang} ${tree.c === "mean" ? batchOutline(tree) : outline(tree)}`;
      const anew = now !== shape;
      if (anew) {
        shape = now;
        entries = [];
        names = [];
        lit = [];
        hovered = "";
        element.replaceChildren(
          ...(tree.c === "mean" ? [batch(tree)] : tree.c === "product" ? product(tree, [], true) : single(tree)),
        );
      }
      names.forEach((name, x) => name.set((rows[x] ?? x) + 1));
      for (const {live, path, rest} of entries) live.set(valueAt(tree, path, rest));
      return anew;
    },
    /** Mark what speaks of the thing under the pointer in the diagram. @param {Pick | null} pick */
    hover(pick) {
      const key = JSON.stringify(pick);
      if (key === hovered) return;
      hovered = key;
      for (const {element, picks} of lit) element.classList.toggle("lit", isAmong(pick, picks));
    },
    /** Forget what was built, so that the next update builds. */
    clear() {
      shape = "";
    },
  };

  /** A neuron's δ where it is a sum or only a number. @param {ChainNode} tree @returns {HTMLElement[]} */
  function single(tree) {
    const total = number([]);
    total.classList.add("inspector-total");
    total.dataset.role = "inspector-product";
    if (tree.k) return [block(tree, [])];
    return [h("div", {class: "inspector-equals"}, math(nameOf(tree, sizes)), h("b", {}, "="), total)];
  }
}

/** Names and places of all nodes, without their numbers. @param {ChainNode} node @returns {string} */
export function outline(node) {
  return `${node.n} ${node.at} ${node.c ?? ""}${node.k ? `[${node.k.map(outline).join()}]` : ""}`;
}

/** A batch has the form of its first sample, as often as there are samples told one by one. @param {ChainNode} tree */
function batchOutline(tree) {
  const children = tree.k ?? [];
  const last = children[children.length - 1];
  return `${tree.n} ${tree.at} ${children.length} ${children[0] ? outline(children[0]) : ""} ${last?.n === "rest" ? last.at : ""}`;
}

/**
 * The value of the node at a path, or the sum of some of its children.
 * @param {ChainNode} tree
 * @param {number[]} path
 * @param {number[]} [rest]
 */
export function valueAt(tree, path, rest) {
  let node = /** @type {ChainNode | undefined} */ (tree);
  for (const k of path) node = node?.k?.[k];
  if (!rest) return node?.v;
  return rest.reduce((sum, k) => sum + (node?.k?.[k]?.v ?? NaN), 0);
}
