// @ts-check
/** The teacher's pointer: a place in a panel, as fractions of it, so that it is the same place on every screen. */

import {h} from "../../draw/dom.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Place} Place */

/** ms between two places that are told. */
const PACE = 60;

/** Where a point of the window lies in the panel below it; null outside all. @param {Element | null} target
 * @param {{x: number, y: number}} at @returns {Place | null} */
export function placeAt(target, {x, y}) {
  const panel = target?.closest(".panel, .bar");
  if (!panel) return null;
  const {left, top, width, height} = panel.getBoundingClientRect();
  const share = (/** @type {number} */ part, /** @type {number} */ whole) =>
    Math.round(1e4 * Math.max(0, Math.min(1, part / whole))) / 1e4;
  return {panel: nameOf(panel), x: share(x - left, width), y: share(y - top, height)};
}

/** @param {Element} panel */
const nameOf = panel => [...panel.classList].find(name => name.startsWith("panel-"))?.slice(6) ?? "bar";

/** @param {string} name @returns {Element | null} */
export const panelOf = name =>
  /^[a-z-]+$/.test(name) ? document.querySelector(name === "bar" ? ".bar" : `.panel-${name}`) : null;

export class Pointer {
  /** @param {import("../../types").PageContext} context @param {(on: boolean) => void} turned */
  constructor({classroom, t}, turned) {
    this.classroom = classroom;
    this.t = t;
    this.turned = turned;
    this.on = false;
    this.next = 0;
    this.shown = "";
    /** @type {Place | null} */
    this.at = null;
    this.mark = h("div", {class: "room-pointer", hidden: true, "aria-hidden": "true"});
    document.body.append(this.mark);
    this.move = (/** @type {PointerEvent} */ event) => this.moved(event);
    this.settle = () => this.draw();
    window.addEventListener("scroll", this.settle, {capture: true, passive: true});
    window.addEventListener("resize", this.settle);
  }

  turn() {
    this.on = !this.on;
    this.turned(this.on);
    if (this.on) document.addEventListener("pointermove", this.move, {passive: true});
    else {
      document.removeEventListener("pointermove", this.move);
      this.classroom.point(null);
    }
  }

  /** @param {PointerEvent} event */
  moved({target, clientX: x, clientY: y}) {
    const now = performance.now();
    if (now < this.next) return;
    this.next = now + PACE;
    const place = placeAt(/** @type {Element | null} */ (target), {x, y});
    if (place || this.at) this.classroom.point(place);
  }

  /** @param {State} state */
  update({point, room}) {
    if (this.on && !room) this.turn();
    const fresh = point && !this.at && room?.locked && !room.you.host;
    this.at = point;
    if (fresh) panelOf(point.panel)?.scrollIntoView({block: "nearest"});
    this.draw();
  }

  draw() {
    const {at, mark} = this;
    const box = at && panelOf(at.panel)?.getBoundingClientRect();
    if (mark.hidden !== !box?.width) mark.hidden = !box?.width;
    if (!at || !box) return;
    const place = `${Math.round(box.left + at.x * box.width)}px ${Math.round(box.top + at.y * box.height)}px`;
    if (place !== this.shown) mark.style.translate = this.shown = place;
  }

  destroy() {
    if (this.on) this.turn();
    window.removeEventListener("scroll", this.settle, {capture: true});
    window.removeEventListener("resize", this.settle);
    this.mark.remove();
  }
}
