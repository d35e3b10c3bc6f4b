// @ts-check
/**
 * The words of a lesson as elements: exactly those that the server names, each made by hand. See
 * server/lessons/nodes.py.
 */

import {h} from "../../draw/dom.js";

/** @typedef {string | [string, Record<string, any>, ...any[]]} Node */
/** @typedef {{text: string, file: string, line: number}} Expression */
/**
 * A place in the words at which a number of the run stands. @typedef {{element: HTMLElement, expression:
 * Expression}} Live
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";
const WORDS = new Set(
  ["p", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "br"].concat([
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
  ]),
);

/**
 * @param {Node[]} nodes
 * @param {Live[]} lives takes the places of live numbers
 * @returns {(Element | string)[]}
 */
export const elementsOf = (nodes, lives) => nodes.map(node => elementOf(node, lives));

/** @param {Node} node @param {Live[]} lives @returns {Element | string} */
function elementOf(node, lives) {
  if (typeof node === "string") return node;
  const [tag, attributes, ...children] = node;
  if (tag === "live") {
    const element = h("output", {class: "lesson-live"});
    lives.push({element, expression: /** @type {Expression} */ (attributes)});
    return element;
  }
  const made = elementsOf(children, lives);
  if (tag === "graph") {
    const data = {role: "lesson-graph", graph: attributes.text};
    return h("button", {type: "button", class: "lesson-graph", dataset: data}, ...made);
  }
  if (tag === "a") return h("a", {href: attributes.href, target: "_blank", rel: "noopener noreferrer"}, ...made);
  if (WORDS.has(tag)) return h(/** @type {keyof HTMLElementTagNameMap} */ (tag), {}, ...made);
  return mathOf(tag, attributes, made);
}

/** @param {string} tag @param {Record<string, string>} attributes @param {(Element | string)[]} children */
function mathOf(tag, attributes, children) {
  const element = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  if (attributes.display !== "block") return element;
  return h("div", {class: "lesson-formula", tabindex: "0", role: "group"}, element);
}
