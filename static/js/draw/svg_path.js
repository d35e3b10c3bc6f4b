// @ts-check
/** A canvas's path as the `d` of an SVG path: every call, at the place that the transform of its time gives it. */

const TURN = 2 * Math.PI;

/** Short enough for a file, finer than any screen. @param {number} x */
export const round = x => +x.toFixed(2);

/** Where a point lands: x and y as an SVG path writes them. @param {DOMMatrix} m @param {number} x @param {number} y */
function placed(m, x, y) {
  return `${round(m.a * x + m.c * y + m.e)} ${round(m.b * x + m.d * y + m.f)}`;
}

/** How much a transform enlarges lengths. @param {DOMMatrix} m */
export const enlarged = m => Math.sqrt(Math.abs(m.a * m.d - m.b * m.c));

/**
 * The calls that draw a path, by name; `m` is the transform, and whether the path has begun is told by `begun`.
 * @type {Record<string, (m: DOMMatrix, args: any[], begun: boolean) => string>}
 */
export const PATH = {
  moveTo: (m, [x, y]) => `M${placed(m, x, y)}`,
  lineTo: (m, [x, y], begun) => `${begun ? "L" : "M"}${placed(m, x, y)}`,
  bezierCurveTo: (m, [a, b, c, d, x, y]) => `C${placed(m, a, b)} ${placed(m, c, d)} ${placed(m, x, y)}`,
  quadraticCurveTo: (m, [a, b, x, y]) => `Q${placed(m, a, b)} ${placed(m, x, y)}`,
  closePath: () => "Z",
  rect: (m, [x, y, w, h]) =>
    `M${placed(m, x, y)}L${placed(m, x + w, y)}L${placed(m, x + w, y + h)}L${placed(m, x, y + h)}Z`,
  roundRect: (m, [x, y, w, h, radius = 0]) => rounded(m, x, y, w, h, Array.isArray(radius) ? radius[0] : radius),
  arc,
};

/** @param {DOMMatrix} m @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r */
function rounded(m, x, y, w, h, r) {
  const k = Math.min(r, w / 2, h / 2);
  const corner = (/** @type {number[]} */ way) => `Q${placed(m, way[0], way[1])} ${placed(m, way[2], way[3])}`;
  return [
    `M${placed(m, x + k, y)}L${placed(m, x + w - k, y)}`,
    corner([x + w, y, x + w, y + k]),
    `L${placed(m, x + w, y + h - k)}`,
    corner([x + w, y + h, x + w - k, y + h]),
    `L${placed(m, x + k, y + h)}`,
    corner([x, y + h, x, y + h - k]),
    `L${placed(m, x, y + k)}`,
    corner([x, y, x + k, y]),
    "Z",
  ].join("");
}

/** Arcs of a circle; a whole one is written as two halves. @param {DOMMatrix} m @param {any[]} args
 * @param {boolean} begun */
function arc(m, [x, y, radius, from, to, counter = false], begun) {
  const at = (/** @type {number} */ angle) => placed(m, x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  const r = round(radius * enlarged(m));
  const whole = Math.abs(to - from) >= TURN - 1e-9;
  const way = whole ? TURN : (((counter ? from - to : to - from) % TURN) + TURN) % TURN;
  const sign = counter ? -1 : 1;
  const half = from + (sign * way) / 2;
  const sweep = counter ? 0 : 1;
  const begin = `${begun ? "L" : "M"}${at(from)}`;
  return `${begin}A${r} ${r} 0 0 ${sweep} ${at(half)}A${r} ${r} 0 0 ${sweep} ${at(from + sign * way)}`;
}
