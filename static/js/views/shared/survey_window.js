// @ts-check
/** A window in which something is surveyed, piece by piece, while training goes on; closing it ends the survey. */

/** @typedef {import("../../types").View} View */
/** @typedef {{show: () => void, update: View["update"], survey: {cancel: () => void}}} Surveyed */

/**
 * @param {HTMLDialogElement} root
 * @param {Surveyed} surveyed
 * @returns {View & {toggle: () => void}}
 */
export function surveyWindow(root, surveyed) {
  root.addEventListener("close", () => surveyed.survey.cancel());
  return {
    toggle: () => (root.open ? root.close() : surveyed.show()),
    update: next => surveyed.update(next),
    destroy() {
      surveyed.survey.cancel();
      root.replaceChildren();
    },
  };
}
