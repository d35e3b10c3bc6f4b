// @ts-check
/** The surface from above: colour by height and equal-loss lines, painted once per window, grid and theme. */

import {roomBeside, tickWords} from "../../draw/format.js";
import {drawFrame, drawHatch, drawLines, linesOf, paintHeights, rowTicks} from "./map_painting.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Scenery} Scenery */

const MOST_ZOOM = 12;

/** @returns {Stage} */
export const mapStage = () => new MapStage();

/** @implements {Stage} */
class MapStage {
  flat = true;
  /** What is on show. @type {Scenery | null} */
  shown = null;
  pane = new Pane();
  /** Equal-loss lines of the heights they were traced in.
   * @type {{heights: Float32Array, lines: import("./map_painting.js").LossLine[]} | null} */
  traced = null;
  bitmap = document.createElement("canvas");

  /** @param {import("../../draw/plot.js").Sheet} sheet @param {Scenery} scenery @param {boolean} moving */
  paint({ctx, width, height, ratio}, scenery, moving) {
    const {pane, bitmap} = this;
    const small = scenery.palette.tiny;
    this.shown = scenery;
    const high = height - 5 - small * 1.75;
    const left = roomBeside(tickWords(rowTicks(scenery, pane.view, high)), small, 3.1);
    pane.box = {x: left, y: 5, width: width - left - 8, height: high};
    if (this.traced?.heights !== scenery.heights)
      this.traced = {heights: scenery.heights, lines: linesOf(scenery.field, scenery.scale)};
    ctx.clearRect(0, 0, width, height);
    const {box} = pane;
    drawHatch(ctx, box, scenery.palette);
    paintHeights(bitmap, scenery, pane.view, box, moving ? 1 : ratio);
    ctx.drawImage(bitmap, box.x, box.y, box.width, box.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.width, box.height);
    ctx.clip();
    drawLines(ctx, scenery, this.traced.lines, pane);
    ctx.restore();
    drawFrame(ctx, scenery, pane);
  }

  /** @param {number} a @param {number} b @param {Float32Array} out */
  place(a, b, out) {
    out[0] = out[1] = out[2] = NaN;
    if (!this.shown) return;
    const {alpha, beta} = this.shown.field;
    const u = (a - alpha[0]) / (alpha[1] - alpha[0]);
    const v = (b - beta[0]) / (beta[1] - beta[0]);
    if (!this.pane.shows(u, v)) return;
    out[0] = this.pane.x(u);
    out[1] = this.pane.y(v);
    out[2] = 0;
  }

  /** From above every loss is seen at the same place. @param {number} a @param {number} b @param {number} _loss
   * @param {Float32Array} out */
  lift(a, b, _loss, out) {
    this.place(a, b, out);
  }

  /** @param {number} x @param {number} y */
  pick(x, y) {
    const {box} = this.pane;
    if (!this.shown || x < box.x || y < box.y || x > box.x + box.width || y > box.y + box.height) return null;
    const {alpha, beta} = this.shown.field;
    const {u, v} = this.pane.share(x, y);
    return {alpha: alpha[0] + u * (alpha[1] - alpha[0]), beta: beta[0] + v * (beta[1] - beta[0])};
  }

  /** @param {number} da @param {number} db @returns {[number, number]} */
  vector(da, db) {
    if (!this.shown) return [NaN, NaN];
    const {alpha, beta} = this.shown.field;
    const {view, box} = this.pane;
    return [(da / (alpha[1] - alpha[0]) / view.size) * box.width, (-db / (beta[1] - beta[0]) / view.size) * box.height];
  }

  /** @param {number} dx @param {number} dy */
  drag(dx, dy) {
    this.pane.shift(dx, dy);
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x, y) {
    this.pane.zoom(factor, x, y);
  }

  reset() {
    this.pane.view = {x: 0, y: 0, size: 1};
  }
}

/** The part of the grid that is seen and where on the sheet. Shares u and v run over the whole grid. */
export class Pane {
  /** South-west corner and size of the part, in shares of the grid. */
  view = {x: 0, y: 0, size: 1};
  /** The plot's place on the sheet, in CSS pixels. */
  box = {x: 0, y: 0, width: 1, height: 1};

  /** Where share u is seen. @param {number} u */
  x(u) {
    return this.box.x + ((u - this.view.x) / this.view.size) * this.box.width;
  }

  /** Where share v is seen. @param {number} v */
  y(v) {
    return this.box.y + (1 - (v - this.view.y) / this.view.size) * this.box.height;
  }

  /** @param {number} u @param {number} v */
  shows(u, v) {
    const {x, y, size} = this.view;
    return u >= x && v >= y && u <= x + size && v <= y + size;
  }

  /** The point of the grid under a pixel. @param {number} x @param {number} y */
  share(x, y) {
    const {view, box} = this;
    return {
      u: view.x + ((x - box.x) / box.width) * view.size,
      v: view.y + (1 - (y - box.y) / box.height) * view.size,
    };
  }

  /** Follow a hand. @param {number} dx @param {number} dy in pixels */
  shift(dx, dy) {
    const {view, box} = this;
    view.x -= (dx / box.width) * view.size;
    view.y += (dy / box.height) * view.size;
    this.keepInside();
  }

  /** Enlarge so that what is under (x, y) stays there. @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x, y) {
    const {view, box} = this;
    const u = (x - box.x) / box.width;
    const v = 1 - (y - box.y) / box.height;
    const size = Math.min(1, Math.max(1 / MOST_ZOOM, view.size / factor));
    view.x += u * (view.size - size);
    view.y += v * (view.size - size);
    view.size = size;
    this.keepInside();
  }

  keepInside() {
    const {view} = this;
    view.x = Math.min(1 - view.size, Math.max(0, view.x));
    view.y = Math.min(1 - view.size, Math.max(0, view.y));
  }
}
