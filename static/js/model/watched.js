// @ts-check
/** The layers of a watched run as the page knows those of its own: what a watched run does not tell is empty. Pure. */

/**
 * @param {number} id
 * @param {import("../types").Watched["layout"]} told
 * @returns {import("../types").Layout | null} null until a step was looked at
 */
export function layoutOf(id, {sizes, activations = [], normalization = [], leaky_slope = 0.01}) {
  if (!sizes) return null;
  return {
    id,
    sizes,
    activations,
    normalization,
    residual: activations.map(() => false),
    bias: true,
    leaky_slope,
    loss: "",
    formulas: {activations: {}, loss: null},
    landscape: null,
    parameters: 0,
    blocks: [],
    units: [],
  };
}

/** What there is to say of a watched run as a whole.
 * @param {Pick<import("../types").WatchedState, "watched" | "connection">} state
 * @returns {"waiting" | "running" | "ended" | "gone" | "read"} */
export function standingOf({watched, connection}) {
  if (watched?.events) return "read";
  if (watched?.ended) return "ended";
  if (connection === "lost" && watched) return "gone";
  return watched?.step ? "running" : "waiting";
}
