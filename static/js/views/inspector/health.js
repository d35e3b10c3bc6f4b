// @ts-check
/** How a neuron fares: saturated, dead, inactive or responsive, in words. */

import {percent} from "../../draw/format.js";

/** Below this part of the largest slope a bounded activation is called saturated. */
const SATURATED = 0.1;

/**
 * @param {import("../../types").Inspection} of
 * @param {number} slope at the sample that is shown
 * @param {boolean} one whether one sample is shown
 * @param {import("../../types").ViewContext["t"]} t
 * @returns {{kind: "saturated" | "dead" | "alive" | null, words: string}} null where nothing is known
 */
export function healthOf({health}, slope, one, t) {
  if (!health) return {kind: null, words: ""};
  const {bounded, flat, dead, samples, steepest} = health;
  const share = percent(Math.abs(slope) / steepest);
  const many = percent(flat);
  if (!bounded && dead === 1) return {kind: "dead", words: t("inspector.dead", {n: samples})};
  if (!bounded)
    return {
      kind: "alive",
      words: t(
        one && slope === 0 ? "inspector.inactive_here" : dead > 0 ? "inspector.active" : "inspector.active_all",
        {many: percent(dead), n: samples},
      ),
    };
  const kind = flat > 0.5 ? "saturated" : "alive";
  if (one && Math.abs(slope) < SATURATED * steepest) return {kind, words: t("inspector.saturated_here", {share, many})};
  return {
    kind,
    words: t(flat > 0.5 ? "inspector.saturated" : flat > 0 ? "inspector.responsive" : "inspector.responsive_all", {
      many,
      n: samples,
    }),
  };
}
