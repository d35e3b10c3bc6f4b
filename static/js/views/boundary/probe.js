// @ts-check
/**
 * The probe over the input plane: a handle to put anywhere, with the mouse, a finger or the arrow keys. It has no
 * target.
 */

import {h} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./points.js").Scales} Scales */

/** Share of the plane that an arrow key moves it by; px that a pointer moves before it drags rather than clicks. */
const STEP = 1 / 48;
const SLACK = 4;

/** @param {State | null} state @returns {[number, number] | null} */
export const probeAt = state => (state?.view.probe?.kind === "point" ? state.view.probe.at : null);

/**
 * The nearest point of the plane.
 * @param {[number, number]} at
 * @param {[[number, number], [number, number]]} domain
 * @returns {[number, number]}
 */
export function inside([x1, x2], [[left, right], [low, high]]) {
  return [Math.min(right, Math.max(left, x1)), Math.min(high, Math.max(low, x2))];
}

/**
 * @param {HTMLElement} stage
 * @param {import("../../types").ViewContext} context
 * @param {{scales: () => Scales | null, sampleAt: (px: number, py: number) => number, start: () => [number, number]}}
 * hands where the
 * plane stands now, which sample lies somewhere, and where a probe begins that the keyboard asks for
 */
export function createProbe(stage, {t, choose}, {scales, sampleAt, start}) {
  const handle = h("button", {type: "button", class: "boundary-probe", hidden: true}, h("i"));
  /** @type {State | null} */
  let state = null;
  let pressed = -1;
  let dragged = false;
  let onHandle = false;
  let fromX = 0;
  let fromY = 0;
  stage.append(handle);

  /** @param {[number, number]} at */
  function put(at) {
    const domain = state?.data?.domain;
    if (domain) choose({probe: {kind: "point", at: inside(at, domain)}});
  }

  /** @param {PointerEvent | MouseEvent} event */
  function follow(event) {
    const box = stage.getBoundingClientRect();
    const to = scales();
    if (to) put(to.value(event.clientX - box.left, event.clientY - box.top));
  }

  /** @param {PointerEvent | MouseEvent} event whether it is over the plane and not over a sample */
  function free(event) {
    const box = stage.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const to = scales();
    const domain = state?.data?.domain;
    if (!to || !domain || sampleAt(px, py) >= 0) return false;
    const at = to.value(px, py);
    return inside(at, domain).every((x, i) => Math.abs(x - at[i]) < 1e-9);
  }

  function place() {
    const at = probeAt(state);
    const to = scales();
    handle.hidden = !at || !to;
    if (!at || !to) return;
    handle.style.left = `${to.x(at[0])}px`;
    handle.style.top = `${to.y(at[1])}px`;
    handle.setAttribute("aria-label", t("boundary.probe_handle", {x1: plain(at[0], 2), x2: plain(at[1], 2)}));
  }

  /** @param {PointerEvent} event */
  function begin(event) {
    if (event.button !== 0 || pressed >= 0) return;
    [pressed, dragged, fromX, fromY] = [event.pointerId, false, event.clientX, event.clientY];
    onHandle = event.target instanceof Element && handle.contains(event.target);
  }

  /** @param {PointerEvent} event */
  const move = event => {
    if (event.pointerId !== pressed) return;
    if (!dragged && Math.hypot(event.clientX - fromX, event.clientY - fromY) > SLACK) {
      dragged = true;
      (onHandle ? handle : stage).setPointerCapture(pressed);
    }
    if (dragged) follow(event);
  };
  /** @param {PointerEvent} event */
  const end = event => {
    if (event.pointerId === pressed) pressed = -1;
  };
  stage.addEventListener("pointerdown", begin);
  stage.addEventListener("pointermove", move);
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) stage.addEventListener(name, end);

  handle.addEventListener("keydown", event => {
    const domain = state?.data?.domain;
    const at = probeAt(state);
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]}[event.key];
    if (event.key === "Escape") {
      choose({probe: null});
      stage.focus();
    } else if (way && domain && at) {
      const far = event.shiftKey ? 5 * STEP : STEP;
      put([at[0] + way[0] * far * (domain[0][1] - domain[0][0]), at[1] + way[1] * far * (domain[1][1] - domain[1][0])]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    /** @param {State} next */
    update(next) {
      const before = state;
      state = next;
      if (before?.view.probe !== next.view.probe || before?.lang !== next.lang || before?.data !== next.data) place();
    },
    place,
    /** Whether it has the keyboard. */
    held: () => document.activeElement === handle,
    /**
     * Whether a click was the end of a drag, or puts the probe where there is no sample.
     * @param {MouseEvent} event
     * @returns {boolean}
     */
    takes(event) {
      if (dragged || (event.target instanceof Element && handle.contains(event.target))) return true;
      if (!free(event)) return false;
      follow(event);
      return true;
    },
    /** Bring it, for the keyboard. */
    call() {
      if (!probeAt(state)) put(start());
      requestAnimationFrame(() => handle.focus());
    },
  };
}
