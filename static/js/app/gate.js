// @ts-check
/**
 * Whose turn it is to draw. While a change of the hand is on its way, drawing what is old would only delay the picture
 * of what is new.
 */

/** One that fails takes none of the others with it. @param {() => void} run */
function guarded(run) {
  try {
    run();
  } catch (error) {
    reportError(error);
  }
}

/** Milliseconds that drawing waits at most for the first frame that obeys. */
const PATIENCE = 30;

/**
 * @param {(callback: () => void) => void} nextFrame `requestAnimationFrame` in the page
 * @param {() => number} clock milliseconds
 */
export function createGate(nextFrame, clock) {
  let until = -Infinity;
  let unanswered = 0;
  let answered = false;
  let fresh = false;

  const held = () => !fresh && clock() < until;

  /** What waits for its turn, for one animation frame together: asking for one takes longer than most of what is drawn.
   * @type {{run: () => void, free: () => boolean}[]} */
  let waiting = [];

  /** @param {() => void} run @param {() => boolean} free */
  function turn(run, free) {
    if (waiting.push({run, free}) === 1) nextFrame(pass);
  }

  function pass() {
    const all = waiting;
    waiting = [];
    for (const {run, free} of all) {
      if (!free()) turn(run, free);
      else guarded(run);
    }
  }

  return {
    /**
     * Tell the views the newest, in the next animation frame in which there is something new to tell.
     * @param {() => void} run
     */
    tell: run => turn(run, () => !held()),
    /** Paint on in the next animation frame that is not needed for what the hand waits for. @param {() => void} run */
    draw: run => turn(run, () => !fresh && !held()),
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
    /** The newest there was has been drawn. */
    drawn() {
      if (!fresh) return;
      fresh = false;
      until = unanswered ? clock() + PATIENCE : -Infinity;
    },
  };
}
