// @ts-check
/** Where the card stands: beside what it speaks of, inside what is seen of the drawing; pure geometry. */

/** @typedef {[number, number]} Spot left and top */
/**
 * What is seen of the drawing; where it is narrow the card stands at its foot or its head.
 * @typedef {{left: number, right: number, bottom: number, narrow: boolean}} Seen
 */

/** px that stay free above and below the card, and between it and what it speaks of. */
const RIM = 3;
const BESIDE = 8;
const OVER = 6;

/**
 * @param {{width: number, height: number}} size of the card
 * @param {Seen} seen
 * @param {"neuron" | "weight"} kind a weight's card stands rather over or under it
 * @param {number[]} covered what the card must not cover: left, top, right, bottom
 * @returns {Spot} in whole px
 */
export function spotFor(size, seen, kind, covered) {
  const most = seen.right - size.width;
  const low = seen.bottom - size.height - RIM;
  const x = (covered[0] + covered[2] - size.width) / 2;
  const y = (covered[1] + covered[3] - size.height) / 2;
  const over = spotsOver(size, seen.narrow, covered, x, low);
  const beside = spotsBeside(size, seen.left, most, covered, y);
  const order = seen.narrow ? over : kind === "weight" ? [...over, ...beside] : [...beside, ...over];
  /** @type {Spot} */
  const corner = [seen.narrow ? x : most, y > low / 2 ? RIM : low];
  const [left, top] = order.find(({fits}) => fits)?.spot ?? corner;
  return [Math.round(Math.max(seen.left, Math.min(most, left))), Math.round(Math.max(RIM, Math.min(low, top)))];
}

/**
 * To the right and to the left.
 * @param {{width: number}} size
 * @param {number} least
 * @param {number} most left side of the card
 * @param {number[]} covered
 * @param {number} y
 * @returns {{fits: boolean, spot: Spot}[]}
 */
function spotsBeside({width}, least, most, [left, , right], y) {
  return [
    {fits: right + BESIDE <= most, spot: [right + BESIDE, y]},
    {fits: left - BESIDE - width >= least, spot: [left - BESIDE - width, y]},
  ];
}

/**
 * Below and above, or at the foot and at the head.
 * @param {{height: number}} size
 * @param {boolean} narrow
 * @param {number[]} covered
 * @param {number} x
 * @param {number} low the lowest top of the card
 * @returns {{fits: boolean, spot: Spot}[]}
 */
function spotsOver({height}, narrow, [, top, , bottom], x, low) {
  const below = bottom + OVER;
  const above = top - OVER - height;
  return [
    {fits: below <= low, spot: [x, narrow ? low : below]},
    {fits: above >= RIM, spot: [x, narrow ? RIM : above]},
  ];
}
