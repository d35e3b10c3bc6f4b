// @ts-check
/** The places of the page that its views fill, as `index.html` names them. */

/** @param {string} name @returns {HTMLElement} */
export function part(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));
}

/** @param {string} name */
export const dialog = name => /** @type {HTMLDialogElement} */ (part(name));

/** @param {string} name @returns {HTMLElement} */
export function role(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-role="${name}"]`));
}
