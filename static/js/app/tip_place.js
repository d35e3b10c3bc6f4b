// @ts-check
/** Where the card of explanations stands: at what it explains, inside the window. */

/** px: the card keeps away from its place and from the window's edges. */
export const GAP = 6;
const EDGE = 4;
/** A place higher than this is too large to stand below: the card stands at the pointer. */
const LARGE = 64;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * Where the card stands: below its place, above it where there is no room, inside the window.
 * @param {Box} place
 * @param {{width: number, height: number}} card
 * @param {{width: number, height: number}} view
 */
export function spotOf(place, card, view) {
  const below = place.bottom + GAP;
  const above = place.top - GAP - card.height;
  const y = below + card.height + EDGE <= view.height || above < EDGE ? below : above;
  const x = (place.left + place.right - card.width) / 2;
  return {
    x: Math.round(Math.max(EDGE, Math.min(view.width - card.width - EDGE, x))),
    y: Math.round(Math.max(EDGE, Math.min(view.height - card.height - EDGE, y))),
  };
}

/** @param {{x: number, y: number}} point @returns {Box} */
export const around = ({x, y}) => ({left: x, right: x, top: y - GAP, bottom: y + GAP});

/** Where the card points: the element, or a point where that is too large. @param {Element} of @param {Box} point */
export function placeOf(of, point) {
  return () => {
    const box = of.getBoundingClientRect();
    return box.height > LARGE ? point : box;
  };
}
