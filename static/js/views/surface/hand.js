// @ts-check
/** Hands on the surface: drag, wheel, two fingers, and where the pointer rests. */

/** A place on the element, in CSS pixels. @typedef {{x: number, y: number}} Place */
/** What the view does with them.
 * @typedef {object} Grip
 * @property {(dx: number, dy: number) => void} drag
 * @property {(factor: number, x: number, y: number) => void} zoom
 * @property {() => void} reset
 * @property {() => void} release the hand has let go
 * @property {(place: Place | null) => void} hover
 * @property {(place: Place) => void} [click] the hand has come and gone without moving
 */

/** A hand that has moved less, in CSS pixels, has clicked. */
const STILL = 4;

/** @param {HTMLElement} element @param {Grip} grip @returns {() => void} lets go for good */
export function handOn(element, grip) {
  const hand = new Hand(element, grip);
  const controller = new AbortController();
  const {signal} = controller;
  element.addEventListener("pointerdown", event => hand.down(event), {signal});
  element.addEventListener("pointermove", event => hand.move(event), {signal});
  element.addEventListener("pointerup", event => hand.up(event), {signal});
  element.addEventListener("pointercancel", event => hand.up(event), {signal});
  element.addEventListener("pointerleave", () => grip.hover(null), {signal});
  element.addEventListener("dblclick", () => grip.reset(), {signal});
  element.addEventListener("wheel", event => hand.wheel(event), {signal, passive: false});
  return () => controller.abort();
}

class Hand {
  /** Where each finger is. @type {Map<number, Place>} */
  fingers = new Map();
  /** Where the only finger came down; null once it has moved or is no longer alone. @type {Place | null} */
  start = null;

  /** @param {HTMLElement} element @param {Grip} grip */
  constructor(element, grip) {
    this.element = element;
    this.grip = grip;
  }

  /** @param {PointerEvent | WheelEvent} event @returns {Place} */
  place(event) {
    const {left, top} = this.element.getBoundingClientRect();
    return {x: event.clientX - left, y: event.clientY - top};
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    const here = this.place(event);
    this.fingers.set(event.pointerId, here);
    this.element.setPointerCapture(event.pointerId);
    this.start = this.fingers.size === 1 ? here : null;
    this.grip.hover(null);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const {fingers, grip, start} = this;
    const before = fingers.get(event.pointerId);
    const here = this.place(event);
    if (!before) {
      grip.hover(event.pointerType === "touch" ? null : here);
      return;
    }
    if (start && distance(here, start) > STILL) this.start = null;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = distance(here, other) / Math.max(1, distance(before, other));
      grip.zoom(spread, (here.x + other.x) / 2, (here.y + other.y) / 2);
    } else grip.drag(here.x - before.x, here.y - before.y);
    fingers.set(event.pointerId, here);
  }

  /** @param {PointerEvent} event */
  up(event) {
    const {fingers, grip, start} = this;
    if (!fingers.delete(event.pointerId) || fingers.size) return;
    grip.release();
    if (start && event.type === "pointerup") grip.click?.(start);
    this.start = null;
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const {x, y} = this.place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    this.grip.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
    this.grip.release();
  }
}

/** @param {Place} a @param {Place} b */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
