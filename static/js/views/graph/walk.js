// @ts-check
/** One node at a time: forward through all that is computed, then backward through all nodes. Pure. */

/** @typedef {import("../../types").ChainGraph} ChainGraph */
/** @typedef {{node: number, way: "forward" | "backward"}} Step */

/** @param {ChainGraph} graph @returns {Step[]} */
export function stepsOf({nodes}) {
  const order = nodes.map((_, node) => node);
  return [
    ...order
      .filter(node => nodes[node].sign !== "variable")
      .map(node => ({node, way: /** @type {const} */ ("forward")})),
    ...order.reverse().map(node => ({node, way: /** @type {const} */ ("backward")})),
  ];
}

/** What is known after so many steps: values, and derivatives. @param {ChainGraph} graph @param {number} taken */
export function knownAfter(graph, taken) {
  const values = new Set(graph.nodes.flatMap(({sign}, node) => (sign === "variable" ? [node] : [])));
  const derivatives = new Set();
  for (const {node, way} of stepsOf(graph).slice(0, taken)) (way === "forward" ? values : derivatives).add(node);
  return {values, derivatives};
}

/** The edges through which a derivative arrives at a node. @param {ChainGraph} graph @param {number} node */
export const arriving = ({edges}, node) => edges.filter(({from}) => from === node);

/**
 * What a slider of a variable reaches: around where it began.
 * @param {number} value
 */
export function rangeOf(value) {
  const reach = Math.max(2, 2 * Math.abs(value));
  return {min: -reach, max: reach, step: reach / 200};
}
