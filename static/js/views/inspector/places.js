// @ts-check
/** Where a node of the chain rule lies in the diagram, and what it is called. Pure. */

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").ChainNode} ChainNode */

/** What flows backward through the net; all else is known from the forward pass. */
const BACKWARD = new Set([
  "dC_dw",
  "dC_db",
  "dC_dgamma",
  "dC_dbeta",
  "dC_dz",
  "dC_da",
  "dC_du",
  "path",
  "skip",
  "sample",
]);

/** @param {{n: string}} node @returns {"forward" | "backward"} */
export const flowOf = node => (BACKWARD.has(node.n) ? "backward" : "forward");

/** @typedef {(at: number[], sizes: number[]) => Pick[]} Picks made of a layer, a neuron i and another one k */

/** @type {Picks} */
const neuron = ([layer, i]) => [{kind: "neuron", layer, index: i}];
/** @type {Picks} */
const weight = ([layer, i, k]) => [{kind: "weight", layer, from: k, to: i}];
/** @type {Picks} */
const bias = ([layer, i], sizes) => [{kind: "weight", layer, from: sizes[layer - 1], to: i}];
/** @type {Picks} */
const twoNeurons = ([layer, i, k]) => [
  {kind: "neuron", layer, index: i},
  {kind: "neuron", layer, index: k},
];

/** What nodes speak of, by their names. @type {Record<string, Picks>} */
const SPOKEN_OF = {
  dC_dw: weight,
  dz_da: weight,
  w: weight,
  term: weight,
  dC_db: bias,
  b: bias,
  da_da: ([layer, i]) => [
    {kind: "neuron", layer, index: i},
    {kind: "neuron", layer: layer - 1, index: i},
  ],
  du_dz: twoNeurons,
  output: twoNeurons,
  path: (at, sizes) => [...neuron(at, sizes), ...weight(at, sizes)],
};
for (const name of ["dC_da", "dC_dz", "dC_du", "da_dz", "da_du", "slope", "mask", "a", "z", "dz_dw", "skip"])
  SPOKEN_OF[name] = neuron;
for (const name of ["dC_dgamma", "dC_dbeta", "du_dgamma"]) SPOKEN_OF[name] = neuron;

/**
 * The neurons and weights that a node speaks of.
 * @param {{n: string, at: number[]}} node
 * @param {number[]} sizes neurons per layer
 * @returns {Pick[]}
 */
export const picksOf = ({n, at}, sizes) => SPOKEN_OF[n]?.(at, sizes) ?? [];

/**
 * Whether what the pointer is on in the diagram is what a node speaks of.
 * @param {Pick | null} pick
 * @param {Pick[]} picks
 */
export function isAmong(pick, picks) {
  if (!pick) return false;
  return picks.some(other =>
    other.kind === "neuron"
      ? pick.kind === "neuron" && pick.layer === other.layer && pick.index === other.index
      : pick.kind === "weight" && pick.layer === other.layer && pick.from === other.from && pick.to === other.to,
  );
}

/** What the server is asked about. @param {Pick} pick */
export function targetOf(pick) {
  if (pick.kind === "neuron") return {layer: pick.layer, to: pick.index, ...(pick.of && {from: pick.of})};
  return {layer: pick.layer, to: pick.to, from: pick.from};
}

/** @param {Pick} pick @param {string} over */
export function keyOf(pick, over) {
  return pick.kind === "neuron"
    ? `${pick.of ?? "n"} ${pick.layer} ${pick.index} ${over}`
    : `w ${pick.layer} ${pick.from} ${pick.to} ${over}`;
}

/**
 * The history with one more point; a step that is not later than the last is not added. When it is full, its older half
 * is thinned.
 * @param {{steps: number[], values: number[]}} history changed in place
 * @param {number} step
 * @param {number} value
 * @param {number} [most]
 */
export function addPoint(history, step, value, most = 480) {
  const {steps, values} = history;
  if (steps.length && step <= steps[steps.length - 1]) {
    if (step === steps[steps.length - 1]) values[values.length - 1] = value;
    return;
  }
  if (steps.length >= most) {
    const half = steps.length >> 1;
    for (const list of [steps, values]) {
      const kept = list.filter((_, k) => k >= half || k % 2 === 0);
      list.length = 0;
      list.push(...kept);
    }
  }
  steps.push(step);
  values.push(value);
}

/**
 * The window of z in which an activation is drawn: wide enough for `z`, and steady.
 * @param {number} z
 * @returns {[number, number]}
 */
export function windowOf(z) {
  let half = 4;
  while (Number.isFinite(z) && Math.abs(z) > 0.94 * half && half < 1e8) half *= 2;
  return [-half, half];
}
