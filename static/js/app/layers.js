// @ts-check
/**
 * What lies above the page, in the order in which it was opened: Escape closes the topmost, and the focus returns to
 * where it was when that was opened. A control that loses the focus because it rests for a moment gets it back.
 */

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {() => boolean} open whether it is there now
 * @property {() => void} close
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

/**
 * Watch the layers of a page.
 * @param {Document} page
 * @param {Layer[]} list
 * @returns {() => void} to be called whenever something may have been opened or closed
 */
export function watchLayers(page, list) {
  const layers = new Layers(list);
  /** What was used last, before what it opened took the focus. @type {HTMLElement | null} */
  let used = null;
  /** What had the focus last. @type {HTMLElement | null} */
  let last = null;

  /** @param {Event} event */
  function note(event) {
    const target = event.target instanceof Element ? event.target.closest(FOCUSABLE) : null;
    used = /** @type {HTMLElement | null} */ (target);
    if (event.type === "pointerdown") last = used;
  }

  function look() {
    const from = layers.look(used);
    const lost = page.activeElement === page.body || page.activeElement === null;
    if (!lost) return;
    const back = [...from, last].find(element => takes(element));
    if (back && (from.length || back === last)) back.focus({preventScroll: true});
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (
      event.key !== "Escape" ||
      event.defaultPrevented ||
      page.querySelector("dialog:modal, :popover-open:not(.tip-card)")
    )
      return;
    look();
    if (layers.closeTop()) event.preventDefault();
    look();
  }

  for (const kind of ["click", "pointerdown", "keydown"]) page.addEventListener(kind, note, true);
  page.addEventListener("focusin", event => (last = /** @type {HTMLElement} */ (event.target)));
  page.addEventListener("keydown", escape);
  return look;
}

/**
 * A panel that is shown in the page while it is open, with a button of its own that closes it.
 * @param {HTMLElement} root @param {string} name @returns {Layer}
 */
export function panelLayer(root, name) {
  const button = () => /** @type {HTMLElement | null} */ (root.querySelector(`[data-role="${name}-close"]`));
  return {name, open: () => (button()?.getClientRects().length ?? 0) > 0, close: () => button()?.click()};
}

/** A window that is no modal one. @param {HTMLDialogElement} dialog @param {string} name @returns {Layer} */
export const dialogLayer = (dialog, name) => ({name, open: () => dialog.open, close: () => dialog.close()});
