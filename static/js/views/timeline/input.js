// @ts-check
/** The timeline's keys and pointer as intentions: go to a step, look at a place, take the hand off. */

import {stepFor} from "./marks.js";

/**
 * @typedef {object} Hands what the strip's input asks of the timeline, and what it tells it
 * @property {() => boolean} ready whether there is a run to move in
 * @property {() => {step: number, end: number, stops: number[]}} where the handle stands, the last step and the marks
 * @property {(event: PointerEvent) => number} under the step under the pointer
 * @property {() => void} grasped the hand takes over
 * @property {(step: number) => void} go
 * @property {(event: PointerEvent) => void} look at what is under the pointer
 * @property {() => void} leave
 */

/** @param {HTMLElement} track @param {Hands} hands @returns {{held: boolean}} whether a pointer holds the handle */
export function listen(track, hands) {
  const pointer = {held: false};
  const letGo = () => {
    pointer.held = false;
  };
  track.addEventListener("keydown", event => press(event, hands));
  track.addEventListener("pointerdown", event => {
    if (event.button !== 0 || !hands.ready()) return;
    hands.grasped();
    pointer.held = true;
    track.setPointerCapture(event.pointerId);
    hands.go(markUnder(event) ?? hands.under(event));
  });
  track.addEventListener("pointermove", event => {
    if (pointer.held && hands.under(event) !== hands.where().step) hands.go(hands.under(event));
    hands.look(event);
  });
  track.addEventListener("pointerup", letGo);
  track.addEventListener("pointercancel", letGo);
  track.addEventListener("pointerleave", hands.leave);
  return pointer;
}

/** @param {KeyboardEvent} event @param {Hands} hands */
function press(event, {ready, where, grasped, go}) {
  if (event.ctrlKey || event.metaKey || event.altKey || !ready()) return;
  const {step: here, end, stops} = where();
  const step = stepFor(event.key, event.shiftKey, here, end, stops);
  if (step === null) return;
  event.preventDefault();
  grasped();
  if (step !== here) go(step);
}

/** The step of the mark that was hit, or null. @param {PointerEvent} event */
function markUnder({target}) {
  const mark = target instanceof HTMLElement ? target.closest("[data-step]") : null;
  return mark instanceof HTMLElement ? Number(mark.dataset.step) : null;
}
