// @ts-check
/** One node in formulas: how its value comes about, what arrives from behind, and the sum of it. */

import {h} from "../../draw/dom.js";
import {expressionOf} from "../shared/expressions.js";
import {formula, m} from "../shared/symbols.js";
import {nameMath, treeText} from "./names.js";
import {number} from "./picture.js";
import {arriving} from "./walk.js";

/** @typedef {import("../../types").ChainGraph} ChainGraph */
/** @typedef {import("../../types").Tree} Tree */

const op = (/** @type {string} */ text) => m("mo", text);
/** @param {number | null} x */
const shown = x => {
  const text = m("mn", number(x));
  return x !== null && x < 0 ? m("mrow", op("("), text, op(")")) : text;
};
/** @param {string} of @param {string} by */
const ratio = (of, by) => m("mfrac", m("mrow", m("mi", "∂"), nameMath(of)), m("mrow", m("mi", "∂"), nameMath(by)));

/** A tree in symbols. @param {Tree} tree */
const symbols = tree => (typeof tree === "number" ? shown(tree) : expressionOf(tree, nameMath));

/** The same with the numbers of the graph. @param {Tree} tree @param {ChainGraph} graph */
function numbers(tree, graph) {
  const values = new Map(graph.nodes.map(({name, value}) => [name, value]));
  return typeof tree === "number" ? shown(tree) : expressionOf(tree, name => shown(values.get(name) ?? null), true);
}

/** @param {Element[]} parts @param {string} way */
const line = (parts, way) => h("div", {class: "graph-formula", dataset: {way}}, formula(...parts));

/** How the value comes about. @param {ChainGraph} graph @param {number} node */
export function forwardLines(graph, node) {
  const {name, sign, tree, value} = graph.nodes[node];
  if (sign === "variable") return [line([nameMath(name), op("="), m("mn", number(value))], "forward")];
  const written = [symbols(tree), op("="), numbers(tree, graph), op("="), m("mn", number(value))];
  return [line([nameMath(name), op("="), ...written], "forward")];
}

/** How the derivative comes about: per way what arrives times the local derivative, then their sum.
 * @param {ChainGraph} graph @param {number} node */
export function backwardLines(graph, node) {
  const {nodes} = graph;
  const result = nodes[nodes.length - 1].name;
  const {name, derivative} = nodes[node];
  const ways = arriving(graph, node);
  const total = m("mn", number(derivative));
  if (!ways.length) return [line([ratio(result, name), op("="), total], "backward")];
  const locals = ways.map(({to, rule}) => line([ratio(nodes[to].name, name), op("="), symbols(rule)], "local"));
  const factors = ways.flatMap(({to, slope}, k) => [
    ...(k ? [op("+")] : []),
    shown(nodes[to].derivative),
    op("·"),
    shown(slope),
  ]);
  const terms = ways.flatMap(({to}, k) => [
    ...(k ? [op("+")] : []),
    ratio(result, nodes[to].name),
    op("·"),
    ratio(nodes[to].name, name),
  ]);
  return [...locals, line([ratio(result, name), op("="), ...terms, op("="), ...factors, op("="), total], "backward")];
}

/** Rows of the table: name, formula, value, derivative, and the products that it is the sum of.
 * @param {ChainGraph} graph */
export function rowsOf(graph) {
  return graph.nodes.map(({name, sign, tree, value, derivative}, node) => [
    name,
    sign === "variable" ? "" : treeText(tree),
    number(value),
    number(derivative),
    arriving(graph, node)
      .map(({to, slope}) => `${number(graph.nodes[to].derivative)} · ${number(slope)}`)
      .join(" + "),
  ]);
}
