// @ts-check
/** A menu of the strip, below the button that asked for it for as long as it is open, however the window changes. */

/** Above and beside it, px. */
const [GAP, MARGIN] = [6, 8];

/**
 * @param {HTMLElement} menu a popover
 * @param {HTMLElement} anchor
 */
export function openBelow(menu, anchor) {
  const place = () => {
    const box = anchor.getBoundingClientRect();
    const top = Math.max(MARGIN, box.bottom + GAP);
    menu.style.left = `${Math.max(MARGIN, Math.min(innerWidth - menu.offsetWidth - MARGIN, box.left))}px`;
    menu.style.top = `${top}px`;
    menu.style.maxHeight = `${innerHeight - top - MARGIN}px`;
  };
  menu.showPopover();
  place();
  addEventListener("resize", place);
  menu.addEventListener("beforetoggle", () => removeEventListener("resize", place), {once: true});
}
