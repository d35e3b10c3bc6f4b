// @ts-check
/**
 * The probe over the input plane: a handle to put anywhere, with the mouse, a finger or the arrow keys. It has no
 * target.
 */

import {focusLate, h} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {describeKeys} from "../shared/key_cursor.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./points.js").Scales} Scales */

/** Share of the plane that an arrow key moves it by; px that a pointer moves before it drags rather than clicks. */
const STEP = 1 / 48;
const SLACK = 4;

/** @param {State | null} state @returns {[number, number] | null} */
export const probeAt = state => (state?.view.probe?.kind === "point" ? state.view.probe.at : null);

/**
 * The nearest point of the plane.
 * @param {[number, number]} at
 * @param {[[number, number], [number, number]]} domain
 * @returns {[number, number]}
 */
export function inside([x1, x2], [[left, right], [low, high]]) {
  return [Math.min(right, Math.max(left, x1)), Math.min(high, Math.max(low, x2))];
}

/** What the probe must know of the plane.
 * @typedef {object} Ground
 * @property {() => Scales | null} scales where the plane stands now
 * @property {(px: number, py: number) => number} sampleAt which sample lies somewhere, −1 for none
 * @property {() => [number, number]} start where a probe begins that the keyboard asks for
 * @property {() => string} said the network's answer there
 * @property {() => boolean} taken whether another hand has the pointer: one that paints
 */

export class Probe {
  /** @type {State | null} */
  state = null;
  /** The pointer that is down, −1 for none: where it came down, on the handle or not, and whether it drags by now. */
  press = {pointer: -1, x: 0, y: 0, onHandle: false, dragged: false};
  /** Whether a key has moved it, and nothing was said of that yet. */
  walked = false;
  handle = h("button", {type: "button", class: "boundary-probe", hidden: true}, h("i"));

  /** @param {HTMLElement} stage @param {import("../../types").ViewContext} context @param {Ground} ground */
  constructor(stage, {t, choose, announce}, ground) {
    const {handle} = this;
    this.stage = stage;
    this.ground = ground;
    this.t = t;
    this.choose = choose;
    this.announce = announce;
    describeKeys(handle, "probe", t);
    stage.append(handle);
    stage.addEventListener("pointerdown", event => this.begin(event));
    stage.addEventListener("pointermove", event => this.move(event));
    stage.addEventListener("pointerup", event => this.end(event));
    stage.addEventListener("pointercancel", event => this.end(event));
    handle.addEventListener("keydown", event => this.key(event));
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (before?.view.probe !== next.view.probe || before?.lang !== next.lang || before?.data !== next.data)
      this.place();
    if (!this.walked || before?.view.probe === next.view.probe) return;
    this.walked = false;
    this.announce("probe", this.ground.said());
  }

  /** Draw the handle where the probe is. */
  place() {
    const {handle, t} = this;
    const at = probeAt(this.state);
    const to = this.ground.scales();
    handle.hidden = !at || !to;
    if (!at || !to) return;
    handle.style.left = `${to.x(at[0])}px`;
    handle.style.top = `${to.y(at[1])}px`;
    handle.setAttribute("aria-label", t("boundary.probe_handle", {x1: plain(at[0], 2), x2: plain(at[1], 2)}));
  }

  /** Whether it has the keyboard. */
  held() {
    return document.activeElement === this.handle;
  }

  /** Bring it, for the keyboard. */
  call() {
    if (!probeAt(this.state)) this.put(this.ground.start());
    const held = document.activeElement;
    requestAnimationFrame(() => focusLate(this.handle, held));
  }

  /** @param {[number, number]} at */
  put(at) {
    const domain = this.state?.data?.domain;
    if (domain) this.choose({probe: {kind: "point", at: inside(at, domain)}});
  }

  /**
   * Whether a click was the end of a drag, or puts the probe where there is no sample.
   * @param {MouseEvent} event
   * @returns {boolean}
   */
  takes(event) {
    if (this.press.dragged || this.isOnHandle(event)) return true;
    if (!this.isFree(event)) return false;
    this.follow(event);
    return true;
  }

  /** @param {MouseEvent} event */
  isOnHandle(event) {
    return event.target instanceof Element && this.handle.contains(event.target);
  }

  /** Whether it is over the plane and not over a sample. @param {MouseEvent} event */
  isFree(event) {
    const [px, py] = this.placeOf(event);
    const to = this.ground.scales();
    const domain = this.state?.data?.domain;
    if (!to || !domain || this.ground.sampleAt(px, py) >= 0) return false;
    const at = to.value(px, py);
    return inside(at, domain).every((x, i) => Math.abs(x - at[i]) < 1e-9);
  }

  /** @param {MouseEvent} event @returns {[number, number]} px of the stage */
  placeOf(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {MouseEvent} event */
  follow(event) {
    const to = this.ground.scales();
    if (to) this.put(to.value(...this.placeOf(event)));
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0 || this.press.pointer >= 0 || (this.ground.taken() && !this.isOnHandle(event))) return;
    const {pointerId: pointer, clientX: x, clientY: y} = event;
    this.press = {pointer, x, y, onHandle: this.isOnHandle(event), dragged: false};
  }

  /** @param {PointerEvent} event */
  move(event) {
    const {press} = this;
    if (event.pointerId !== press.pointer) return;
    if (!press.dragged && Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLACK) {
      press.dragged = true;
      (press.onHandle ? this.handle : this.stage).setPointerCapture(press.pointer);
    }
    if (press.dragged) this.follow(event);
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId === this.press.pointer) this.press.pointer = -1;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const domain = this.state?.data?.domain;
    const at = probeAt(this.state);
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]}[event.key];
    if (event.key === "Escape") {
      this.choose({probe: null});
      this.stage.focus();
    } else if (way && domain && at) {
      const far = event.shiftKey ? 5 * STEP : STEP;
      const [x1, x2] = domain;
      this.put([at[0] + way[0] * far * (x1[1] - x1[0]), at[1] + way[1] * far * (x2[1] - x2[0])]);
      this.walked = true;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
