// @ts-check
/**
 * A part of the page as one SVG document: what is painted on canvases as lines and letters, and boxes and text around
 * it from where the browser has put them.
 */

import {dataOf, element, escaped, nameFor, Recorder} from "./recorder.js";
import {painterOf} from "./repaint.js";
import {gradientOf, inlineSvg, lineOf, linesOf, pseudoOf, ruleOf, valueOf} from "./snapshot_parts.js";
import {round} from "./svg_path.js";

/** @typedef {{x: number, y: number}} Corner */
/** @typedef {{title: string, address: string, language: string}} About what a picture says of itself */

/**
 * What a picture leaves out: what could be pressed there but does not say what is chosen.
 * What is pressed or checked stays, for it says what the picture shows.
 */
const LEFT_OUT = [
  "button:not([aria-pressed=true]), [role=tablist], .plot-segment, .segment",
  "label:has(> input[type=checkbox]:not(:checked))",
  "input[type=range], .network-hint, .network-normalization:not(.on)",
  "[role=progressbar]",
  "[popover]",
  "template, script, style, noscript",
  ".spoken",
].join();

/** @param {string} colour */
const isClear = colour => colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour) || /\/ 0\)$/.test(colour);

/**
 * @param {HTMLElement} root
 * @param {About} about
 * @returns {{svg: string, width: number, height: number}}
 */
export function snapshot(root, about) {
  const {left: x, top: y, width, height} = root.getBoundingClientRect();
  const listened = listen(root);
  const body = new Page({x, y}, listened).box(root);
  const namespaces = {xmlns: "http://www.w3.org/2000/svg", "xml:lang": about.language};
  const size = {width: round(width), height: round(height), viewBox: `0 0 ${round(width)} ${round(height)}`};
  const told = element("title", {}, escaped(about.title)) + element("metadata", {}, metadataOf(about));
  return {svg: element("svg", {...namespaces, ...size}, told + body), width, height};
}

/** Title and address, in the words that drawing programs read. @param {About} about */
function metadataOf({title, address}) {
  const spaces = {
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
  };
  const said = element("dc:title", {}, escaped(title)) + element("dc:source", {}, escaped(address));
  return element("rdf:RDF", spaces, element("rdf:Description", {"rdf:about": ""}, said));
}

/**
 * Let every canvas be painted once more, and listen. @param {HTMLElement} root
 * @returns {Map<HTMLCanvasElement, string>}
 */
function listen(root) {
  const canvases = [...root.querySelectorAll("canvas")].filter(canvas => painterOf(canvas) && canvas.clientWidth);
  const recorders = canvases.map(canvas => {
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    return {canvas, recorder: new Recorder(ctx, canvas.clientWidth)};
  });
  /** @type {Map<HTMLCanvasElement, string>} */
  const told = new Map();
  try {
    for (const paint of new Set(canvases.map(painterOf))) paint?.();
  } finally {
    for (const {canvas, recorder} of recorders) told.set(canvas, recorder.done());
  }
  return told;
}

class Page {
  /** @param {Corner} corner of the picture in the window @param {Map<HTMLCanvasElement, string>} painted */
  constructor({x, y}, painted) {
    this.x = x;
    this.y = y;
    this.painted = painted;
  }

  /** An element with all that it holds. @param {Element} node @returns {string} */
  box(node) {
    if (node.matches(LEFT_OUT)) return "";
    const style = getComputedStyle(node);
    if (style.display === "none" || style.opacity === "0") return "";
    const rect = node.getBoundingClientRect();
    const seen = style.visibility !== "hidden";
    const inner = (seen ? this.surface(style, rect) : "") + this.content(node, style, rect);
    const opacity = +style.opacity < 1 ? +style.opacity : undefined;
    const clip = inner && this.clipOf(node, style, rect);
    if (!clip && opacity === undefined) return inner;
    if (!inner) return "";
    const id = clip ? nameFor("box") : "";
    const cut = clip && element("clipPath", {id}, clip);
    return cut + element("g", {opacity, "clip-path": id && `url(#${id})`}, inner);
  }

  /**
   * What is cut off where something scrolls.
   * @param {Element} node @param {CSSStyleDeclaration} style @param {DOMRect} rect
   */
  clipOf(node, style, rect) {
    const over = node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1;
    return over && style.overflow !== "visible" && style.display !== "inline" && rect.width
      ? element("rect", this.place(rect))
      : "";
  }

  /** @param {{left: number, top: number, width: number, height: number}} rect */
  place({left, top, width, height}) {
    return {x: round(left - this.x), y: round(top - this.y), width: round(width), height: round(height)};
  }

  /** Ground and border. @param {CSSStyleDeclaration} style @param {DOMRect} rect */
  surface(style, rect) {
    if (!rect.width || !rect.height) return "";
    const place = this.place(rect);
    const rx = Math.min(parseFloat(style.borderTopLeftRadius) || 0, rect.height / 2, rect.width / 2);
    const gradient = gradientOf(style.backgroundImage, nameFor("shade"));
    const fill = gradient ? `url(#${gradient.id})` : isClear(style.backgroundColor) ? "none" : style.backgroundColor;
    const border = parseFloat(style.borderTopWidth);
    const around = border && ["Right", "Bottom", "Left"].every(side => sideOf(style, side) === sideOf(style, "Top"));
    if (!around) {
      const ground = fill === "none" ? "" : element("rect", {...place, rx, fill});
      return (gradient?.text ?? "") + ground + this.sides(style, rect);
    }
    const inset = border / 2;
    const [x, y, width, height] = [place.x + inset, place.y + inset, place.width - border, place.height - border];
    const stroke = isClear(style.borderTopColor) ? "none" : style.borderTopColor;
    const dashes = style.borderTopStyle === "dashed" ? `${3 * border} ${2 * border}` : undefined;
    const look = {fill, stroke, "stroke-width": border, "stroke-dasharray": dashes};
    return (gradient?.text ?? "") + element("rect", {x, y, width, height, rx: Math.max(0, rx - inset), ...look});
  }

  /** Borders that are not the same all around. @param {CSSStyleDeclaration} style @param {DOMRect} rect */
  sides(style, {left, right, top, bottom}) {
    const lines = {
      Top: [left, top, right, top],
      Bottom: [left, bottom, right, bottom],
      Left: [left, top, left, bottom],
      Right: [right, top, right, bottom],
    };
    return Object.entries(lines)
      .map(([side, [x1, y1, x2, y2]]) => {
        const [width, kind, colour] = sideOf(style, side).split("|");
        if (!parseFloat(width) || kind === "none" || isClear(colour)) return "";
        const ends = {x1: round(x1 - this.x), y1: round(y1 - this.y), x2: round(x2 - this.x), y2: round(y2 - this.y)};
        return element("line", {...ends, stroke: colour, "stroke-width": parseFloat(width)});
      })
      .join("");
  }

  /** @param {Element} node @param {CSSStyleDeclaration} style @param {DOMRect} rect */
  content(node, style, rect) {
    if (node instanceof HTMLCanvasElement) return this.canvas(node, rect);
    if (node instanceof HTMLImageElement)
      return rect.width ? element("image", {href: node.src, ...this.place(rect), preserveAspectRatio: "none"}) : "";
    if (node instanceof SVGSVGElement) return inlineSvg(node, this.place(rect));
    const value = valueOf(node);
    if (value) return this.line({text: value, rect, middle: true}, style);
    const parts = [...node.childNodes].map(child => {
      if (child instanceof Element) return this.box(child);
      return child instanceof Text && style.visibility !== "hidden" ? this.text(child, style) : "";
    });
    return [pseudoOf(node, "::before", this), ...parts, ruleOf(node, style, this)].join("");
  }

  /** @param {HTMLCanvasElement} canvas @param {DOMRect} rect */
  canvas(canvas, rect) {
    const painted = this.painted.get(canvas);
    const place = this.place(rect);
    if (painted !== undefined) return painted && element("g", {transform: `translate(${place.x} ${place.y})`}, painted);
    return rect.width ? element("image", {href: dataOf(canvas), ...place, preserveAspectRatio: "none"}) : "";
  }

  /** @param {Text} node @param {CSSStyleDeclaration} style */
  text(node, style) {
    return linesOf(node)
      .map(line => this.line(line, style))
      .join("");
  }

  /** One line of text. @param {import("./snapshot_parts.js").Line} line @param {CSSStyleDeclaration} style */
  line(line, style) {
    return lineOf(line, style, this.place(line.rect));
  }
}

/** A border as one word. @param {CSSStyleDeclaration} style @param {string} side */
function sideOf(style, side) {
  const read = (/** @type {string} */ what) => style.getPropertyValue(`border-${side.toLowerCase()}-${what}`);
  return [read("width"), read("style"), read("color")].join("|");
}
