// @ts-check
/** A sample that is a picture, drawn as one: in the diagram, beside the output, and under the pen. */

/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Theme} Theme */

/** The picture of a sample. @param {Document} document @param {Data} data @param {Theme} theme */
export function sampleImage(document, data, theme) {
  const [height, width] = data.image ?? [1, 1];
  const canvas = document.createElement("canvas");
  const most = data.X.reduce((a, b) => Math.max(a, b), 1e-9);
  canvas.width = width;
  canvas.height = height;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ctx.createImageData(width, height);
  const dark = theme === "dark";
  let shown = -1;
  return {
    /**
     * @param {CanvasRenderingContext2D} target
     * @param {number} row
     * @param {number} x
     * @param {number} y
     * @param {number} side
     * @param {Float32Array} [pixels] of a picture that is no sample; its row is −1 */
    draw(target, row, x, y, side, pixels = data.X.subarray(row * data.inputs, (row + 1) * data.inputs)) {
      if (row !== shown || row < 0) {
        shown = row;
        for (let i = 0; i < width * height; i++) {
          const share = pixels[i] / most;
          const grey = Math.round(dark ? 24 + 220 * share : 255 - 235 * share);
          image.data.set([grey, grey, dark ? grey + 8 : grey, 255], 4 * i);
        }
        ctx.putImageData(image, 0, 0);
      }
      target.imageSmoothingEnabled = false;
      target.drawImage(canvas, x, y, side, side);
    },
  };
}
