// @ts-check
/** The chain rule's tree as it is shown: its outline, its values by their places, and which terms of a sum. Pure. */

/** @typedef {import("../../types").ChainNode} ChainNode */

/** Terms of a sum that are shown one by one; of longer sums the largest. */
const MOST_TERMS = 8;

/** Names and places of all nodes, without their numbers. @param {ChainNode} node @returns {string} */
export function outline(node) {
  return `${node.n} ${node.at} ${node.c ?? ""}${node.k ? `[${node.k.map(outline).join()}]` : ""}`;
}

/** A batch has the form of its first sample, as often as there are samples told one by one. @param {ChainNode} tree */
export function batchOutline(tree) {
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

/** Which terms of a sum are shown, in their order, and which are summed up; a skip is always shown.
 * @param {ChainNode[]} terms @returns {{shown: number[], rest: number[]}} */
export function termsShown(terms) {
  const all = terms.map((_, k) => k);
  if (terms.length <= MOST_TERMS + 1) return {shown: all, rest: []};
  const size = (/** @type {number} */ k) => Math.abs(terms[k].v ?? 0);
  const shown = [...all]
    .sort((a, b) => size(b) - size(a))
    .filter((k, place) => place < MOST_TERMS || terms[k].n === "skip")
    .sort((a, b) => a - b);
  return {shown, rest: all.filter(k => !shown.includes(k))};
}

/** The words for what a sum runs over, and how many terms it has. @param {ChainNode} node @param {number} last layer */
export function sumWords({n, at, k: terms = []}, last) {
  const skip = terms.at(-1)?.n === "skip";
  const count = terms.length - (skip ? 1 : 0);
  if (n === "z") return {key: "inspector.sum_terms", count};
  if (n === "dC_da") return {key: skip ? "inspector.sum_paths_skip" : "inspector.sum_paths", count};
  return {key: at[0] === last ? "inspector.sum_outputs" : "inspector.sum_normalized", count};
}
