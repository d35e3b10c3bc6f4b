// @ts-check
/** Picking two weights on the diagram for the loss surface. */

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Layout} Layout */

/** The place in θ of what was picked: a weight's own, a neuron's bias; −1 where there is none that is trained.
 * @param {Pick} pick @param {Layout} layout @returns {number} */
export function indexOf(pick, {blocks, sizes}) {
  if (pick.layer < 1) return -1;
  const {offset, rows, cols, fixed} = blocks[pick.layer - 1];
  const n_in = sizes[pick.layer - 1];
  const from = pick.kind === "weight" ? pick.from : n_in;
  const to = pick.kind === "weight" ? pick.to : pick.index;
  return from >= rows || to >= cols || (from === n_in && fixed) ? -1 : offset + from * cols + to;
}

/** What is picked once `pick` has been clicked: added, or taken back where it was picked already.
 * @param {{index: number, pick: Pick}[]} picked @param {Pick | null} pick @param {Layout} layout */
export function withPick(picked, pick, layout) {
  const index = pick ? indexOf(pick, layout) : -1;
  if (!pick || index < 0) return picked;
  return picked.some(one => one.index === index)
    ? picked.filter(one => one.index !== index)
    : [...picked, {index, pick}];
}

/** Takes clicks while two weights are wanted; with the second one their plane is asked for.
 * @param {import("../../types").ViewContext} context */
export function createPicker({choose, act, view}) {
  /**
   * @param {Pick | null} pick
   * @param {Layout | null | undefined} layout
   * @returns {boolean} whether the click was taken
   */
  return (pick, layout) => {
    const {picking} = view();
    if (!picking) return false;
    const picked = layout ? withPick(picking, pick, layout) : [];
    choose({picking: picked.length < 2 ? picked : null});
    if (picked.length === 2) act("surface", {plane: "weights", weights: picked.map(({index}) => index)});
    return true;
  };
}
