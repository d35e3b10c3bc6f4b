// @ts-check
/** What moves over the surface, painted in each frame: path, landmarks, the ball with what the coming step does. */

import {drawBall, letteredBall} from "../shared/ball.js";
import {drawArrow, drawLanding, drawLowest, drawStart, drawTruth, drawWord} from "./marks.js";
import {drawPath, emptyTrace, follow} from "./path.js";
import {clamped, downhill, inWindow} from "./scenery.js";
import {roomFor} from "./words_apart.js";

/** @typedef {import("../../draw/plot.js").Sheet} Sheet */
/** @typedef {import("../../types").Surface} Surface */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Scenery} Scenery */
/**
 * @typedef {(ctx: CanvasRenderingContext2D, x: number, y: number, behind: boolean, palette:
 * import("../../draw/plot.js").Palette, colour: string) => void} Landmark
 */
/**
 * @typedef {object} Sight
 * @property {Stage} stage
 * @property {Scenery} scenery
 * @property {Surface} surface
 * @property {[number, number][]} minima of the function on show
 * @property {{alpha: number, beta: number} | null} lowest the least point of the grid, where minima are not known
 * @property {string} colour of the run
 * @property {number | null} lane its id, where there are several
 */

/** The longest and the shortest arrow down the slope, in pixels. */
const ARROW = [15, 46];

export class Overlay {
  trace = emptyTrace();
  /** Places on the sheet, see Stage: of a landmark, of the ball, of an arrow's tip. */
  spot = new Float32Array(3);
  ball = new Float32Array(3);
  tip = new Float32Array(3);
  /** Where words stand by now. @type {import("./words_apart.js").Place[]} */
  words = [];

  /** @param {Sheet} sheet @param {import("./anatomy.js").Anatomy} parts
   * @param {import("../../types").ViewContext["t"]} t */
  constructor(sheet, parts, t) {
    this.sheet = sheet;
    this.parts = parts;
    this.t = t;
  }

  clear() {
    this.sheet.ctx.clearRect(0, 0, this.sheet.width, this.sheet.height);
    this.words.length = 0;
  }

  /** @param {Sight} sight */
  paint(sight) {
    const {stage, scenery, surface, colour} = sight;
    const {path, points} = surface;
    const {ctx} = this.sheet;
    const at = 3 * (points - 1);
    follow(stage, scenery.field, path, points, this.trace);
    drawPath(ctx, this.trace, scenery.palette, colour);
    stage.place(points ? path[at] : NaN, points ? path[at + 1] : NaN, this.ball);
    this.landmarks(sight);
    if (points > 0) this.present(sight, path[at], path[at + 1]);
  }

  /** @param {Sight} sight */
  landmarks(sight) {
    const {minima, lowest, colour, surface, scenery} = sight;
    const {text} = scenery.palette;
    for (const [a, b] of minima) this.landmark(sight, a, b, drawLowest, "surface.minimum", text);
    if (lowest) this.landmark(sight, lowest.alpha, lowest.beta, drawLowest, "surface.lowest", text);
    const {path, points} = surface;
    if (points > 1) this.landmark(sight, path[0], path[1], drawStart, "surface.start", colour);
  }

  /** A mark and its word, where there is room for it.
   * @param {Sight} sight
   * @param {number} a
   * @param {number} b
   * @param {Landmark} drawMark
   * @param {string} key of the word
   * @param {string} colour
   */
  landmark({stage, scenery: {palette}}, a, b, drawMark, key, colour) {
    const {sheet, ball, spot} = this;
    stage.place(a, b, spot);
    const [x, y, behind] = spot;
    if (Number.isNaN(x)) return;
    drawMark(sheet.ctx, x, y, behind > 0, palette, colour);
    const crowded = Math.abs(ball[0] - x - 24) < 40 && Math.abs(ball[1] - y) < 16;
    if (behind || crowded) return;
    const word = this.t(key);
    const size = {aside: 9 * palette.stroke, wide: widthOf(word, palette.small), high: 1.3 * palette.tiny};
    const room = roomFor(x, y, size, sheet.width, this.words);
    if (!room) return;
    this.words.push(room);
    drawWord(sheet.ctx, word, room.left, room.middle, palette);
  }

  /** The ball where the run is now. @param {Sight} sight @param {number} a @param {number} b */
  present(sight, a, b) {
    const {stage, scenery, colour, lane} = sight;
    const {palette, field} = scenery;
    const {ctx} = this.sheet;
    const [x, y, behind] = this.ball;
    if (!inWindow(field, a, b)) this.outside(sight, a, b);
    if (Number.isNaN(x)) return;
    const next = this.parts.landing(a, b);
    if (next) {
      stage.place(next[0], next[1], this.spot);
      drawLanding(ctx, this.ball, this.spot, palette);
    }
    if (stage.flat) this.step(sight, a, b);
    else this.truth(sight, a, b);
    if (lane !== null) letteredBall(ctx, x, y, behind > 0, palette, lane);
    else drawBall(ctx, x, y, behind > 0, palette, colour);
  }

  /** At the border it left by, hollow. @param {Sight} sight @param {number} a @param {number} b */
  outside({stage, scenery: {field, palette}, colour}, a, b) {
    const {spot, sheet} = this;
    const [nearA, nearB] = clamped(field, a, b);
    stage.place(nearA, nearB, spot);
    if (!Number.isNaN(spot[0])) drawBall(sheet.ctx, spot[0], spot[1], true, palette, colour);
  }

  /** The coming step in parts, else the slope. @param {Sight} sight @param {number} a @param {number} b */
  step(sight, a, b) {
    const {stage, scenery} = sight;
    const {sheet, ball, parts} = this;
    const left = ball[0] > sheet.width / 2 && ball[1] > sheet.height / 2;
    if (!parts.draw(sheet.ctx, stage, ball, scenery.palette, scenery.names, left)) this.slope(sight, a, b);
  }

  /** The true loss beside the plane's; with two parameters they are the same. @param {Sight} sight @param {number} a
   * @param {number} b */
  truth({stage, scenery, surface: {figures}}, a, b) {
    if (figures.parameters === 2) return;
    stage.lift(a, b, figures.loss, this.tip);
    drawTruth(this.sheet.ctx, this.ball[0], this.ball[1], this.tip[1], scenery.palette);
  }

  /** Down the slope of the plane's loss; longer where it is steeper. @param {Sight} sight @param {number} a
   * @param {number} b */
  slope({stage, scenery, colour}, a, b) {
    const down = downhill(scenery, a, b);
    if (!down) return;
    const {ball, tip, sheet} = this;
    const {palette} = scenery;
    stage.place(down.a, down.b, tip);
    const dx = tip[0] - ball[0];
    const dy = tip[1] - ball[1];
    const size = Math.hypot(dx, dy);
    const [short, long] = ARROW;
    const length = Math.min(long, Math.max(short, long * Math.sqrt(down.steep))) * Math.sqrt(palette.stroke);
    if (size > 0) drawArrow(sheet.ctx, ball[0], ball[1], (dx / size) * length, (dy / size) * length, palette, colour);
  }
}

/** About how wide a word is, without asking the canvas. @param {string} word @param {number} size of its letters */
export const widthOf = (word, size) => word.length * size * (/[\u3000-\u9fff]/.test(word) ? 1.05 : 0.66);
