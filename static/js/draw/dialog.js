// @ts-check
/**
 * Windows over the page. One that covers it is modal, by the browser's own means: what lies below rests, the focus goes
 * round in it, Escape closes it, and the focus returns to where it was. One that is used together with the page, as
 * `data-beside` says, is modal only where the page is too narrow for both, or rests below another.
 */

/** Where a window stands beside the page, and not over it. */
const ROOM = "(min-width: 701px)";
/** Whether the width of the page is watched already. */
let watched = false;

/** Open a window, and say so: browsers say only that one was closed. @param {HTMLDialogElement} root */
export function openWindow(root) {
  if (root.open) return;
  watchRoom();
  const covered = document.querySelector("dialog:modal") !== null;
  if (root.dataset.beside !== undefined && !covered && matchMedia(ROOM).matches) root.show();
  else root.showModal();
  root.dispatchEvent(new Event("open"));
}

/** From the first window on: those beside the page become modal as it gets narrow, and stand beside it again. */
function watchRoom() {
  if (watched) return;
  watched = true;
  matchMedia(ROOM).addEventListener("change", fitWindows);
  document.addEventListener("close", fitWindows, true);
}

/** Every open window that is used together with the page is as there is room for it now. The one with the focus comes
 * to lie in front. */
function fitWindows() {
  const beside = [
    .../** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll("dialog[data-beside][open]")),
  ];
  const narrow = !matchMedia(ROOM).matches;
  if (document.querySelector("dialog:modal:not([data-beside])")) return;
  const had = document.activeElement;
  const holds = (/** @type {HTMLElement} */ root) => Number(root.contains(had));
  for (const root of beside.sort((a, b) => holds(a) - holds(b))) {
    if (root.matches(":modal") === narrow) continue;
    root.addEventListener("close", event => event.stopImmediatePropagation(), {once: true, capture: true});
    root.close();
    if (narrow) root.showModal();
    else root.show();
    root.dispatchEvent(new Event("open"));
    if (holds(root)) /** @type {HTMLElement} */ (had).focus({preventScroll: true});
  }
}

/** @param {HTMLDialogElement} root */
export function toggleWindow(root) {
  if (root.open) root.close();
  else openWindow(root);
}
