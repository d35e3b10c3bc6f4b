// @ts-check
/**
 * Words on moving canvases, painted once and kept as pictures: to set a canvas's font makes the browser settle the
 * page's styles.
 */

/**
 * @typedef {{font: string, size: number, colour: string, rim?: string, centred?: boolean}} Lettering `font` as in CSS,
 * `size` in px
 */
/** @typedef {{canvas: OffscreenCanvas, width: number, height: number}} Picture */

const MOST = 300;
const RIM = 3;
/** Smaller letters cannot be read, px. */
const LEAST = 8;

/** @type {Map<string, Picture>} */
const pictures = new Map();
/**
 * What each picture says, for those who write it down: its margin, and how far its base line lies below its middle.
 * @type {WeakMap<object, {text: string, look: Lettering, inset: number, rise: number}>}
 */
const words = new WeakMap();

/** What a picture of letters says; undefined for any other. @param {object} canvas */
export const lettered = canvas => words.get(canvas);

/** Write `text` with its middle at height `y`, from `x` on or centred about it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Lettering} look
 */
export function letter(ctx, text, x, y, look) {
  const ratio = ctx.getTransform().a;
  const key = [text, ratio, look.font, look.colour, look.rim].join("|");
  let picture = pictures.get(key);
  if (!picture) {
    if (pictures.size >= MOST) pictures.clear();
    pictures.set(key, (picture = painted(text, ratio, look)));
  }
  const left = look.centred ? x - picture.width / 2 : x - RIM;
  const snap = (/** @type {number} */ v) => Math.round(v * ratio) / ratio;
  ctx.drawImage(picture.canvas, snap(left), snap(y - picture.height / 2), picture.width, picture.height);
}

/** The size of letters below which a name loses letters rather than more of its size, px; larger where pictures are
 * seen from afar. @param {{least: number}} type */
export const leastOfName = ({least}) => Math.max(LEAST, least);

/** As many letters as have room, then an ellipsis.
 * @param {CanvasRenderingContext2D} ctx with its font set
 * @param {string} text
 * @param {number} width px
 */
export function shortened(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let letters = text.length - 1;
  while (letters > 1 && ctx.measureText(`${text.slice(0, letters).trimEnd()}…`).width > width) letters--;
  return `${text.slice(0, letters).trimEnd()}…`;
}

/** @param {string} text @param {number} ratio @param {Lettering} look @returns {Picture} */
function painted(text, ratio, look) {
  const {font, size, colour, rim} = look;
  const canvas = new OffscreenCanvas(1, 1);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.font = font;
  canvas.width = Math.ceil((pen.measureText(text).width + 2 * RIM) * ratio);
  canvas.height = Math.ceil((1.5 * size + 2 * RIM) * ratio);
  pen.scale(ratio, ratio);
  pen.font = font;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  const width = canvas.width / ratio;
  const height = canvas.height / ratio;
  if (rim) {
    pen.lineWidth = RIM;
    pen.strokeStyle = rim;
    pen.globalAlpha = 0.7;
    pen.strokeText(text, RIM, height / 2);
    pen.globalAlpha = 1;
  }
  pen.fillStyle = colour;
  pen.fillText(text, RIM, height / 2);
  const above = pen.measureText("x").fontBoundingBoxAscent;
  pen.textBaseline = "alphabetic";
  words.set(canvas, {text, look, inset: RIM, rise: pen.measureText("x").fontBoundingBoxAscent - above});
  return {canvas, width, height};
}
