// @ts-check
/**
 * What has the focus is seen (WCAG 2.2, 2.4.11): a window that stands beside the page steps aside from the control
 * below it that the keyboard has come to, and comes back when it does not lie over the focus any more; a menu that the
 * focus has left for what it covers is closed; from below what stays in its place while the rest scrolls, as a phone's
 * bar and the sheet at its foot do, the control is scrolled clear. What wrapped out of sight in a legend, and was
 * scrolled to, is out of sight again afterwards.
 */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/** Between a control and the window that stepped aside for it, px. */
const GAP = 8;
/** So much of a window that stepped aside stays in sight, px, if there is a way to. */
const LEFT_OVER = 56;

const WINDOWS = "dialog[open]:not(:modal)";
const MENUS = ":popover-open:not(.tip-card)";

/** Whether nothing of one is seen beside the other. @param {Box} one @param {Box} other */
export function isBelow(one, other) {
  return one.left >= other.left && one.right <= other.right && one.top >= other.top && one.bottom <= other.bottom;
}

/**
 * How far a window has to move to lie no more over a control: the shortest way, among those that leave something of
 * the window in sight while there are any.
 * @param {Box} window @param {Box} control @param {{width: number, height: number}} room @returns {[number, number]} px
 */
export function wayAside(window, control, {width, height}) {
  /** @type {[number, number][]} */
  const ways = [
    [control.left - GAP - window.right, 0],
    [control.right + GAP - window.left, 0],
    [0, control.top - GAP - window.bottom],
    [0, control.bottom + GAP - window.top],
  ];
  const length = (/** @type {[number, number]} */ [x, y]) => Math.abs(x) + Math.abs(y);
  const isSeen = (/** @type {[number, number]} */ [x, y]) =>
    window.right + x >= LEFT_OVER &&
    window.left + x <= width - LEFT_OVER &&
    window.bottom + y >= LEFT_OVER &&
    window.top + y <= height - LEFT_OVER;
  ways.sort((one, other) => length(one) - length(other));
  return ways.find(isSeen) ?? ways[0];
}

/** Where a window lies when it has not stepped aside. @param {HTMLElement} window @returns {Box} */
function home(window) {
  const [x, y = 0] = (window.style.translate || "0px").split(" ").map(parseFloat);
  const {left, top, right, bottom} = window.getBoundingClientRect();
  return {left: left - x, top: top - y, right: right - x, bottom: bottom - y};
}

/** @param {HTMLElement} window @param {Element} target what has the focus */
function stepAside(window, target) {
  const [at, control] = [home(window), target.getBoundingClientRect()];
  const aside = !window.contains(target) && isBelow(control, at);
  const [x, y] = aside ? wayAside(at, control, {width: innerWidth, height: innerHeight}) : [0, 0];
  window.style.translate = aside ? `${x}px ${y}px` : "";
}

/** What stays in its place over a control, if anything does. @param {Element} target @returns {HTMLElement | null} */
function floatingOver(target) {
  const {left, right, top, bottom} = target.getBoundingClientRect();
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!over || over.contains(target) || target.contains(over) || over.closest(MENUS)) return null;
  for (let at = /** @type {Element | null} */ (over); at && !at.contains(target); at = at.parentElement)
    if (/fixed|sticky/.test(getComputedStyle(at).position)) return /** @type {HTMLElement} */ (at);
  return null;
}

/** What scrolls below something that stays in its place. @param {HTMLElement} floating @returns {Element | null} */
function scrolledBelow(floating) {
  const fixed = getComputedStyle(floating).position === "fixed";
  for (let at = fixed ? null : floating.parentElement; at; at = at.parentElement)
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  return document.scrollingElement;
}

/** @param {Element} target what has the focus */
function scrollClear(target) {
  const floating = floatingOver(target);
  if (!floating) return;
  const [box, over] = [target.getBoundingClientRect(), floating.getBoundingClientRect()];
  const scrolled = scrolledBelow(floating);
  const isAbove = over.top + over.bottom < innerHeight;
  if (scrolled) scrolled.scrollTop += isAbove ? box.top - over.bottom - GAP : box.bottom - over.top + GAP;
}

/** @param {Element} target what has the focus */
function show(target) {
  /** @type {NodeListOf<HTMLElement>} */
  const windows = document.querySelectorAll(WINDOWS);
  for (const window of windows) stepAside(window, target);
  /** @type {NodeListOf<HTMLElement>} */
  const menus = document.querySelectorAll(MENUS);
  for (const menu of menus)
    if (!menu.contains(target) && isBelow(target.getBoundingClientRect(), menu.getBoundingClientRect()))
      menu.hidePopover();
  // A row that scrolls may have moved since the browser scrolled it to where the focus is.
  target.scrollIntoView({block: "nearest", inline: "nearest"});
  scrollClear(target);
}

/**
 * See to it once the browser has scrolled to what has the focus, which it does after it has said so.
 * @param {Document} page
 */
export function keepFocusSeen(page) {
  const soon = () =>
    requestAnimationFrame(() => {
      const at = page.activeElement;
      if (at && at !== page.body && at.matches(":focus-visible")) show(at);
    });
  page.addEventListener("focusin", soon);
  page.addEventListener("focusout", ({target}) => {
    const legend = target instanceof Element && target.closest(".plot-legend");
    if (legend) legend.scrollTop = 0;
  });
  page.addEventListener(
    "close",
    ({target}) => target instanceof HTMLDialogElement && (target.style.translate = ""),
    true,
  );
}
