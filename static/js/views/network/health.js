// @ts-check
/** Marks of the gradient laboratory in the diagram: dead neurons are crossed out, saturated ones barred. */

/** @typedef {import("../../types").State} State */
/** @typedef {import("./scene.js").Scene} Scene */

/** @typedef {{x: number, y: number, size: number, kind: number}} Mark */

/** The state of every neuron after the input, while the laboratory is open; null for none. @param {State} state */
export function healthOf({view, laboratory, layout}) {
  return view.laboratory && laboratory && laboratory.layout === layout?.id ? laboratory.health : null;
}

/**
 * Where the marks stand: on neurons, or beside the rows of weight matrices.
 * @param {Scene} scene
 * @param {Int32Array} health
 * @returns {Mark[]}
 */
export function marksOf({g, part, whole, matrices}, health) {
  const marks = /** @type {Mark[]} */ ([]);
  const {sizes} = whole;
  const from = part?.from ?? 0;
  const to = part ? part.from + part.sizes.length - 1 : sizes.length - 1;
  let unit = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    for (let j = 0; j < sizes[layer]; j++, unit++) {
      const kind = health[unit];
      const local = layer - from;
      if (!kind || layer < from || layer > to) continue;
      if (matrices) {
        const {x, y, side} = /** @type {import("./matrices_layout.js").Grid} */ (g).cells[layer];
        const row = side / sizes[layer];
        marks.push({x: x - 3, y: y + (j + 0.5) * row, size: Math.max(1.5, row), kind});
      } else {
        const {first, columns, x, y} = /** @type {import("./layout.js").Geometry} */ (g);
        marks.push({x: x[first[local] + j], y: y[first[local] + j], size: columns[local].size, kind});
      }
    }
  }
  return marks;
}

/** @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {Int32Array | null} health */
export function drawHealth(ctx, scene, health) {
  if (!health?.some(kind => kind !== 0)) return;
  const {palette, matrices} = scene;
  for (const {x, y, size, kind} of marksOf(scene, health)) {
    const colour = kind === 2 ? palette.bad : palette.warn;
    const half = size / 2 + 1;
    if (matrices) {
      ctx.fillStyle = colour;
      ctx.fillRect(x - 1.5, y - size / 2, 3, size);
      continue;
    }
    for (const [style, width] of /** @type {[string, number][]} */ ([
      [palette.panel, 4.6],
      [colour, 2.2],
    ])) {
      ctx.strokeStyle = style;
      ctx.lineWidth = Math.min(width, size * 0.4) * palette.stroke;
      ctx.beginPath();
      if (kind === 2) {
        ctx.moveTo(x - half, y - half);
        ctx.lineTo(x + half, y + half);
        ctx.moveTo(x - half, y + half);
        ctx.lineTo(x + half, y - half);
      } else {
        ctx.moveTo(x - half - 1, y);
        ctx.lineTo(x + half + 1, y);
      }
      ctx.stroke();
    }
  }
}
