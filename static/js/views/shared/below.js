// @ts-check
/**
 * A menu at the button that asked for it for as long as it is open, however the window changes. Its first control has
 * the focus then, arrows go on from there, and Escape gives it back to the button (ARIA APG, menu button).
 */

/** From the button, and from the edges of the window, px. */
const [GAP, MARGIN] = [6, 8];

/** What arrows go through: in a field they have a meaning of their own. */
const ITEMS = "button:enabled";

/** @param {HTMLElement} menu @returns {HTMLElement[]} */
const itemsOf = menu =>
  [.../** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll(ITEMS))].filter(item => item.checkVisibility());

/**
 * Which of so many items a key leads to: round the ends, as in every menu.
 * @param {string} key @param {number} at @param {number} count @returns {number} −1 for a key that leads nowhere
 */
export function itemAt(key, at, count) {
  if (at < 0 || !count) return -1;
  const ways = /** @type {Record<string, number>} */ ({
    ArrowDown: (at + 1) % count,
    ArrowUp: (at + count - 1) % count,
    Home: 0,
    End: count - 1,
  });
  return ways[key] ?? -1;
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.key === "Tab" && event.target instanceof Element && event.target.role === "menuitem")
    return menu.hidePopover(); // the way goes on from its button
  const items = itemsOf(menu);
  const to = itemAt(event.key, items.indexOf(/** @type {HTMLElement} */ (event.target)), items.length);
  if (to < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  items[to].focus();
}

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
  itemsOf(menu)[0]?.focus({preventScroll: true});
  anchor.setAttribute("aria-expanded", "true");
  addEventListener("resize", place);
  menu.addEventListener("keydown", walk);
  const away = () => {
    removeEventListener("resize", place);
    menu.removeEventListener("keydown", walk);
    anchor.setAttribute("aria-expanded", "false");
  };
  menu.addEventListener("beforetoggle", away, {once: true});
}
