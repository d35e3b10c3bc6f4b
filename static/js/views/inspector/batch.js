// @ts-check
/** The chain rule over a batch: a line per sample, and their mean. */

import {h} from "../../draw/dom.js";
import {factorOf, Live, math, nameOf, op} from "./math.js";
import {flowOf} from "./places.js";

/** @typedef {import("../../types").ChainNode} ChainNode */
/** @typedef {import("./parts.js").Parts} Parts */

/** @param {Parts} parts @param {ChainNode} node the mean @param {(x: number) => void} look at the x-th sample */
export function batchTable(parts, node, look) {
  const children = node.k ?? [];
  const factors = children[0]?.c === "product" ? (children[0].k ?? []) : [];
  const samples = children.filter(({n}) => n !== "rest");
  const head = headOf(parts, node, factors);
  const lines = samples.map((child, x) => lineOf(parts, child, x, factors.length, () => look(x)));
  const rest = restOf(parts, children, factors.length);
  const total = parts.number([], 4);
  total.dataset.role = "inspector-product";
  total.classList.add("inspector-total");
  const name = math(op("="), nameOf(node, parts.sizes));
  const words = h("span", {}, parts.hands.t("inspector.mean"));
  const mean = h(
    "tr",
    {class: "inspector-mean"},
    h("th", {colspan: factors.length + 1}, words, name),
    h("td", {}, total),
  );
  const body = h("tbody", {}, ...lines, rest);
  const table = h("table", {class: "inspector-batch"}, h("thead", {}, head), body, h("tfoot", {}, mean));
  return h("div", {class: "inspector-scroll"}, table);
}

/** @param {Parts} parts @param {ChainNode} node @param {ChainNode[]} factors of the first sample */
function headOf(parts, node, factors) {
  const {sizes, hands} = parts;
  const cells = factors.map(factor => parts.linked(h("th", {}, math(factorOf(factor, node, sizes))), factor));
  const last = h("th", {}, factors.length ? "∏" : math(nameOf(node, sizes)));
  return h("tr", {}, h("th", {}, hands.t("inspector.sample")), ...cells, last);
}

/**
 * @param {Parts} parts
 * @param {ChainNode} child
 * @param {number} x
 * @param {number} factors cells of the line
 * @param {() => void} onclick
 */
function lineOf(parts, child, x, factors, onclick) {
  const live = new Live(4, String);
  parts.names.push(live);
  const tip = parts.hands.t("inspector.look_at_sample");
  const name = h("button", {type: "button", class: "inspector-row", tip, onclick}, live.node);
  const told = factors && child.c === "product" ? (child.k ?? []) : [];
  const cells = told.map((factor, k) => h("td", {dataset: {flow: flowOf(factor)}}, parts.number([x, k], 3)));
  while (cells.length < factors) cells.unshift(h("td"));
  const value = h("td", {class: "inspector-of-sample"}, parts.number([x], 3));
  return h("tr", {}, h("th", {scope: "row"}, name), ...cells, value);
}

/** The samples that are not told one by one. @param {Parts} parts @param {ChainNode[]} children
 * @param {number} factors */
function restOf(parts, children, factors) {
  const last = children[children.length - 1];
  if (last?.n !== "rest") return null;
  const words = parts.hands.t("inspector.rest_samples", {n: last.at[0]});
  const value = h("td", {}, parts.number([children.length - 1], 3));
  return h("tr", {class: "inspector-rest"}, h("th", {colspan: factors + 1}, words), value);
}
