// @ts-check
/**
 * The surface in three dimensions, painted once per camera, grid and theme; the path lies on it and hides behind it.
 */

import {sequential} from "../../draw/color.js";
import {compact} from "../../draw/format.js";
import {ticks, logTicks} from "../../draw/plot.js";
import {heightOf, valueAt} from "./field.js";
import {
  corners,
  COVERS,
  CUT,
  hidden,
  HOME,
  moved,
  project,
  projectionOf,
  rasterize,
  rasterOf,
  SHADES,
  TALL,
  unproject,
  zoomed,
} from "./scene.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Scenery} Scenery */

const LEVELS = 12;
const LINES = 12;

/** @returns {Stage} */
export function reliefStage() {
  let camera = {...HOME};
  /** @type {Scenery|null} */ let shown = null;
  const middle = {x: 0, y: 0};
  let projection = projectionOf(camera, 300, 200, {left: 0, right: 0, top: 0, bottom: 0});
  let raster = rasterOf(1, 1);
  let density = 2;
  let points = new Float32Array(0);
  const bitmap = document.createElement("canvas");
  /** @type {{theme: string, table: Uint32Array}|null} */ let tints = null;

  /** @param {import("../../draw/plot.js").Sheet} sheet @param {Scenery} scenery @param {boolean} moving */
  function paint(sheet, scenery, moving) {
    const {ctx, width, height, ratio} = sheet;
    const {theme, palette} = scenery;
    shown = scenery;
    density = moving ? Math.min(1, ratio) : Math.max(2, ratio);
    const small = palette.small - 1;
    const margin = {left: small * 3.2, right: small, top: 6, bottom: small * 1.7};
    projection = projectionOf(camera, width, height, margin);
    Object.assign(middle, {x: (width + margin.left - margin.right) / 2, y: (height + margin.top - margin.bottom) / 2});
    if (tints?.theme !== theme) tints = colours(theme);
    const w = Math.round(width * density);
    const h = Math.round(height * density);
    const {resolution} = scenery.field;
    if (raster.width !== w || raster.height !== h) raster = rasterOf(w, h);
    if (points.length !== 5 * resolution ** 2) points = new Float32Array(5 * resolution ** 2);
    corners(projection, scenery.heights, resolution, density, points);
    rasterize(raster, points, resolution, tints.table, LEVELS, density * 0.75 * palette.stroke);
    ctx.clearRect(0, 0, width, height);
    box(ctx, projection, scenery);
    blit(ctx, width, height);
    if (!moving) meshLines(ctx, scenery);
    axes(sheet, projection, scenery);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} width @param {number} height */
  function blit(ctx, width, height) {
    if (bitmap.width !== raster.width || bitmap.height !== raster.height)
      Object.assign(bitmap, {width: raster.width, height: raster.height});
    bitmap.getContext("2d")?.putImageData(new ImageData(raster.image, raster.width, raster.height), 0, 0);
    ctx.imageSmoothingQuality = "low";
    ctx.drawImage(bitmap, 0, 0, width, height);
  }

  /**
   * Faint lines of constant α and β where the eye can see them.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Scenery} scenery
   */
  function meshLines(ctx, {field: {resolution: n}, palette, theme}) {
    const every = Math.max(1, Math.round((n - 1) / LINES));
    ctx.beginPath();
    for (const across of [false, true]) {
      for (let i = 0; i < n; i += every) {
        let drawing = false;
        for (let j = 0; j < n; j++) {
          const at = 5 * (across ? j * n + i : i * n + j);
          const x = points[at] / density;
          const y = points[at + 1] / density;
          const seen = points[at + 3] <= CUT && !hidden(raster, density, x, y, points[at + 2]);
          if (seen && drawing) ctx.lineTo(x, y);
          else if (seen) ctx.moveTo(x, y);
          drawing = seen;
        }
      }
    }
    ctx.strokeStyle = theme === "dark" ? "#fff" : "#0a1030";
    ctx.globalAlpha = theme === "dark" ? 0.1 : 0.13;
    ctx.lineWidth = 0.6 * palette.stroke;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** @param {number} a @param {number} b @param {number} z height 0…1, NaN: the surface's @param {Float32Array} out */
  function put(a, b, z, out) {
    out[0] = out[1] = out[2] = NaN;
    if (!shown) return;
    const {resolution: n, alpha, beta} = shown.field;
    const x = (a - alpha[0]) / (alpha[1] - alpha[0]);
    const y = (b - beta[0]) / (beta[1] - beta[0]);
    const height = Number.isNaN(z) ? valueAt(shown.heights, n, x * (n - 1), y * (n - 1)) : z;
    if (!(height <= CUT)) return;
    project(projection, 2 * x - 1, 2 * y - 1, height * TALL, out, 0);
    out[2] = hidden(raster, density, out[0], out[1], out[2]) ? 1 : 0;
  }

  return {
    paint,
    place: (a, b, out) => put(a, b, NaN, out),
    lift: (a, b, loss, out) => put(a, b, shown ? Math.min(1, heightOf(shown.scale, loss)) : 0, out),
    pick(x, y) {
      const px = Math.floor(x * density);
      const py = Math.floor(y * density);
      const depth =
        px < 0 || py < 0 || px >= raster.width || py >= raster.height ? Infinity : raster.depth[py * raster.width + px];
      if (!shown || !Number.isFinite(depth)) return null;
      const [right, far] = unproject(projection, x, y, depth);
      const {alpha, beta} = shown.field;
      const inside = (/** @type {number} */ s) => Math.min(1, Math.max(0, (s + 1) / 2));
      return {
        alpha: alpha[0] + inside(right) * (alpha[1] - alpha[0]),
        beta: beta[0] + inside(far) * (beta[1] - beta[0]),
      };
    },
    vector: () => [NaN, NaN],
    drag(dx, dy) {
      camera = moved(camera, {turn: camera.turn + dx * 0.009, tilt: camera.tilt + dy * 0.007});
    },
    zoom(factor, x, y) {
      camera = zoomed(camera, factor, x - middle.x, y - middle.y);
    },
    reset() {
      camera = {...HOME};
    },
    flat: false,
  };
}

/**
 * The plane alone, before anything is known about it.
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {import("../../draw/plot.js").Palette} palette
 */
export function paintPlane({ctx, width, height}, palette) {
  const projection = projectionOf(HOME, width, height, {left: 12, right: 12, top: 0, bottom: 0});
  const cells = 10;
  ctx.clearRect(0, 0, width, height);
  ctx.beginPath();
  for (let k = 0; k <= cells; k++) {
    const s = (2 * k) / cells - 1;
    for (const [from, to] of [
      [
        [s, -1, 0],
        [s, 1, 0],
      ],
      [
        [-1, s, 0],
        [1, s, 0],
      ],
    ]) {
      const [x0, y0] = corner(projection, from[0], from[1], 0);
      const [x1, y1] = corner(projection, to[0], to[1], 0);
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
    }
  }
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.stroke();
}

/**
 * Colours for every height and light, and darker or lighter ones under the equal-loss lines.
 * @param {import("../../draw/color.js").Theme} theme
 */
function colours(theme) {
  const table = new Uint32Array(COVERS * SHADES * 256);
  const dark = theme === "dark";
  const ink = dark ? 255 : 20;
  const strength = dark ? 0.2 : 0.26;
  for (let tone = 0; tone < 256; tone++) {
    // The ends of the scale are the panel's own colour: keep away from them, so that valley and summit have a shape.
    const base = sequential(0.1 + (0.78 * tone) / 255, theme);
    for (let shade = 0; shade < SHADES; shade++) {
      const light = shade / (SHADES - 1);
      const gain = 0.58 + 0.5 * light;
      const glow = dark ? 10 * light : 0;
      for (let cover = 0; cover < COVERS; cover++) {
        const share = (strength * cover) / (COVERS - 1);
        let word = 255 << 24;
        for (let channel = 0; channel < 3; channel++) {
          const lit = Math.min(255, base[channel] * gain + glow);
          word |= Math.round(lit + share * (ink - lit)) << (8 * channel);
        }
        table[(cover << 14) | (shade << 8) | tone] = word >>> 0;
      }
    }
  }
  return {theme, table};
}

/** @typedef {import("./scene.js").Projection} Projection */

/**
 * Screen place of a corner of the box.
 * @param {Projection} projection
 * @param {number} x
 * @param {number} y
 * @param {number} z
 * @returns {number[]}
 */
function corner(projection, x, y, z) {
  const out = new Float32Array(3);
  project(projection, x, y, z, out, 0);
  return [...out];
}

/** Floor and the two walls behind, with a line at each tick of the loss.
 * @param {CanvasRenderingContext2D} ctx @param {Projection} projection @param {Scenery} scenery */
function box(ctx, projection, {palette, scale}) {
  const backX = projection.sin > 0 ? 1 : -1;
  const backY = projection.cos > 0 ? 1 : -1;
  const line = (/** @type {number[][]} */ ...places) =>
    places.forEach(([x, y, z], i) => {
      const [px, py] = corner(projection, x, y, z);
      if (i) ctx.lineTo(px, py);
      else ctx.moveTo(px, py);
    });
  ctx.beginPath();
  line([-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]);
  ctx.fillStyle = palette["panel-2"];
  ctx.fill();
  for (const tick of lossTicks(scale)) {
    const z = heightOf(scale, tick) * TALL;
    line([-backX, backY, z], [backX, backY, z], [backX, -backY, z]);
  }
  line([backX, backY, 0], [backX, backY, TALL]);
  line([-backX, backY, 0], [-backX, backY, TALL]);
  line([backX, -backY, 0], [backX, -backY, TALL]);
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.stroke();
}

/** @param {import("./field.js").Scale} scale */
export function lossTicks({low, high, log, shift}) {
  return (log && shift === 0 ? logTicks(low, high, 4) : ticks(low, high, 4)).filter(
    tick => tick >= low && tick <= high,
  );
}

/**
 * Names and numbers along the front edges and the outermost upright; a number that would lie on another word is left
 * out.
 * @param {import("../../draw/plot.js").Sheet} sheet @param {Projection} projection @param {Scenery} scenery */
function axes({ctx, width, height}, projection, {palette, scale, field, names}) {
  const backX = projection.sin > 0 ? 1 : -1;
  const backY = projection.cos > 0 ? 1 : -1;
  const upright =
    corner(projection, -backX, backY, 0)[0] < corner(projection, backX, -backY, 0)[0]
      ? [-backX, backY]
      : [backX, -backY];
  ctx.font = `${palette.small - 1}px ${palette.font}`;
  ctx.textBaseline = "middle";
  const write = writer(ctx, palette.small - 1, width, height);
  const edges = [
    edge(ctx, projection, [0, -backY], palette, field.alpha),
    edge(ctx, projection, [-backX, 0], palette, field.beta),
  ];
  ctx.fillStyle = palette.text;
  edges.forEach(({name}, k) => name(names[k], write));
  ctx.fillStyle = palette.muted;
  for (const tick of lossTicks(scale)) {
    const [x, y] = corner(projection, upright[0], upright[1], heightOf(scale, tick) * TALL);
    write(compact(tick), x - 5, y, -1);
  }
  for (const {numbers} of edges) numbers(write);
}

/**
 * @typedef {(text: string, x: number, y: number, side: number) => void} Write words at a place: they end there (−1),
 * lie around it (0), begin there (1)
 */

/** Writes what does not touch what was written before, whole on the sheet.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} size of the letters, in pixels
 * @param {number} width
 * @param {number} height
 * @returns {Write}
 */
function writer(ctx, size, width, height) {
  /** @type {number[][]} */ const taken = [];
  return (text, x, down, side) => {
    const wide = ctx.measureText(text).width;
    const y = Math.min(down, height - size * 0.6);
    const left = Math.max(2, Math.min(width - wide - 2, side > 0 ? x : side < 0 ? x - wide : x - wide / 2));
    if (taken.some(([l, r, at]) => left < r + 3 && left + wide > l - 3 && Math.abs(y - at) < size)) return;
    taken.push([left, left + wide, y]);
    ctx.textAlign = "left";
    ctx.fillText(text, left, y);
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Projection} projection
 * @param {number[]} front which edge: 0 for the axis along it
 * @param {import("../../draw/plot.js").Palette} palette @param {[number, number]} range */
function edge(ctx, projection, front, palette, [low, high]) {
  const alongX = front[0] === 0;
  const values = ticks(low, high, 4);
  const gap = 4 + palette.small * 0.55;
  const place = (/** @type {number} */ s) =>
    alongX ? corner(projection, s, front[1], 0) : corner(projection, front[0], s, 0);
  const aside = place(0)[0] - corner(projection, 0, 0, 0)[0];
  const side = Math.abs(aside) < 4 ? 0 : Math.sign(aside);
  const at = (/** @type {number} */ value) => (2 * (value - low)) / (high - low) - 1;
  const middle = values.length ? values[values.length >> 1] : (low + high) / 2;
  const wide = Math.max(0, ...values.map(value => ctx.measureText(compact(value)).width));
  return {
    /** Beyond the numbers, in the middle. @param {string} text @param {Write} write */
    name(text, write) {
      const [x, y] = place(at(middle));
      write(text, x + side * (wide + 9), y + (side ? gap * 0.75 + palette.small * 0.5 : gap + palette.small), side);
    },
    /** @param {Write} write */
    numbers(write) {
      for (const value of values) {
        const [x, y] = place(at(value));
        write(compact(value), x + side * 3, y + gap * (side ? 0.75 : 1), side);
      }
    },
  };
}
