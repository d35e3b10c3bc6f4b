// @ts-check
/** What the inspector shows, and where in θ and on the activation it stands. Pure. */

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Inspection} Inspection */
/** @typedef {{z: number, a: number, slope: number}} Point of an activation */

/** @typedef {object} Scene
 * @property {import("../../types").State} state
 * @property {Layout} layout
 * @property {Pick} pick
 * @property {Inspection} found
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {"sample" | "batch"} over what was asked for
 * @property {boolean} batch whether what was found is of a batch */

/** Whether a pick is a number that training changes, and not a neuron. @param {Pick} pick */
export const isParameter = pick => pick.kind === "weight" || pick.of !== undefined;

/**
 * The parameter whose value is shown: the pick itself, or a neuron's bias.
 * @param {Pick} pick
 * @param {Inspection} found
 * @param {Layout} layout
 * @returns {{index: number, parameter: Pick}} place in θ, −1 where there is none
 */
export function parameterOf(pick, {index = -1}, {sizes, blocks}) {
  if (pick.kind === "weight" || pick.of) return {index, parameter: pick};
  const {offset, rows, cols, fixed} = blocks[pick.layer - 1];
  const inputs = sizes[pick.layer - 1];
  const bias = rows > inputs && !fixed;
  return {
    index: bias ? offset + inputs * cols + pick.index : -1,
    parameter: {kind: "weight", layer: pick.layer, from: inputs, to: pick.index},
  };
}

/** Where a neuron stands on its activation: with the sample, or with each of the batch. @param {Inspection} found
 * @returns {Point[]} */
export function pointsOf({over, batch, input, f, a, slope}) {
  if (over !== "batch" || !batch) return [{z: input ?? NaN, a: f ?? a ?? NaN, slope: slope ?? NaN}];
  const made = batch.f ?? batch.a;
  return batch.input.map((z, k) => ({z: z ?? NaN, a: made[k] ?? NaN, slope: batch.slope[k] ?? NaN}));
}

/** A normalized neuron by itself, its scale γ and its shift β, each with a chain rule of its own; else nothing.
 * @param {Pick} pick @param {Layout} layout @returns {Pick[]} */
export function partsOf(pick, {blocks}) {
  if (pick.kind !== "neuron" || blocks[pick.layer - 1]?.gamma == null) return [];
  const {kind, layer, index} = pick;
  return [
    {kind, layer, index},
    {kind, layer, index, of: "gamma"},
    {kind, layer, index, of: "beta"},
  ];
}
