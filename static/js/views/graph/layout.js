// @ts-check
/**
 * Where the nodes of a computation graph stand: in columns, each before all that take it, the result last; and the
 * curves between them. What spans several columns bends around the nodes in between. Pure.
 */

/** @typedef {{from: number, to: number}} Edge */
/**
 * A place on the picture, of a node or of an edge that passes.
 * @typedef {{node: number, column: number, at: number}} Item
 */
/** @typedef {{x: number, y: number}} Point */
/**
 * @typedef {object} Scene
 * @property {number} width
 * @property {number} height
 * @property {Point[]} places middles of the nodes
 * @property {{d: string, x: number, y: number}[]} curves of the edges, and where their numbers stand
 */

const SWEEPS = 6;

/**
 * @param {number} count of nodes; inputs come before what takes them, the last is the result
 * @param {Edge[]} edges
 * @param {{width: number, height: number, apart: number, between: number, upright: boolean}} box size of a node in px,
 * how far nodes are apart within a column and the columns from each other, and whether these lie below each other
 * @returns {Scene}
 */
export function arrange(count, edges, box) {
  const columns = columnsOf(count, edges);
  const {items, ways} = itemsOf(columns, edges);
  const ranks = ordered(items, ways, Math.max(...columns) + 1);
  place(ranks, items, ways, box);
  return sceneOf(count, items, edges, ways, box);
}

/** The column of each node: as far right as what takes it allows. @param {number} count @param {Edge[]} edges */
export function columnsOf(count, edges) {
  const rank = new Array(count).fill(0);
  for (const {from, to} of [...edges].sort((a, b) => b.to - a.to)) rank[from] = Math.max(rank[from], rank[to] + 1);
  const most = Math.max(...rank);
  return rank.map(r => most - r);
}

/** Nodes, and a place in every column that an edge passes. @param {number[]} columns @param {Edge[]} edges */
function itemsOf(columns, edges) {
  /** @type {Item[]} */
  const items = columns.map((column, node) => ({node, column, at: 0}));
  const ways = edges.map(({from, to}) => {
    const way = [from];
    for (let column = columns[from] + 1; column < columns[to]; column += 1) {
      items.push({node: -1, column, at: 0});
      way.push(items.length - 1);
    }
    return [...way, to];
  });
  return {items, ways};
}

/** @param {number[][]} ways @param {number} count @returns {{before: number[][], after: number[][]}} */
function neighboursOf(ways, count) {
  const before = Array.from({length: count}, () => /** @type {number[]} */ ([]));
  const after = Array.from({length: count}, () => /** @type {number[]} */ ([]));
  for (const way of ways)
    for (let k = 1; k < way.length; k += 1) {
      before[way[k]].push(way[k - 1]);
      after[way[k - 1]].push(way[k]);
    }
  return {before, after};
}

/** The order within the columns that lets few edges cross.
 * @param {Item[]} items @param {number[][]} ways @param {number} n */
function ordered(items, ways, n) {
  const {before, after} = neighboursOf(ways, items.length);
  const ranks = Array.from({length: n}, (_, column) => items.flatMap((item, i) => (item.column === column ? [i] : [])));
  const number = () => ranks.forEach(rank => rank.forEach((i, k) => (items[i].at = k)));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const backward = sweep % 2 === 0;
    const beside = backward ? after : before;
    for (const rank of backward ? [...ranks].reverse() : ranks) {
      const wish = new Map(rank.map(i => [i, mean(beside[i].map(j => items[j].at)) ?? items[i].at]));
      rank.sort((a, b) => /** @type {number} */ (wish.get(a)) - /** @type {number} */ (wish.get(b)));
      rank.forEach((i, k) => (items[i].at = k));
    }
  }
  return ranks;
}

/** @param {number[]} numbers */
const mean = numbers => (numbers.length ? numbers.reduce((sum, x) => sum + x, 0) / numbers.length : null);

/** Distances within the columns. @param {number[][]} ranks @param {Item[]} items @param {number[][]} ways
 * @param {{apart: number}} box */
function place(ranks, items, ways, {apart}) {
  const {before, after} = neighboursOf(ways, items.length);
  const room = (/** @type {number} */ i) => (items[i].node < 0 ? apart / 3 : apart);
  for (const rank of ranks) {
    let at = 0;
    for (const i of rank) {
      items[i].at = at + room(i) / 2;
      at += room(i);
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const backward = sweep % 2 === 0;
    for (const rank of backward ? [...ranks].reverse() : ranks) settle(rank, items, room, backward ? after : before);
  }
  const least = Math.min(...items.map((item, i) => item.at - room(i) / 2));
  for (const item of items) item.at -= least;
}

/** Each to the middle of its neighbours, and none nearer to another than there is room.
 * @param {number[]} rank @param {Item[]} items @param {(i: number) => number} room @param {number[][]} beside */
function settle(rank, items, room, beside) {
  const wish = rank.map(i => mean(beside[i].map(j => items[j].at)) ?? items[i].at);
  const down = [...wish];
  const up = [...wish];
  for (let k = 1; k < rank.length; k += 1)
    down[k] = Math.max(down[k], down[k - 1] + (room(rank[k - 1]) + room(rank[k])) / 2);
  for (let k = rank.length - 2; k >= 0; k -= 1)
    up[k] = Math.min(up[k], up[k + 1] - (room(rank[k + 1]) + room(rank[k])) / 2);
  rank.forEach((i, k) => (items[i].at = (down[k] + up[k]) / 2));
}

/**
 * @param {number} count @param {Item[]} items @param {Edge[]} edges @param {number[][]} ways
 * @param {{width: number, height: number, between: number, upright: boolean}} box
 * @returns {Scene}
 */
function sceneOf(count, items, edges, ways, {width, height, between, upright}) {
  const along = upright ? height : width;
  const middle = (/** @type {Item} */ {column, at}) => {
    const far = column * (along + between) + along / 2;
    return upright ? {x: at, y: far} : {x: far, y: at};
  };
  const points = items.map(middle);
  const curves = ways.map((way, k) => {
    const twin = edges.slice(0, k).filter(({from, to}) => from === edges[k].from && to === edges[k].to).length;
    return curveOf(
      way.map(i => points[i]),
      along,
      upright,
      twin,
    );
  });
  const reach = (/** @type {"x" | "y"} */ axis, /** @type {number} */ size) =>
    Math.max(...points.slice(0, count).map(point => point[axis])) + size / 2;
  return {width: reach("x", width), height: reach("y", height), places: points.slice(0, count), curves};
}

/** A curve through points from box to box.
 * @param {Point[]} way @param {number} along @param {boolean} upright @param {number} twin */
function curveOf(way, along, upright, twin) {
  const shift = twin * 14;
  const ends = way.map((point, k) => {
    const side = k === 0 ? along / 2 : k === way.length - 1 ? -along / 2 : 0;
    return upright ? {x: point.x + shift, y: point.y + side} : {x: point.x + side, y: point.y + shift};
  });
  let d = `M${ends[0].x.toFixed(1)} ${ends[0].y.toFixed(1)}`;
  for (let k = 1; k < ends.length; k += 1) {
    const [a, b] = [ends[k - 1], ends[k]];
    const half = upright ? {x: 0, y: (b.y - a.y) / 2} : {x: (b.x - a.x) / 2, y: 0};
    const numbers = [a.x + half.x, a.y + half.y, b.x - half.x, b.y - half.y, b.x, b.y];
    d += `C${numbers.map(x => x.toFixed(1)).join(" ")}`;
  }
  const [a, b] = ends.slice(-2);
  return {d, x: a.x + (b.x - a.x) * 0.62, y: a.y + (b.y - a.y) * 0.62};
}
