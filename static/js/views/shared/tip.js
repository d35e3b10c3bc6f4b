// @ts-check
/** Words beside the pointer over a picture. */

/** px between the pointer and the words on its right and on its left, and between the words and the picture's edges. */
const RIGHT = 14;
const LEFT = 12;
const EDGE = 2;

/**
 * Put what is written already beside the pointer: on the other side where it would leave the picture.
 * @param {HTMLElement} tip
 * @param {{x: number, y: number}} pointer
 * @param {{width: number, height: number}} picture
 */
export function placeTip(tip, pointer, {width, height}) {
  const x = pointer.x + RIGHT + tip.offsetWidth > width ? pointer.x - LEFT - tip.offsetWidth : pointer.x + RIGHT;
  const y = Math.min(height - tip.offsetHeight - EDGE, pointer.y - tip.offsetHeight / 2);
  tip.style.transform = `translate(${Math.round(Math.max(EDGE, x))}px, ${Math.round(Math.max(EDGE, y))}px)`;
}

/** The words beside the pointer, in a line; "" while there are none. @param {HTMLElement} tip */
export const saidBy = tip => (tip.hidden ? "" : (tip.textContent ?? "").trim().replaceAll("\n", ", "));

/**
 * Put a cross and the numbers beside it at a place along a chart: on the left where they would leave the picture.
 * @param {HTMLElement} tip what is written already
 * @param {HTMLElement} cross
 * @param {number} x px
 * @param {number} width of the picture, px
 */
export function placeAlong(tip, cross, x, width) {
  const left = x + 10 > width - tip.offsetWidth - 4 ? Math.max(2, x - tip.offsetWidth - 8) : x + 10;
  cross.style.transform = `translateX(${Math.round(x)}px)`;
  tip.style.transform = `translate(${Math.round(left)}px, 4px)`;
}
