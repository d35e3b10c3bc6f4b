// @ts-check
/** Where the inspector's card stands in the window: beside what it speaks of, or where a hand has put it. */

import {beside} from "./places.js";

/** @typedef {import("../../types").Box} Box */

/** px to the window's edges. */
const EDGE = 8;

export class Placing {
  /** @param {HTMLElement} card @param {HTMLElement} handle by which it is dragged */
  constructor(card, handle) {
    this.card = card;
    this.handle = handle;
    this.narrow = matchMedia("(max-width: 640px)");
    this.placed = false;
    /** Whether what it speaks of was scrolled to. */
    this.shown = false;
    this.dragged = false;
    handle.addEventListener("pointerdown", event => this.grasp(event));
  }

  /** Another thing is spoken of, or none. @param {boolean} closed */
  reset(closed) {
    this.placed = this.shown = false;
    if (closed) this.dragged = false;
  }

  /** @param {(Box & {stage: Box}) | null | undefined} anchor */
  place(anchor) {
    if (this.card.hidden) return;
    this.placed = true;
    if (this.narrow.matches) this.placeBelow(anchor);
    else this.placeBeside(anchor);
  }

  /** On a phone the card lies at the bottom, and what it speaks of is scrolled above it.
   * @param {Box | null | undefined} anchor */
  placeBelow(anchor) {
    const {style, offsetHeight} = this.card;
    style.left = style.top = style.maxHeight = "";
    const low = innerHeight - offsetHeight - 12;
    if (anchor && !this.shown && anchor.bottom > low) scrollBy({top: anchor.bottom - low, behavior: "instant"});
    this.shown = true;
  }

  /** @param {(Box & {stage: Box}) | null | undefined} anchor */
  placeBeside(anchor) {
    const {card} = this;
    const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
    const top = innerHeight > 560 ? Math.max(EDGE, bar + EDGE) : EDGE;
    card.style.maxHeight = `${Math.max(240, innerHeight - top - EDGE)}px`;
    const {offsetWidth: width, offsetHeight: height} = card;
    const room = {left: EDGE, top, right: innerWidth - EDGE, bottom: innerHeight - EDGE};
    const box = card.getBoundingClientRect();
    const spot =
      this.dragged || !anchor
        ? {
            left: Math.max(room.left, Math.min(room.right - width, box.left)),
            top: Math.max(room.top, Math.min(room.bottom - height, box.top)),
          }
        : beside(anchor, width, height, room, anchor.stage);
    card.style.left = `${Math.round(spot.left)}px`;
    card.style.top = `${Math.round(spot.top)}px`;
  }

  /** @param {PointerEvent} event */
  grasp(event) {
    const {card, handle} = this;
    const onButton = event.target instanceof Element && event.target.closest("button");
    if (event.button !== 0 || this.narrow.matches || onButton) return;
    const box = card.getBoundingClientRect();
    const dx = event.clientX - box.left;
    const dy = event.clientY - box.top;
    handle.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ to) => {
      this.dragged = true;
      card.style.left = `${Math.max(8 - box.width / 2, Math.min(innerWidth - box.width / 2, to.clientX - dx))}px`;
      card.style.top = `${Math.max(4, Math.min(innerHeight - 40, to.clientY - dy))}px`;
    };
    const end = () => {
      handle.removeEventListener("pointermove", move);
      for (const kind of ["pointerup", "pointercancel"]) handle.removeEventListener(kind, end);
    };
    handle.addEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) handle.addEventListener(kind, end);
    event.preventDefault();
  }
}
