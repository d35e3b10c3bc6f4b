// @ts-check
/** Pointer and keys on the picture of a map, as intentions. */

import {keyCursor} from "../shared/key_cursor.js";

/** A point of the picture, in shares 0…1 from its lower left corner. @typedef {{x: number, y: number}} Point */
/**
 * @typedef {object} Intentions
 * @property {(at: Point) => void} look
 * @property {(at: Point) => void} watch
 * @property {(from: Point, to: Point) => void} frame the box that is being drawn
 * @property {(from: Point, to: Point) => void} zoom
 * @property {(dx: number, dy: number) => void} move the cursor, in pixels of the map
 * @property {() => string} said what the cursor's pixel is
 * @property {import("../shared/key_cursor.js").Voice} voice
 * @property {() => void} enter
 * @property {() => void} closer
 * @property {() => void} wider
 * @property {() => void} back
 */

/** Shares of a side below which a drag is a click. */
const STILL = 0.02;
/** Pixels of the map that an arrow key goes with Shift. */
const FAR = 8;

/** @param {HTMLElement} picture @param {Intentions} to */
export function listen(picture, to) {
  /** @type {Point | null} */
  let from = null;
  picture.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    from = pointOf(picture, event);
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", event => {
    const at = pointOf(picture, event);
    to.look(at);
    if (from) to.frame(from, squared(from, at));
  });
  picture.addEventListener("pointerup", event => {
    if (!from) return;
    const end = squared(from, pointOf(picture, event));
    const begin = from;
    from = null;
    to.frame(begin, begin);
    if (Math.abs(end.x - begin.x) < STILL) to.watch(begin);
    else to.zoom(begin, end);
  });
  picture.addEventListener("pointercancel", () => {
    if (from) to.frame(from, from);
    from = null;
  });
  listenToKeys(picture, to);
}

/** @param {HTMLElement} picture @param {Intentions} to */
function listenToKeys(picture, {voice, move, said, enter, closer, wider, back}) {
  keyCursor(picture, "maps", voice, {
    move: (dx, dy, shift) => move(dx * (shift ? FAR : 1), dy * (shift ? FAR : 1)),
    said,
    leave: () => {},
    keys: {Enter: enter, "+": closer, "=": closer, "-": wider, Backspace: back},
  });
}

/** @param {HTMLElement} picture @param {PointerEvent} event @returns {Point} */
function pointOf(picture, event) {
  const {left, top, width, height} = picture.getBoundingClientRect();
  const share = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return {x: share((event.clientX - left) / width), y: share(1 - (event.clientY - top) / height)};
}

/** The corner of a square that a drag means: as wide as high, within the picture.
 * @param {Point} from @param {Point} to */
function squared(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const room = (/** @type {number} */ at, /** @type {number} */ d) => (d < 0 ? at : 1 - at);
  const side = Math.min(Math.max(Math.abs(dx), Math.abs(dy)), room(from.x, dx), room(from.y, dy));
  return {x: from.x + Math.sign(dx || 1) * side, y: from.y + Math.sign(dy || 1) * side};
}
