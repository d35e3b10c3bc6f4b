// @ts-check
/** A menu of the strip, opened below the button that asked for it. */

/**
 * @param {HTMLElement} menu a popover
 * @param {HTMLElement} anchor
 * @returns {number} the place of its upper edge, px
 */
export function openBelow(menu, anchor) {
  menu.showPopover();
  const box = anchor.getBoundingClientRect();
  const top = box.bottom + 6;
  menu.style.left = `${Math.max(8, Math.min(innerWidth - menu.offsetWidth - 8, box.left))}px`;
  menu.style.top = `${top}px`;
  return top;
}
