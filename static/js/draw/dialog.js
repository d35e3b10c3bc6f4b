// @ts-check
/**
 * Windows over the page. One that covers it is modal, by the browser's own means: what lies below rests, the focus goes
 * round in it, Escape closes it, and the focus returns to where it was. One that is used together with the page, as
 * `data-beside` says, is modal only where the page is too narrow for both, or rests below another.
 */

/** Where a window stands beside the page, and not over it. */
const ROOM = "(min-width: 701px)";

/** Open a window, and say so: browsers say only that one was closed. @param {HTMLDialogElement} root */
export function openWindow(root) {
  if (root.open) return;
  const covered = document.querySelector("dialog:modal") !== null;
  if (root.dataset.beside !== undefined && !covered && matchMedia(ROOM).matches) root.show();
  else root.showModal();
  root.dispatchEvent(new Event("open"));
}

/** @param {HTMLDialogElement} root */
export function toggleWindow(root) {
  if (root.open) root.close();
  else openWindow(root);
}
