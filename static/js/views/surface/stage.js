// @ts-check
/** What a way of showing the surface must be able to do: the relief in space and the map from above are two of them. */

/** What is painted; the same objects as before mean the same picture.
 * @typedef {object} Scenery
 * @property {import("./field.js").Field} field
 * @property {import("./field.js").Scale} scale
 * @property {boolean} log whether logarithmic heights were asked for
 * @property {Float32Array} heights of the field, 0…1
 * @property {import("../../types").Theme} theme
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {[string, string]} names of the axes
 */

/** @typedef {object} Stage
 * @property {(sheet: import("../../draw/plot.js").Sheet, scenery: Scenery, moving: boolean) => void} paint coarser
 * while a hand moves it
 * @property {(a: number, b: number, out: Float32Array) => void} place where a point of the plane is seen: x and y in
 * CSS pixels, and 1
 *   when something hides it, else 0; NaN outside the window and in holes
 * @property {(a: number, b: number, loss: number, out: Float32Array) => void} lift where that loss would be seen above
 * the point
 * @property {(x: number, y: number) => {alpha: number, beta: number} | null} pick the point of the plane under a pixel
 * @property {(da: number, db: number) => [number, number]} vector how long a way along the axes is on the sheet, where
 * that is the same everywhere
 * @property {(dx: number, dy: number) => void} drag
 * @property {(factor: number, x: number, y: number) => void} zoom
 * @property {() => void} reset
 * @property {boolean} flat whether it is seen from above
 */

export {};
