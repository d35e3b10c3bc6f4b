// @ts-check
/** Parts of a page as SVG: lines of text, gradients, pictures in pictures, and what a style draws by itself. */

import {element, escaped} from "./recorder.js";
import {round} from "./svg_path.js";

/** @typedef {{left: number, top: number, width: number, height: number}} Rect */
/** @typedef {{text: string, rect: Rect, middle?: boolean}} Line `middle`: within a box that is higher than the line */

/** The text of a node by the lines that the browser has broken it into. @param {Text} node @returns {Line[]} */
export function linesOf(node) {
  const {data} = node;
  if (!data.trim()) return [];
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter(({width}) => width > 0);
  if (rects.length < 2) return rects.map(rect => ({text: data.trim(), rect}));
  /** @type {Line[]} */
  const lines = [];
  for (let at = 0; at < data.length; at++) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const rect = range.getBoundingClientRect();
    if (!rect.width) continue;
    const last = lines.at(-1);
    if (!last || Math.abs(rect.top - last.rect.top) > 2) {
      const {left, top, width, height} = rect;
      lines.push({text: data[at], rect: {left, top, width, height}});
    } else {
      last.text += data[at];
      last.rect.width = rect.right - last.rect.left;
    }
  }
  return lines;
}

/** @type {OffscreenCanvasRenderingContext2D | null} */
let ruler = null;

/** How far the base line lies below the top of a line's box, and how high the letters' box is. @param {string} font */
function measured(font) {
  ruler ??= new OffscreenCanvas(1, 1).getContext("2d");
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (ruler);
  pen.font = font;
  const {fontBoundingBoxAscent: above, fontBoundingBoxDescent: below} = pen.measureText("x");
  return {above, box: above + below};
}

/** A line of text where it stands. @param {Line} line @param {CSSStyleDeclaration} style
 * @param {{x: number, y: number, width: number, height: number}} place */
export function lineOf({text, middle}, style, {x, y, width, height}) {
  const {above, box} = measured(`${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`);
  const left = middle ? x + parseFloat(style.paddingLeft) + parseFloat(style.borderLeftWidth) : x;
  const centred = middle && style.textAlign === "center";
  const said = style.textTransform === "uppercase" ? text.toUpperCase() : text;
  const letter = style.textTransform === "math-auto"; // a single one in italics, which MathML has its own letters for
  return element(
    "text",
    {
      x: round(centred ? x + width / 2 : left),
      y: round(y + (height - box) / 2 + above),
      "text-anchor": centred ? "middle" : undefined,
      textLength: middle || letter ? undefined : round(width),
      lengthAdjust: middle || letter ? undefined : "spacingAndGlyphs",
      "font-family": style.fontFamily,
      "font-size": parseFloat(style.fontSize),
      "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
      "font-style": letter ? "italic" : style.fontStyle === "normal" ? undefined : style.fontStyle,
      style: "white-space:pre;font-variant-numeric:tabular-nums",
      fill: style.color,
    },
    escaped(said),
  );
}

/** What a field says. @param {Element} node */
export function valueOf(node) {
  if (node instanceof HTMLSelectElement) return node.selectedOptions[0]?.label ?? "";
  if (node instanceof HTMLInputElement && ["text", "number"].includes(node.type)) return node.value;
  return "";
}

/** A picture that is SVG already, with the colours that it has from the page. @param {SVGSVGElement} svg
 * @param {{x: number, y: number, width: number, height: number}} place */
export function inlineSvg(svg, place) {
  if (!place.width) return "";
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const from = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((part, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of ["fill", "stroke", "stroke-width", "opacity"])
      part.setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "style"]) part.removeAttribute(name);
  });
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  return new XMLSerializer().serializeToString(copy);
}

/** A gradient of CSS that runs in a straight line. @param {string} image @param {string} id */
export function gradientOf(image, id) {
  const found = /^linear-gradient\((.*)\)$/.exec(image);
  if (!found) return null;
  const parts = found[1].split(/,(?![^(]*\))/).map(part => part.trim());
  const angle = /deg$/.test(parts[0]) ? parseFloat(/** @type {string} */ (parts.shift())) : 180;
  const turn = (angle * Math.PI) / 180;
  const [x, y] = [Math.sin(turn) / 2, -Math.cos(turn) / 2];
  const stops = parts.map((part, k) => {
    const [, colour, share] = /** @type {RegExpExecArray} */ (/^(.*?)(?:\s+([\d.]+)%)?$/.exec(part));
    return element("stop", {offset: share ? +share / 100 : round(k / (parts.length - 1)), "stop-color": colour});
  });
  const ends = {x1: round(0.5 - x), y1: round(0.5 - y), x2: round(0.5 + x), y2: round(0.5 + y)};
  return {id, text: element("linearGradient", {id, ...ends}, stops.join(""))};
}

/** @typedef {{place(rect: Rect): {x: number, y: number, width: number, height: number}}} Placed */

/** A dot that a style puts before the words. @param {Element} node @param {string} which @param {Placed} page */
export function pseudoOf(node, which, page) {
  const style = getComputedStyle(node, which);
  if (style.content !== '""' || style.display === "none") return "";
  const [width, height] = [parseFloat(style.width), parseFloat(style.height)];
  if (!(width > 0) || !(height > 0) || style.position === "absolute") return "";
  const {left, top, height: high} = node.getBoundingClientRect();
  const {x, y} = page.place({left, top: top + (high - height) / 2, width, height});
  const look = {fill: style.backgroundColor, rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2)};
  return element("rect", {x, y, width, height, ...look});
}

/** The bar of a fraction, which belongs to no text. @param {Element} node @param {CSSStyleDeclaration} style
 * @param {Placed} page */
export function ruleOf(node, style, page) {
  if (node.localName !== "mfrac" || node.children.length < 2) return "";
  const rect = node.getBoundingClientRect();
  const [above, below] = [...node.children].map(child => child.getBoundingClientRect());
  const {x, y, width} = page.place({
    left: rect.left,
    top: (above.bottom + below.top) / 2,
    width: rect.width,
    height: 0,
  });
  return element("line", {x1: x, y1: y, x2: x + width, y2: y, stroke: style.color, "stroke-width": 1});
}
