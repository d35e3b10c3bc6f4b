// @ts-check
/** What a phase's formulas and table speak of, and where its numbers stand in the arrays of a step. Pure. */

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/**
 * A neuron of a sample in a step; in the update a parameter.
 * @typedef {object} Subject
 * @property {Microscope} step
 * @property {Layout} layout
 * @property {ArrayLike<number>} y targets of the sample
 * @property {number} [huber_delta]
 * @property {number} layer
 * @property {number} index
 * @property {number} parameter its place in P
 */

/**
 * Where the numbers of neuron (layer, index) stand.
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} index
 */
export const at = ({units}, layer, index) => units[layer].offset + index;

/** @param {Layout} layout @param {number} layer @param {number} from @param {number} to */
export const weightAt = ({blocks}, layer, from, to) => blocks[layer - 1].offset + from * blocks[layer - 1].cols + to;

/** Whether the neurons of a layer have a bias that training moves. @param {Layout} layout @param {number} layer */
export const hasBias = ({sizes, blocks}, layer) =>
  blocks[layer - 1].rows > sizes[layer - 1] && !blocks[layer - 1].fixed;

/** What a neuron passes on: behind the mask of dropout and the skip. @param {Microscope} step @param {number} u */
export const passedOn = ({sample: {A, H}}, u) => (H ?? A)[u];

/** Whether neurons of a layer drop out in the step. @param {Microscope} step @param {Layout} layout
 * @param {number} layer */
export const dropsOut = ({dropout}, {sizes}, layer) => dropout > 0 && layer < sizes.length - 1;

/** What layer − 1 passes on to a layer. @param {Subject} subject @param {number} k */
export const incoming = ({step, layout, layer}, k) => passedOn(step, at(layout, layer - 1, k));
