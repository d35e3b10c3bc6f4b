// @ts-check
/**
 * Gradients of the lanes beside the one in focus: in each layer a bar for ‖δ‖ and an open one for ‖∂W‖, in the lane's
 * colour.
 */

import {exponent} from "../../draw/format.js";
import {colourOf, letterOf} from "../../model/lanes.js";
import {standing} from "../shared/gradient_scale.js";

/** @typedef {{id: number, colour: string, delta: Float32Array, gradient: Float32Array}} Other */

/** Room that a lane's mark takes, in pixels. */
export const SLOT = 7;

/**
 * Lanes that have as many layers as the one in focus, with their norms.
 * @param {Pick<import("../../types").State, "lanes" | "lane">} state
 * @param {import("../../draw/plot.js").Palette} palette @param {number} layers @returns {Other[]} */
export function othersOf({lanes, lane}, palette, layers) {
  const others = [];
  for (const {id, norms} of lanes)
    if (id !== lane && norms?.delta.length === layers) others.push({id, colour: colourOf(palette, id), ...norms});
  return others;
}

/** A mark lies across the scale at its value: full for ‖δ‖, open for ‖∂W‖; a value that is no number has none.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {Other[]} others
 * @param {number} k layer
 * @param {import("../shared/gradient_scale.js").Axis} axis
 * @param {(share: number, slot: number) => [number, number, boolean]} place middle of a mark, and whether it stands
 * upright
 */
export function paintOthers(ctx, palette, others, k, axis, place) {
  const long = 2.6 * Math.sqrt(palette.stroke);
  const thick = 1.5 * Math.sqrt(palette.stroke);
  others.forEach(({colour, delta, gradient}, slot) => {
    for (const [norm, full] of /** @type {[number, boolean][]} */ ([
      [gradient[k], false],
      [delta[k], true],
    ])) {
      if (!(norm >= 0 && norm < Infinity)) continue;
      const [x, y, upright] = place(standing(axis, norm), slot);
      const [w, h] = upright ? [thick, long * 1.6] : [long, thick];
      ctx.beginPath();
      ctx.rect(x - w, y - h, 2 * w, 2 * h);
      ctx.fillStyle = full ? colour : palette.panel;
      ctx.fill();
      ctx.strokeStyle = full ? palette.panel : colour;
      ctx.lineWidth = full ? 0.8 : 1.1 * Math.sqrt(palette.stroke);
      ctx.stroke();
    }
  });
}

/**
 * A line of the readout for each.
 * @param {Other[]} others
 * @param {number} k
 * @param {import("../../types").ViewContext["t"]} t
 */
export const sayOthers = (others, k, t) =>
  others
    .map(
      ({id, delta, gradient}) =>
        `\n${t("gradients.lane_tip", {lane: letterOf(id), delta: exponent(delta[k], 3), gradient: exponent(gradient[k], 3)})}`,
    )
    .join("");
