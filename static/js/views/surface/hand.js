// @ts-check
/** Hands on the surface: drag, wheel, two fingers, keys, and where the pointer rests. */

/** What the view does with them; places are CSS pixels on the element.
 * @typedef {object} Grip
 * @property {(dx: number, dy: number) => void} drag
 * @property {(factor: number, x: number, y: number) => void} zoom
 * @property {() => void} reset
 * @property {() => void} release the hand has let go
 * @property {(place: {x: number, y: number} | null) => void} hover
 * @property {(place: {x: number, y: number}) => void} [click] the hand has come and gone without moving
 */

const STEP = 14;
/** A hand that has moved less, in CSS pixels, has clicked. */
const STILL = 4;

/** @param {HTMLElement} element takes the keyboard too @param {Grip} grip @returns {() => void} lets go for good */
export function handOn(element, grip) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  const controller = new AbortController();
  const {signal} = controller;
  /** @param {PointerEvent|WheelEvent} event */
  const place = event => {
    const {left, top} = element.getBoundingClientRect();
    return {x: event.clientX - left, y: event.clientY - top};
  };
  /**
   * Where the only finger came down; null once it has moved or is no longer alone.
   * @type {{x: number, y: number} | null}
   */
  let down = null;
  element.tabIndex = 0;
  element.addEventListener(
    "pointerdown",
    event => {
      if (event.button !== 0) return;
      fingers.set(event.pointerId, place(event));
      element.setPointerCapture(event.pointerId);
      down = fingers.size === 1 ? place(event) : null;
      grip.hover(null);
    },
    {signal},
  );
  element.addEventListener(
    "pointermove",
    event => {
      const before = fingers.get(event.pointerId);
      const here = place(event);
      if (!before) return grip.hover(event.pointerType === "touch" ? null : here);
      if (down && Math.hypot(here.x - down.x, here.y - down.y) > STILL) down = null;
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const spread =
          Math.hypot(here.x - other.x, here.y - other.y) /
          Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
        grip.zoom(spread, (here.x + other.x) / 2, (here.y + other.y) / 2);
      } else grip.drag(here.x - before.x, here.y - before.y);
      fingers.set(event.pointerId, here);
    },
    {signal},
  );
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
    element.addEventListener(
      type,
      event => {
        if (!fingers.delete(event.pointerId) || fingers.size) return;
        grip.release();
        if (down && type === "pointerup") grip.click?.(down);
        down = null;
      },
      {signal},
    );
  }
  element.addEventListener("pointerleave", () => grip.hover(null), {signal});
  element.addEventListener("dblclick", () => grip.reset(), {signal});
  element.addEventListener(
    "wheel",
    event => {
      event.preventDefault();
      const {x, y} = place(event);
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      grip.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
      grip.release();
    },
    {signal, passive: false},
  );
  element.addEventListener(
    "keydown",
    event => {
      const {width, height} = element.getBoundingClientRect();
      const act = {
        ArrowLeft: () => grip.drag(STEP, 0),
        ArrowRight: () => grip.drag(-STEP, 0),
        ArrowUp: () => grip.drag(0, STEP),
        ArrowDown: () => grip.drag(0, -STEP),
        "+": () => grip.zoom(1.15, width / 2, height / 2),
        "=": () => grip.zoom(1.15, width / 2, height / 2),
        "-": () => grip.zoom(1 / 1.15, width / 2, height / 2),
        0: () => grip.reset(),
        Home: () => grip.reset(),
      }[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
      grip.release();
    },
    {signal},
  );
  return () => controller.abort();
}
