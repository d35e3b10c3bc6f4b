// @ts-check
/** What is read off the surface: where the pointer rests, or where the arrow keys have put a cursor. */

import {h} from "../../draw/dom.js";
import {keyCursor} from "../shared/key_cursor.js";
import {onPlane} from "./modes.js";
import {landscapeOf, modeOf, tipOf} from "./scenery.js";

/** @typedef {import("./hand.js").Place} Place */
/** @typedef {import("./field.js").Field} Field */

/** An arrow key drags by so many pixels, or moves the cursor by this share of the window; + and − zoom by a factor. */
const DRAG = 14;
const SHARE = 1 / 40;
const ZOOM = 1.15;

export class Reading {
  /** Where the pointer rests on the picture. @type {Place | null} */
  pointer = null;
  /** Where the keys' cursor is, in shares of the window on the plane. @type {Place | null} */
  cursor = null;
  mark = h("i", {class: "surface-cursor", hidden: true});
  out = new Float32Array(3);

  /**
   * @param {import("./scenery.js").Show} show
   * @param {Pick<import("./picture.js").Means, "frame" | "lines" | "context">} means
   * @param {import("./picture.js").Picture} picture
   */
  constructor(show, means, picture) {
    this.show = show;
    this.means = means;
    this.picture = picture;
    means.frame.stage.append(this.mark);
  }

  /** Listen to the keys. @param {HTMLElement} element @param {import("./hand.js").Grip} grip */
  listen(element, grip) {
    const middle = () => [element.clientWidth / 2, element.clientHeight / 2];
    const zoom = (/** @type {number} */ factor) => {
      const [x, y] = middle();
      grip.zoom(factor, x, y);
      grip.release();
    };
    const closer = () => zoom(ZOOM);
    const keys = {"+": closer, "=": closer, "-": () => zoom(1 / ZOOM), 0: grip.reset, Home: grip.reset};
    const start = () => this.cursor && this.startAt(this.pointOf(this.cursor));
    const move = (/** @type {number} */ dx, /** @type {number} */ dy, /** @type {boolean} */ shift) => {
      if (shift || !onPlane(modeOf(this.show.state))) return this.walk(dx, dy);
      grip.drag(-DRAG * dx, DRAG * dy);
      grip.release();
    };
    const said = () => this.text(null);
    keyCursor(element, "surface", this.means.context, {
      move,
      said,
      leave: () => this.leave(),
      keys: {...keys, Enter: start},
    });
  }

  /** @param {Place | null} place */
  rest(place) {
    this.pointer = place;
    this.tell();
  }

  /** The keys move the cursor. @param {number} dx @param {number} dy */
  walk(dx, dy) {
    const {x, y} = this.cursor ?? this.beginning();
    const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    this.cursor = {x: within(x + SHARE * dx), y: within(y + SHARE * dy)};
    this.tell();
  }

  /** The cursor begins at the end of the path, where that is in sight. @returns {Place} */
  beginning() {
    const {shown} = this.show;
    if (!shown || !onPlane(modeOf(this.show.state)) || !shown.surface.points) return {x: 0.5, y: 0.5};
    const {surface, field} = shown;
    const last = 3 * (surface.points - 1);
    const share = (/** @type {number} */ at, /** @type {Float32Array | number[]} */ [low, high]) =>
      Math.min(1, Math.max(0, (at - low) / (high - low))) || 0;
    return {x: share(surface.path[last], field.alpha), y: share(surface.path[last + 1], field.beta)};
  }

  leave() {
    this.cursor = null;
    this.tell();
  }

  /** Write what is read beside where it is read. */
  tell() {
    const {pointer, mark, means} = this;
    const place = pointer ?? this.placeOfCursor();
    const text = place ? this.text(pointer) : "";
    means.frame.point(place && text ? {...place, text} : null);
    mark.hidden = !this.cursor || pointer !== null || !place;
    if (!place || mark.hidden) return;
    mark.className = onPlane(modeOf(this.show.state)) ? "surface-cursor" : "curves-cross";
    mark.style.transform = `translate(${place.x}px, ${place.y}px)`;
  }

  /** @param {Place} cursor */
  pointOf({x, y}) {
    const {alpha, beta} = /** @type {Field} */ (this.show.scenery?.field ?? this.show.shown?.field);
    return {alpha: alpha[0] + x * (alpha[1] - alpha[0]), beta: beta[0] + y * (beta[1] - beta[0])};
  }

  /** px of the stage; null for nowhere in sight. @returns {Place | null} */
  placeOfCursor() {
    const {cursor, out, picture} = this;
    const {chart} = this.means.lines;
    if (!cursor) return null;
    if (!onPlane(modeOf(this.show.state)))
      return chart && {x: chart.left + cursor.x * (chart.right - chart.left), y: 0};
    if (!this.show.scenery) return null;
    const {alpha, beta} = this.pointOf(cursor);
    picture.stage.place(alpha, beta, out);
    return Number.isFinite(out[0]) && Number.isFinite(out[1]) ? {x: out[0], y: out[1]} : null;
  }

  /** What is read at the pointer, or else at the cursor; "" for nothing. @param {Place | null} pointer */
  text(pointer) {
    const {t} = this.means.context;
    const {state, scenery} = this.show;
    if (!onPlane(modeOf(state))) {
      const place = pointer ?? this.placeOfCursor();
      return place ? this.means.lines.read(place) : "";
    }
    if (!scenery || !(pointer || this.cursor)) return "";
    const point = pointer
      ? this.picture.stage.pick(pointer.x, pointer.y)
      : this.pointOf(/** @type {Place} */ (this.cursor));
    if (!point) return "";
    const text = tipOf(scenery, point, t);
    return landscapeOf(state) ? `${text} · ${t(pointer ? "surface.click_start" : "surface.enter_start")}` : text;
  }

  /** On a landscape the run begins anew at a point. @param {{alpha: number, beta: number} | null} point */
  startAt(point) {
    const {state, scenery} = this.show;
    if (!landscapeOf(state) || !scenery || !point || !onPlane(modeOf(state))) return;
    this.means.context.act("configure", {initial: [point.alpha, point.beta].map(x => +x.toPrecision(5))});
  }
}
