// @ts-check
/**
 * What is painted on a canvas, written down as SVG: for the time of a painting the canvas's own calls are listened to
 * and go on to the canvas as ever, so that a view paints as it always does and nothing is drawn twice.
 */

import {lettered} from "./lettering.js";
import {enlarged, PATH, round} from "./svg_path.js";
import {callsOf} from "./traced.js";

/** @param {unknown} text */
export const escaped = text =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** An element without content, or with it. @param {string} name @param {Record<string, unknown>} attributes
 * @param {string} [content] escaped already */
export function element(name, attributes, content) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join("");
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** What a font of CSS asks for. @param {string} font */
export function fontOf(font) {
  const parts = /^(.*?)([\d.]+)px(?:\/\S+)? (.*)$/.exec(font);
  if (!parts) return {};
  const weight = /\b(bold|\d{3})\b/.exec(parts[1])?.[1];
  const style = /\b(italic|oblique)\b/.exec(parts[1])?.[1];
  return {"font-size": +parts[2], "font-family": parts[3], "font-weight": weight, "font-style": style};
}

const ANCHORS = /** @type {Record<string, string>} */ ({center: "middle", right: "end", end: "end"});
/** Parts of a document have names that are used once in it. */
let names = 0;
/** A new name within the document. @param {string} kind */
export const nameFor = kind => `${kind}${++names}`;

/** One canvas that is listened to. */
export class Recorder {
  /** @type {string[]} */
  parts = [];
  path = "";
  /** What it is clipped to, and to what it was before each save. @type {string | null} */
  clipped = null;
  /** @type {(string | null)[]} */
  saved = [];

  /** @param {CanvasRenderingContext2D} ctx @param {number} width of the canvas in CSS pixels */
  constructor(ctx, width) {
    this.ctx = ctx;
    this.ratio = width > 0 ? ctx.canvas.width / width : 1;
    this.listened = this.listen();
  }

  /** Hear every call before the canvas does. @returns {string[]} */
  listen() {
    const own = /** @type {any} */ (this.ctx);
    const heard = /** @type {Record<string, (...args: any[]) => void>} */ ({
      beginPath: () => (this.path = ""),
      fill: (...args) => this.drawPath(args, {fill: this.ctx.fillStyle}),
      stroke: (...args) => this.drawPath(args, this.strokeOf()),
      clip: (...args) => this.clip(args),
      save: () => this.saved.push(this.clipped),
      restore: () => (this.clipped = this.saved.pop() ?? null),
      fillRect: (...args) => this.rect(args, {fill: this.ctx.fillStyle}),
      strokeRect: (...args) => this.rect(args, this.strokeOf()),
      clearRect: (...args) => this.clear(args),
      fillText: (text, x, y) => this.text(text, x, y, {fill: this.ctx.fillStyle}),
      strokeText: (text, x, y) => this.text(text, x, y, this.strokeOf()),
      drawImage: (...args) => this.image(args),
      putImageData: (image, x, y) => this.pixels(image, x, y),
    });
    for (const name of Object.keys(PATH)) heard[name] = (...args) => this.trace(name, args);
    for (const [name, hear] of Object.entries(heard))
      own[name] = (/** @type {any[]} */ ...args) => {
        hear(...args);
        return Reflect.apply(/** @type {any} */ (CanvasRenderingContext2D.prototype)[name], own, args);
      };
    return Object.keys(heard);
  }

  /** Listen no longer. @returns {string} what was painted, as SVG in CSS pixels from the canvas's corner */
  done() {
    for (const name of this.listened) delete (/** @type {any} */ (this.ctx)[name]);
    return this.parts.join("");
  }

  /** The transform, from the caller's coordinates to CSS pixels. */
  get matrix() {
    return new DOMMatrix([1 / this.ratio, 0, 0, 1 / this.ratio, 0, 0]).multiply(this.ctx.getTransform());
  }

  /** @param {string} part */
  add(part) {
    if (this.ctx.globalCompositeOperation === "source-over")
      this.parts.push(this.clipped ? element("g", {"clip-path": `url(#${this.clipped})`}, part) : part);
  }

  /** @param {string} name @param {any[]} args */
  trace(name, args) {
    this.path += PATH[name](this.matrix, args, this.path !== "");
  }

  /** What is drawn: the current path, or one that is handed over. @param {any[]} args */
  dOf([path]) {
    if (!(path instanceof Path2D)) return this.path;
    const {matrix} = this;
    return callsOf(path).reduce((d, [name, ...numbers]) => d + PATH[name](matrix, numbers, d !== ""), "");
  }

  strokeOf() {
    const {ctx, matrix} = this;
    const scale = enlarged(matrix);
    const dashes = ctx.getLineDash().map(length => round(length * scale));
    return {
      fill: "none",
      stroke: ctx.strokeStyle,
      "stroke-width": round(ctx.lineWidth * scale),
      "stroke-linecap": ctx.lineCap === "butt" ? undefined : ctx.lineCap,
      "stroke-linejoin": ctx.lineJoin === "miter" ? undefined : ctx.lineJoin,
      "stroke-dasharray": dashes.join(" "),
    };
  }

  get opacity() {
    const {globalAlpha} = this.ctx;
    return globalAlpha < 1 ? round(globalAlpha) : undefined;
  }

  /** @param {any[]} args @param {Record<string, unknown>} look */
  drawPath(args, look) {
    const d = this.dOf(args);
    const rule = args.includes("evenodd") ? "evenodd" : undefined;
    if (d && this.ctx.globalAlpha > 0)
      this.add(element("path", {d, ...look, "fill-rule": rule, opacity: this.opacity}));
  }

  /** @param {any[]} args @param {Record<string, unknown>} look */
  rect(args, look) {
    this.add(element("path", {d: PATH.rect(this.matrix, args, false), ...look, opacity: this.opacity}));
  }

  /** @param {any[]} args */
  clip(args) {
    const id = nameFor("clip");
    const shape = element("path", {d: this.dOf(args), "clip-rule": args.includes("evenodd") ? "evenodd" : undefined});
    const within = this.clipped ? `url(#${this.clipped})` : undefined;
    this.parts.push(element("clipPath", {id, "clip-path": within}, shape));
    this.clipped = id;
  }

  /** A sheet that is wiped whole begins anew. @param {any[]} args */
  clear([x, y, width, height]) {
    const {a, d, e, f} = this.matrix;
    const {canvas} = this.ctx;
    const covers = a * width >= canvas.width / this.ratio - 1 && d * height >= canvas.height / this.ratio - 1;
    if (covers && a * x + e < 1 && d * y + f < 1) this.parts = [];
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, unknown>} look */
  text(text, x, y, look) {
    const {ctx} = this;
    this.write(text, x, y + riseOf(ctx), {
      ...fontOf(ctx.font),
      ...look,
      "text-anchor": ANCHORS[ctx.textAlign],
      opacity: this.opacity,
    });
  }

  /** @param {string} text @param {number} x @param {number} y of its base line @param {Record<string, unknown>} look */
  write(text, x, y, look) {
    const {a, b, c, d, e, f} = this.matrix;
    const straight = b === 0 && c === 0 && Math.abs(a - 1) < 1e-6 && Math.abs(d - 1) < 1e-6;
    const place = straight
      ? {x: round(x + e), y: round(y + f)}
      : {x: round(x), y: round(y), transform: `matrix(${[a, b, c, d, e, f].map(n => +n.toFixed(4)).join(" ")})`};
    this.add(element("text", {...place, ...look}, escaped(text)));
  }

  /** @param {any[]} args as `drawImage` takes them */
  image([source, ...numbers]) {
    const word = lettered(source);
    const [sx, sy, sw, sh, x, y, w, h] = numbers.length > 4 ? numbers : [0, 0, source.width, source.height, ...numbers];
    if (word) {
      this.word(word, x, y, h ?? source.height);
      return;
    }
    const size = [w ?? sw, h ?? sh];
    const part = sw === source.width && sh === source.height ? source : cut(source, [sx, sy, sw, sh]);
    this.picture(dataOf(part), [x, y, size[0], size[1]], this.ctx.imageSmoothingEnabled);
  }

  /** A word that is painted as a picture. @param {NonNullable<ReturnType<typeof lettered>>} word @param {number} x
   * @param {number} y @param {number} height */
  word({text, look, inset, rise}, x, y, height) {
    const font = fontOf(look.font);
    const base = y + height / 2 + rise;
    const rim = {fill: "none", stroke: look.rim, "stroke-width": inset, "stroke-linejoin": "round"};
    if (look.rim) this.write(text, x + inset, base, {...font, ...rim, opacity: round(0.7 * this.ctx.globalAlpha)});
    this.write(text, x + inset, base, {...font, fill: look.colour, opacity: this.opacity});
  }

  /** @param {string} href @param {number[]} place @param {boolean} smooth */
  picture(href, [x, y, width, height], smooth) {
    const {a, b, c, d, e, f} = this.matrix;
    this.add(
      element("image", {
        href,
        width: round(width),
        height: round(height),
        preserveAspectRatio: "none",
        transform: `matrix(${[a, b, c, d, e + a * x + c * y, f + b * x + d * y].map(n => +n.toFixed(4)).join(" ")})`,
        style: smooth ? undefined : "image-rendering:pixelated",
        opacity: this.opacity,
      }),
    );
  }

  /** @param {ImageData} image @param {number} x @param {number} y in the canvas's own pixels */
  pixels(image, x, y) {
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    const side = 1 / this.ratio;
    const place = {x: x * side, y: y * side, width: image.width * side, height: image.height * side};
    this.add(element("image", {href: dataOf(canvas), ...place, preserveAspectRatio: "none"}));
  }
}

/** How far the base line of letters lies below the line that they are put on. @param {CanvasRenderingContext2D} ctx */
function riseOf(ctx) {
  const {textBaseline} = ctx;
  if (textBaseline === "alphabetic") return 0;
  const asked = ctx.measureText("x").fontBoundingBoxAscent;
  ctx.textBaseline = "alphabetic";
  const rise = ctx.measureText("x").fontBoundingBoxAscent - asked;
  ctx.textBaseline = textBaseline;
  return rise;
}

/** A part of a picture. @param {CanvasImageSource} source @param {number[]} part */
function cut(source, [x, y, width, height]) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  canvas.getContext("2d")?.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A picture as a data address. @param {any} source a canvas of either kind, or an image @returns {string} */
export function dataOf(source) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, source.width), Math.max(1, source.height)];
  if (source.width && source.height) canvas.getContext("2d")?.drawImage(source, 0, 0);
  return canvas.toDataURL("image/png");
}
