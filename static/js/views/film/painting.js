// @ts-check
/** A panel as it looks, as a picture of the film: on a slide with a line below it that says what it is, or alone. */

import {rasterized} from "../../draw/png.js";
import {snapshot} from "../../draw/snapshot.js";

/** @typedef {import("../../draw/snapshot.js").About} About */
/** @typedef {"slide" | "looks"} Size */
/** @typedef {{svg: string, width: number, height: number}} Picture */
/** @typedef {{left: number, top: number, width: number, height: number}} Place */

export const SLIDE = {width: 1280, height: 720};
/** Of a slide: room around the picture, and letters of the line below it, in pixels. */
const MARGIN = 24;
const LETTERS = 22;
/** A panel as it looks becomes so many pixels across, and at most so many times as large. */
const ACROSS = 1280;
const LARGEST = 2;
/** ms after which a panel that still moves is taken as it is. */
const RESTLESS = 1500;

/** An even number of pixels. @param {number} x */
const even = x => Math.max(2, 2 * Math.round(x / 2));

/** How large the film of a panel is. Pure. @param {Size} size @param {{width: number, height: number}} panel */
export function sizeOf(size, {width, height}) {
  if (size === "slide") return SLIDE;
  const scale = Math.min(LARGEST, ACROSS / width);
  return {width: even(width * scale), height: even(height * scale)};
}

/** Where a picture is put: as large as it can be, in the middle. Pure.
 * @param {Size} size @param {{width: number, height: number}} film @param {{width: number, height: number}} picture
 * @returns {Place} */
export function placeOf(size, film, picture) {
  const [margin, below] = size === "slide" ? [MARGIN, 2 * LETTERS] : [0, 0];
  const room = {width: film.width - 2 * margin, height: film.height - margin - below - margin / 2};
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  if (size === "looks" && width > film.width - 2 && height > film.height - 2)
    return {left: 0, top: 0, width: film.width, height: film.height};
  return {left: (film.width - width) / 2, top: margin + (room.height - height) / 2, width, height};
}

/** Names within a document are new in each. @param {string} svg */
const anonymous = svg => svg.replaceAll(/(clip|box|shade)\d+/g, "$1");

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));

/** A panel once nothing moves on it any more: what is painted in slices, and what is written at a pace, has come.
 * @param {HTMLElement} panel @param {About} about @param {() => boolean} goes whether it is still wanted
 * @returns {Promise<Picture>} */
export async function atRest(panel, about, goes) {
  const until = performance.now() + RESTLESS;
  let before = "";
  for (;;) {
    await nextFrame();
    await nextFrame();
    const picture = snapshot(panel, about);
    const now = anonymous(picture.svg);
    if (now === before || !goes() || performance.now() > until) return picture;
    before = now;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Picture} picture
 * @param {Size} size
 * @param {string} words
 */
export async function paintPicture(ctx, picture, size, words) {
  const {width, height} = ctx.canvas;
  const {left, top, width: across, height: high} = placeOf(size, {width, height}, picture);
  const drawn = await rasterized(picture.svg, Math.round(across), Math.round(high));
  const style = getComputedStyle(document.body);
  ctx.fillStyle = style.backgroundColor;
  ctx.fillRect(0, 0, width, height);
  ctx.drawImage(drawn, left, top, across, high);
  if (size !== "slide") return;
  ctx.fillStyle = style.color;
  ctx.font = `${LETTERS}px ${style.fontFamily}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(words, width / 2, height - 1.1 * LETTERS, width - 2 * MARGIN);
}
