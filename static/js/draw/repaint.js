// @ts-check
/** Who paints a canvas: called anew, it paints the same once more, for those who listen to it. */

/** @type {WeakMap<HTMLCanvasElement, () => void>} */
const painters = new WeakMap();

/** @param {HTMLCanvasElement} canvas @param {() => void} paint paints all of it at once */
export const paintedBy = (canvas, paint) => painters.set(canvas, paint);

/** @param {HTMLCanvasElement} canvas */
export const painterOf = canvas => painters.get(canvas);
