// @ts-check
/** Which hint comes next. Pure. */

/** What somebody has done by now. @typedef {{play: boolean, rate: boolean, look: boolean}} Done */

const NETWORK = /** @type {const} */ (["play", "rate", "look"]);
const FUNCTION = /** @type {const} */ (["play", "rate"]);

/** @param {string} text names with spaces between; others than these are passed over @returns {Done} */
export function doneBy(text) {
  const names = text.split(" ");
  return {play: names.includes("play"), rate: names.includes("rate"), look: names.includes("look")};
}

/** What `doneBy` reads. @param {Done} done */
export const written = done => NETWORK.filter(name => done[name]).join(" ");

/**
 * The first thing that was not done yet.
 * @param {Done} done
 * @param {boolean} landscape whether the run descends on a function, where no neuron can be pressed
 * @returns {{name: keyof Done, place: number, of: number} | null} null once all is done
 */
export function nextHint(done, landscape) {
  const order = landscape ? FUNCTION : NETWORK;
  const at = order.findIndex(name => !done[name]);
  return at < 0 ? null : {name: order[at], place: at + 1, of: order.length};
}
