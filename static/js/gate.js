// @ts-check
/** Whose turn it is to draw. While a change of the hand is on its way, drawing what is old would only delay the picture of what is new. */

/** Milliseconds that drawing waits at most for the first frame that obeys. */
const PATIENCE = 30;

/**
 * @param {(callback: () => void) => void} nextFrame `requestAnimationFrame` in the page
 * @param {() => number} clock milliseconds
 */
export function createGate(nextFrame, clock) {
  let until = -Infinity, unanswered = 0, answered = false, fresh = false;

  const held = () => !fresh && clock() < until;

  /** Run in the next animation frame in which there is something new to draw. @param {() => void} run */
  function draw(run) {
    nextFrame(() => {
      if (held()) draw(run);
      else run();
    });
  }

  return {
    draw,
    /** A change has been sent. */
    sent() {
      if (!held()) until = clock() + PATIENCE;
      unanswered++;
    },
    /** It has been answered: the next frame obeys it. */
    answered() {
      unanswered--;
      answered = true;
    },
    /** A frame has come; if it obeys, it is drawn before the wait for the next one. */
    arrived() {
      if (!answered) return;
      answered = false;
      fresh = true;
    },
    /** The newest frame has been drawn. */
    drawn() {
      if (!fresh) return;
      fresh = false;
      until = unanswered ? clock() + PATIENCE : -Infinity;
    },
  };
}
