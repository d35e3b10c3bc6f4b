// @ts-check
/** How large an activation has to be for its full colour, layer by layer. */

import {isBounded} from "../../maths/activations.js";
import {steadyScale} from "../shared/scale.js";

/** The largest input of any sample. @param {import("../../types").Data} data */
const farthest = data => data.X.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);

/**
 * 1 for bounded activations, else a scale that follows the largest.
 * @param {import("../../types").Layout} layout
 * @param {import("../../types").Data} data
 * @param {string | null} [entering] activation of the first column, where it is not the input
 * @returns {(layer: number, A: Float32Array) => number}
 */
export function createRanges(layout, data, entering = null) {
  const {sizes, activations, residual, units} = layout;
  const scales = sizes.map(() => steadyScale(0.1));
  const far = farthest(data);
  return (l, A) => {
    const name = l ? activations[l - 1] : entering;
    if (!name) return far;
    if (isBounded(name, layout) && !residual[l - 1]) return 1;
    const {offset, size} = units[l];
    let most = 0;
    for (let u = offset; u < offset + size; u++) most = Math.max(most, Math.abs(A[u]));
    return scales[l].follow(most);
  };
}
