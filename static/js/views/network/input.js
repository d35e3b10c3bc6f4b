// @ts-check
/** Pointer and keys on the diagram, as what they mean: look at, pin, open, leave. */

import {columnAt, walk, walkAlong} from "./finding.js";
import {inward, outward} from "./window.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./network.js").Diagram} Diagram */

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Diagram} diagram @returns {() => void} which ends what is still to come */
export function listen(diagram) {
  const {stage} = diagram.parts;
  const {heads} = diagram.header;
  let coming = 0;
  const cancel = () => {
    cancelAnimationFrame(coming);
    coming = 0;
  };
  stage.addEventListener("pointermove", event => {
    if (event.pointerType === "touch" || coming) return;
    coming = requestAnimationFrame(() => {
      coming = 0;
      lookAt(diagram, pickUnder(diagram, event));
    });
  });
  stage.addEventListener("pointerleave", () => {
    cancel();
    lookAt(diagram, null);
  });
  stage.addEventListener("click", event => click(diagram, event));
  stage.addEventListener("blur", () => lookAt(diagram, null));
  stage.addEventListener("keydown", event => {
    if (!diagram.scene || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(diagram, event)) event.preventDefault();
  });
  heads.addEventListener("pointermove", event => takeLayerUnder(diagram, event.clientX));
  return cancel;
}

/** @param {Diagram} diagram @param {Pick | null} pick */
function lookAt({context}, pick) {
  if (!same(pick, context.view().hover)) context.choose({hover: pick});
}

/** px from the drawing's corner. @param {Diagram} diagram @param {MouseEvent} event @returns {[number, number]} */
function placeOf({parts}, event) {
  const box = parts.stage.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** What lies under the pointer. @param {Diagram} diagram @param {MouseEvent} event @returns {Pick | null} */
function pickUnder(diagram, event) {
  const {scene, painter} = diagram;
  const control = event.target instanceof Element && event.target.closest("button, select, .network-loss");
  if (!scene || control) return null;
  const [x, y] = placeOf(diagram, event);
  const selected = inward(diagram.context.view().selected, scene.part);
  return outward(scene.under(x, y, painter.P, selected), scene.part?.from ?? 0);
}

/**
 * A click opens a matrix, else pins what is under it, or lets go of what was pinned; on a node "1" it goes on to the
 * next of its biases.
 * @param {Diagram} diagram
 * @param {MouseEvent} event
 */
function click(diagram, event) {
  const {scene, gaze, context} = diagram;
  const place = placeOf(diagram, event);
  const layer = scene?.layerAt(...place) ?? -1;
  if (layer >= 0) return diagram.open(Math.max(1, layer));
  const pick = pickUnder(diagram, event);
  const again = pick !== null && same(pick, context.view().selected);
  const next = again && scene?.isBias(...place) ? nextBias(pick, scene.whole.sizes) : null;
  gaze.pin(next ?? pick, again && !next);
}

/** The bias of the next neuron, null where there is one only. @param {Pick} pick @param {number[]} sizes
 * @returns {Pick | null} */
const nextBias = (pick, sizes) =>
  pick.kind === "weight" && sizes[pick.layer] > 1 ? {...pick, to: (pick.to + 1) % sizes[pick.layer]} : null;

/** @param {Diagram} diagram @param {KeyboardEvent} event @returns {boolean} whether it meant something */
function press(diagram, {key, shiftKey}) {
  if (key === "Escape") return leave(diagram);
  if (key === "Enter" || key === " ") enter(diagram);
  else return step(diagram, key, shiftKey);
  return true;
}

/** Leave what was entered last, but for what is pinned: that lies in a window of its own.
 * @param {Diagram} diagram @returns {boolean} whether there was anything */
function leave(diagram) {
  const {choose, view} = diagram.context;
  const {picking, selected, probe} = view();
  if (picking) choose({picking: null});
  else if (diagram.opened && !selected) diagram.open(0);
  else if (probe) choose({probe: null});
  else return false;
  return true;
}

/** Open the layer, or pin the neuron, that the keys have reached. @param {Diagram} diagram */
function enter(diagram) {
  const {hover} = diagram.context.view();
  if (diagram.scene?.matrices) diagram.open(Math.max(1, hover?.layer ?? 1));
  else diagram.gaze.pin(hover);
}

/** Walk to a neighbour, or along the weights. @param {Diagram} diagram @param {string} key @param {boolean} shift */
function step(diagram, key, shift) {
  const {scene, gaze} = diagram;
  if (!scene) return false;
  const from = gaze.aimed();
  const along = scene.matrices ? null : walkAlong(scene.g, from, {key, shift, fan: gaze.fan});
  if (along) gaze.fan = along.fan;
  const next = outward(along?.pick ?? walk(scene.g, from, key), scene.part?.from ?? 0);
  if (!next) return false;
  lookAt(diagram, next);
  reveal(diagram, next);
  return true;
}

/**
 * Scroll a neuron into sight, where the diagram is wider than its panel.
 * @param {Diagram} diagram
 * @param {Pick} pick
 */
function reveal({scene, parts: {scroll}}, pick) {
  if (!scene || scroll.scrollWidth <= scroll.clientWidth) return;
  const {x} = scene.g.columns[pick.layer - (scene.part?.from ?? 0)];
  if (x < scroll.scrollLeft + 30 || x > scroll.scrollLeft + scroll.clientWidth - 30)
    scroll.scrollLeft = x - scroll.clientWidth / 2;
}

/** Take the layer in hand whose column the pointer is over. @param {Diagram} diagram @param {number} clientX */
function takeLayerUnder({scene, header, parts}, clientX) {
  if (!scene || header.heads.dataset.mode !== "bar" || scene.part) return;
  header.choose(columnAt(scene.g, clientX - parts.content.getBoundingClientRect().left));
}
