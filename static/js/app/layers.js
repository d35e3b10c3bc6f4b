// @ts-check
/**
 * What lies above the page, in the order in which it was opened: Escape closes the topmost, and the focus returns to
 * where it was when that was opened; with modal windows (`draw/dialog.js`) the browser does so by itself. A control
 * that loses the focus because it rests for a moment gets it back; where it rests for longer, or is gone, its neighbour
 * has the focus meanwhile.
 */

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {() => boolean} open whether it is there now
 * @property {() => void} close
 * @property {() => HTMLElement | null} [modal] itself, while what lies below it rests
 */

/** The order in which layers were opened, each with what had the focus then. */
export class Layers {
  /** @param {Layer[]} layers */
  constructor(layers) {
    this.layers = layers;
    /** @type {{layer: Layer, from: HTMLElement | null}[]} */
    this.stack = [];
  }

  /**
   * Take note of what was opened and closed since.
   * @param {HTMLElement | null} from what would have opened something
   * @returns {(HTMLElement | null)[]} where those came from that were closed, the last first
   */
  look(from) {
    const closed = this.stack.filter(({layer}) => !layer.open());
    this.stack = this.stack.filter(({layer}) => layer.open());
    for (const layer of this.layers)
      if (layer.open() && !this.stack.some(entry => entry.layer === layer)) this.stack.push({layer, from});
    return closed.reverse().map(entry => entry.from);
  }

  /** The modal window in front of all. */
  front() {
    for (const {layer} of this.stack.toReversed()) {
      const window = layer.modal?.();
      if (window) return window;
    }
    return null;
  }

  /** Close the topmost. @returns {boolean} whether there was one */
  closeTop() {
    const top = this.stack.at(-1);
    top?.layer.close();
    return top !== undefined;
  }
}

/** Whether the focus can go there. @param {HTMLElement | null} element */
const takes = element =>
  element !== null && element.isConnected && !element.matches(":disabled") && element.getClientRects().length > 0;

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]";
/** What the browser itself closes at Escape. */
const CLOSED_BY_BROWSER = "dialog:modal, :popover-open:not(.tip-card)";
/** ms that a control may rest before its neighbour has the focus. */
const PATIENCE = 150;

/** An element and all that it stands in. @param {Element} element */
function placeOf(element) {
  const place = [element];
  for (let up = element.parentElement; up; up = up.parentElement) place.push(up);
  return place;
}

/**
 * What can take the focus nearest to where an element is or was: before it if there is something, else behind it.
 * @param {Element[]} place the element and all that it stood in
 */
export function neighbour([element, ...around]) {
  for (const group of around) {
    if (!group.isConnected) continue;
    const able = [...group.querySelectorAll(FOCUSABLE)].filter(one => {
      const other = /** @type {HTMLElement} */ (one);
      return other !== element && other.tabIndex >= 0 && takes(other);
    });
    const isBefore = (/** @type {Element} */ one) =>
      Boolean(element.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
    const found = element.isConnected ? (able.findLast(isBefore) ?? able[0]) : able[0];
    if (found) return /** @type {HTMLElement} */ (found);
  }
  return null;
}

/** Puts elements into a window, or back where they were. @param {HTMLElement[]} elements */
export function lifting(elements) {
  const homes = elements.map(element => element.parentElement);
  return (/** @type {HTMLElement | null} */ window) =>
    elements.forEach((element, k) => {
      const home = window ?? homes[k];
      if (element.parentElement !== home) home?.append(element);
    });
}

/**
 * Watch the layers of a page.
 * @param {Document} page
 * @param {Layer[]} list
 * @param {HTMLElement[]} told what is said to the user: in a modal window while one is open, because all outside rests
 * there, neither seen nor heard
 * @returns {() => void} to be called whenever something may have been opened or closed; it looks when the page has been
 * laid out, because what is open is asked of the layout, and asking before then costs a layout of its own
 */
export function watchLayers(page, list, told = []) {
  const layers = new Layers(list);
  /** What was used last, before what it opened took the focus. @type {HTMLElement | null} */
  let used = null;
  /** What had the focus last, and it with all that it stands in. @type {HTMLElement | null} */
  let last = null;
  /** @type {Element[]} */ let place = [];
  /** A control that rests, and what has the focus meanwhile. @type {{of: HTMLElement | null, at: Element | null}} */
  let stand = {of: null, at: null};
  const lift = lifting(told);
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let coming;

  /** @param {Event} event */
  function note(event) {
    const target = event.target instanceof Element ? event.target.closest(FOCUSABLE) : null;
    used = /** @type {HTMLElement | null} */ (target);
    stand = {of: null, at: null};
    if (event.type === "pointerdown") last = used;
  }

  const isLost = () => page.activeElement === page.body || page.activeElement === null;

  /** The neighbour of what has rested for a while, or is gone, takes the focus. */
  function standIn() {
    waiting = undefined;
    const [of, at] = [last, isLost() && last && !takes(last) ? neighbour(place) : null];
    if (!at) return;
    at.focus({preventScroll: true});
    stand = {of, at};
  }

  function look() {
    clearTimeout(coming);
    coming = undefined;
    const from = layers.look(used);
    lift(layers.front());
    if (stand.at === page.activeElement && takes(stand.of)) stand.of?.focus({preventScroll: true});
    if (last && !takes(last)) waiting ??= setTimeout(standIn, PATIENCE);
    if (!isLost()) return;
    const back = [...from, last].find(element => takes(element));
    if (back && (from.length || back === last)) back.focus({preventScroll: true});
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented || page.querySelector(CLOSED_BY_BROWSER)) return;
    look();
    if (layers.closeTop()) event.preventDefault();
    look();
  }

  for (const kind of ["click", "pointerdown", "keydown"]) page.addEventListener(kind, note, true);
  page.addEventListener("focusin", event => (place = placeOf((last = /** @type {HTMLElement} */ (event.target)))));
  page.addEventListener("keydown", escape);
  page.addEventListener("close", look, true);
  const soon = () => void (coming ??= setTimeout(look));
  page.addEventListener("open", soon, true);
  return soon;
}

/**
 * A panel that is shown in the page while it is open, with a button of its own that closes it.
 * @param {HTMLElement} root @param {string} name @returns {Layer}
 */
export function panelLayer(root, name) {
  const button = () => /** @type {HTMLElement | null} */ (root.querySelector(`[data-role="${name}-close"]`));
  return {name, open: () => (button()?.getClientRects().length ?? 0) > 0, close: () => button()?.click()};
}

/** A window. @param {HTMLDialogElement} dialog @param {string} name @returns {Layer} */
export const dialogLayer = (dialog, name) => ({
  name,
  open: () => dialog.open,
  close: () => dialog.close(),
  modal: () => (dialog.matches(":modal") ? dialog : null),
});
