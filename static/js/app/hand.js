// @ts-check
/** Which press of the pointer a change belongs to: all that one press does is one mark and is undone in one go. */

/** Commands that a hand on a slider or a weight gives many times a second. */
const DRAGGED = new Set(["set", "set_parameter"]);
/** Milliseconds after the release in which the last wish of a drag may still leave. */
const LATE = 400;

/**
 * @param {EventTarget} target whose presses count
 * @param {() => number} now milliseconds; a press is known by when it began
 */
export function createHand(target, now) {
  /** @type {number | null} */
  let press = null;
  let end = Infinity;
  target.addEventListener(
    "pointerdown",
    () => {
      press = Math.round(now());
      end = Infinity;
    },
    {capture: true},
  );
  for (const kind of ["pointerup", "pointercancel"])
    target.addEventListener(
      kind,
      () => {
        end = now() + LATE;
      },
      {capture: true},
    );

  return {
    /**
     * The fields of a command, with the press that it belongs to.
     * @param {string} op
     * @param {Record<string, unknown>} [fields]
     */
    mark(op, fields) {
      return DRAGGED.has(op) && press !== null && now() <= end ? {...fields, hand: press} : fields;
    },
  };
}
