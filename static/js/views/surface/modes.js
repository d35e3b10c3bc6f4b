// @ts-check
/** Ways to look at the loss: on a plane, from the side and from above, and along a line. */

/** @typedef {import("../../types").State["view"]["surface"]} Mode */

export const MODES = /** @type {const} */ (["3d", "contour", "cut", "sharpness"]);

/** Whether it is a picture of the plane. @param {Mode} mode @returns {mode is "3d" | "contour"} */
export const onPlane = mode => mode === "3d" || mode === "contour";
