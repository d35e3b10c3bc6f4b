// @ts-check
/** A network at a glance: its layers as columns of neurons, and what joins them. */

import {h} from "../../draw/dom.js";

/** @typedef {{x: number, y: number}} Dot */
/** @typedef {{dots: Dot[], lines: [Dot, Dot][], radius: number}} Scene px */

/** Neurons of a layer that are drawn: of more, each stands for several. */
const MOST = 5;
/** Between the neurons of a layer, and at the edges, in parts of the height. */
const [GAP, EDGE] = [0.17, 0.1];

/**
 * Where the neurons of a network stand. Pure.
 * @param {number[]} sizes neurons of each layer, inputs and outputs included
 * @param {number} width px
 * @param {number} height px
 * @returns {Scene}
 */
export function networkScene(sizes, width, height) {
  const shown = sizes.map(size => Math.min(size, MOST));
  const radius = Math.min(height * 0.055, (width / sizes.length) * 0.22);
  const edge = height * EDGE;
  const apart = (width - 2 * edge) / Math.max(1, sizes.length - 1);
  const columns = shown.map((count, layer) =>
    Array.from({length: count}, (_, k) => ({
      x: edge + layer * apart,
      y: height * (0.5 + (k - (count - 1) / 2) * GAP),
    })),
  );
  const lines = columns
    .slice(1)
    .flatMap((column, layer) =>
      columns[layer].flatMap(from => column.map(to => /** @type {[Dot, Dot]} */ ([from, to]))),
    );
  return {dots: columns.flat(), lines, radius};
}

/**
 * @param {HTMLImageElement} picture
 * @param {number[]} sizes neurons of each layer
 * @param {{line: string, dot: string}} colours
 */
export function paintNetwork(picture, sizes, colours) {
  const [width, height] = [picture.width * 2, picture.height * 2];
  const canvas = h("canvas", {width, height});
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const {dots, lines, radius} = networkScene(sizes, width, height);
  pen.strokeStyle = colours.line;
  pen.beginPath();
  for (const [from, to] of lines) {
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
  }
  pen.stroke();
  pen.fillStyle = colours.dot;
  for (const {x, y} of dots) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }
  picture.src = canvas.toDataURL();
}
