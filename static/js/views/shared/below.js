// @ts-check
/** A menu at the button that asked for it for as long as it is open, however the window changes. */

/** From the button, and from the edges of the window, px. */
const [GAP, MARGIN] = [6, 8];

/**
 * Open it below the button, or above where it has more room. What it has no room for is scrolled to.
 * @param {HTMLElement} menu a popover
 * @param {HTMLElement} anchor
 */
export function openBelow(menu, anchor) {
  const place = () => {
    if (!anchor.getClientRects().length) return menu.hidePopover();
    const box = anchor.getBoundingClientRect();
    menu.style.maxHeight = "";
    const top = Math.max(MARGIN, box.bottom + GAP);
    const [below, above] = [innerHeight - top - MARGIN, box.top - GAP - MARGIN];
    const isAbove = menu.offsetHeight > below && above > below;
    menu.style.maxHeight = `${isAbove ? above : below}px`;
    menu.style.left = `${Math.max(MARGIN, Math.min(innerWidth - menu.offsetWidth - MARGIN, box.left))}px`;
    menu.style.top = `${isAbove ? box.top - GAP - menu.offsetHeight : top}px`;
  };
  menu.showPopover();
  place();
  addEventListener("resize", place);
  menu.addEventListener("beforetoggle", () => removeEventListener("resize", place), {once: true});
}
