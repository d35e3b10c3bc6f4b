// @ts-check
/** Canvases whose pixels are written as numbers, little-endian RGBA. */

/** @param {Document} document @param {number} width @param {number} height */
export function pixelSheet(document, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ctx.createImageData(width, height);
  return {canvas, pixels: new Uint32Array(image.data.buffer), put: () => ctx.putImageData(image, 0, 0)};
}

/** A CSS colour as a pixel without opacity. @param {Document} document @param {string} colour */
export function pixelOf(document, colour) {
  const {canvas} = pixelSheet(document, 1, 1);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b] = ctx.getImageData(0, 0, 1, 1).data;
  return (b << 16) | (g << 8) | r;
}
