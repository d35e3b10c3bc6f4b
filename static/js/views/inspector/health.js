// @ts-check
/** How a neuron fares: saturated, dead, inactive or responsive, in words. */

import {percent} from "../../draw/format.js";

/**
 * @param {import("../../types").Inspection} of
 * @param {number} slope at the sample that is shown
 * @param {boolean} one whether one sample is shown
 * @param {import("../../types").ViewContext["t"]} t
 * @returns {{kind: "saturated" | "dead" | "alive" | null, words: string}} null where nothing is known
 */
export function healthOf({health}, slope, one, t) {
  if (!health) return {kind: null, words: ""};
  const {bounded, kind, flat, flat_below, dead, samples, steepest} = health;
  const share = percent(Math.abs(slope) / steepest);
  const many = percent(flat);
  if (kind === "dead") return {kind, words: t("inspector.dead", {n: samples})};
  if (!bounded)
    return {
      kind,
      words: t(
        one && slope === 0 ? "inspector.inactive_here" : dead > 0 ? "inspector.active" : "inspector.active_all",
        {many: percent(dead), n: samples},
      ),
    };
  if (one && Math.abs(slope) < flat_below * steepest)
    return {kind, words: t("inspector.saturated_here", {share, many})};
  return {
    kind,
    words: t(
      kind === "saturated" ? "inspector.saturated" : flat > 0 ? "inspector.responsive" : "inspector.responsive_all",
      {
        many,
        n: samples,
      },
    ),
  };
}
