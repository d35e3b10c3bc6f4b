// @ts-check
/**
 * The surface in three dimensions, painted once per camera, grid and theme; the path lies on it and hides behind it.
 */

import {HOME, moved, project, projectionOf, TALL, unproject, zoomed, CUT} from "./camera.js";
import {heightOf, valueAt} from "./field.js";
import {corners, hidden, rasterize, rasterOf} from "./raster.js";
import {drawAxes, drawBox} from "./relief_box.js";
import {reliefColours} from "./relief_colours.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */

/** Equal-loss lines between the lowest and the highest loss, and lines of constant α and of constant β. */
const LEVELS = 12;
const LINES = 12;
const NO_MARGIN = {left: 0, right: 0, top: 0, bottom: 0};

export const reliefStage = () => new ReliefStage();

/** @implements {Stage} */
class ReliefStage {
  flat = false;
  camera = {...HOME};
  /** What is on show. @type {Scenery | null} */
  shown = null;
  /** The middle of the box on the sheet: the camera's shift is counted from it. */
  middle = {x: 0, y: 0};
  projection = projectionOf(HOME, 300, 200, NO_MARGIN);
  raster = rasterOf(1, 1);
  /** Pixels of the raster per CSS pixel. */
  density = 2;
  /** Corners of the surface, see raster.js. */
  points = new Float32Array(0);
  bitmap = document.createElement("canvas");
  /** @type {{theme: string, table: Uint32Array} | null} */
  colours = null;

  /** @param {Sheet} sheet @param {Scenery} scenery @param {boolean} moving */
  paint(sheet, scenery, moving) {
    const {ctx, width, height} = sheet;
    this.shown = scenery;
    this.aim(sheet, scenery, moving);
    this.rasterize(scenery);
    ctx.clearRect(0, 0, width, height);
    drawBox(ctx, this.projection, scenery);
    this.blit(sheet);
    if (!moving) this.drawMesh(ctx, scenery);
    drawAxes(sheet, this.projection, scenery);
  }

  /** Point the camera at the sheet, with room for the numbers. @param {Sheet} sheet @param {Scenery} scenery
   * @param {boolean} moving */
  aim({width, height, ratio}, {palette}, moving) {
    const small = palette.tiny;
    const margin = {left: small * 3.2, right: small, top: 6, bottom: small * 1.7};
    this.density = moving ? Math.min(1, ratio) : Math.max(2, ratio);
    this.projection = projectionOf(this.camera, width, height, margin);
    this.middle.x = (width + margin.left - margin.right) / 2;
    this.middle.y = (height + margin.top - margin.bottom) / 2;
    const columns = Math.round(width * this.density);
    const rows = Math.round(height * this.density);
    if (this.raster.width !== columns || this.raster.height !== rows) this.raster = rasterOf(columns, rows);
  }

  /** @param {Scenery} scenery */
  rasterize({heights, field: {resolution}, theme, palette}) {
    const {density, projection} = this;
    if (this.colours?.theme !== theme) this.colours = {theme, table: reliefColours(theme)};
    if (this.points.length !== 5 * resolution ** 2) this.points = new Float32Array(5 * resolution ** 2);
    corners(projection, heights, resolution, density, this.points);
    const thickness = density * 0.75 * palette.stroke;
    rasterize(this.raster, this.points, resolution, {table: this.colours.table, levels: LEVELS, thickness});
  }

  /** @param {Sheet} sheet */
  blit({ctx, width, height}) {
    const {bitmap, raster} = this;
    if (bitmap.width !== raster.width || bitmap.height !== raster.height)
      Object.assign(bitmap, {width: raster.width, height: raster.height});
    bitmap.getContext("2d")?.putImageData(new ImageData(raster.image, raster.width, raster.height), 0, 0);
    ctx.imageSmoothingQuality = "low";
    ctx.drawImage(bitmap, 0, 0, width, height);
  }

  /** Faint lines of constant α and β where the eye can see them. @param {CanvasRenderingContext2D} ctx
   * @param {Scenery} scenery */
  drawMesh(ctx, {field: {resolution: n}, palette, theme}) {
    const every = Math.max(1, Math.round((n - 1) / LINES));
    ctx.beginPath();
    for (let i = 0; i < n; i += every) this.traceMesh(ctx, n, i * n, 1);
    for (let i = 0; i < n; i += every) this.traceMesh(ctx, n, i, n);
    ctx.strokeStyle = theme === "dark" ? "#fff" : "#0a1030";
    ctx.globalAlpha = theme === "dark" ? 0.1 : 0.13;
    ctx.lineWidth = 0.6 * palette.stroke;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** One line through n grid points. @param {CanvasRenderingContext2D} ctx @param {number} n
   * @param {number} first grid point @param {number} stride from one to the next */
  traceMesh(ctx, n, first, stride) {
    const {points, raster, density} = this;
    let drawing = false;
    for (let j = 0; j < n; j++) {
      const at = 5 * (first + j * stride);
      const x = points[at] / density;
      const y = points[at + 1] / density;
      const seen = points[at + 3] <= CUT && !hidden(raster, density, x, y, points[at + 2]);
      if (seen && drawing) ctx.lineTo(x, y);
      else if (seen) ctx.moveTo(x, y);
      drawing = seen;
    }
  }

  /** @param {number} a @param {number} b @param {Float32Array} out */
  place(a, b, out) {
    this.put(a, b, NaN, out);
  }

  /** @param {number} a @param {number} b @param {number} loss @param {Float32Array} out */
  lift(a, b, loss, out) {
    this.put(a, b, this.shown ? Math.min(1, heightOf(this.shown.scale, loss)) : 0, out);
  }

  /** @param {number} a @param {number} b @param {number} z height 0…1, NaN: the surface's @param {Float32Array} out */
  put(a, b, z, out) {
    out[0] = out[1] = out[2] = NaN;
    if (!this.shown) return;
    const {heights, field} = this.shown;
    const {resolution: n, alpha, beta} = field;
    const x = (a - alpha[0]) / (alpha[1] - alpha[0]);
    const y = (b - beta[0]) / (beta[1] - beta[0]);
    const height = Number.isNaN(z) ? valueAt(heights, n, x * (n - 1), y * (n - 1)) : z;
    if (!(height <= CUT)) return;
    project(this.projection, 2 * x - 1, 2 * y - 1, height * TALL, out, 0);
    out[2] = hidden(this.raster, this.density, out[0], out[1], out[2]) ? 1 : 0;
  }

  /** @param {number} x @param {number} y */
  pick(x, y) {
    const depth = this.depthAt(Math.floor(x * this.density), Math.floor(y * this.density));
    if (!this.shown || !Number.isFinite(depth)) return null;
    const [right, far] = unproject(this.projection, x, y, depth);
    const {alpha, beta} = this.shown.field;
    const inside = (/** @type {number} */ s) => Math.min(1, Math.max(0, (s + 1) / 2));
    return {
      alpha: alpha[0] + inside(right) * (alpha[1] - alpha[0]),
      beta: beta[0] + inside(far) * (beta[1] - beta[0]),
    };
  }

  /** Depth of the surface at a pixel of the raster; Infinity where there is none. @param {number} px
   * @param {number} py */
  depthAt(px, py) {
    const {width, height, depth} = this.raster;
    return px < 0 || py < 0 || px >= width || py >= height ? Infinity : depth[py * width + px];
  }

  /** In space a way along the axes has another length at every place. @returns {[number, number]} */
  vector() {
    return [NaN, NaN];
  }

  /** @param {number} dx @param {number} dy */
  drag(dx, dy) {
    this.camera = moved(this.camera, {turn: this.camera.turn + dx * 0.009, tilt: this.camera.tilt + dy * 0.007});
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x, y) {
    this.camera = zoomed(this.camera, factor, x - this.middle.x, y - this.middle.y);
  }

  reset() {
    this.camera = {...HOME};
  }

  /** Where it is seen from, for a picture of another size. @param {{width: number, height: number}} sheet */
  seenFrom({width, height}) {
    const {x, y, ...rest} = this.camera;
    const shares = {...rest, x: x / Math.max(1, width), y: y / Math.max(1, height)};
    return /** @type {import("./camera.js").Camera} */ (
      Object.fromEntries(Object.entries(shares).map(([name, value]) => [name, Math.round(1000 * value) / 1000]))
    );
  }

  /** See it from there. @param {import("./camera.js").Camera} camera @param {{width: number, height: number}} sheet */
  seeFrom(camera, {width, height}) {
    this.camera = moved(HOME, {...camera, x: camera.x * width, y: camera.y * height});
  }
}
