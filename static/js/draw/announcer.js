// @ts-check
/**
 * The page's one voice for screen readers: at most one saying a second, and nothing that is out of date by then. Of
 * what one source said meanwhile the last word is kept; what several said comes together.
 */

/** Milliseconds between two sayings. */
const GAP = 1000;

/**
 * @param {(words: string) => void} write what is heard
 * @param {{now: () => number, later: (run: () => void, wait: number) => void}} clock
 * @returns {(source: string, words: string) => void}
 */
export function createAnnouncer(write, {now, later}) {
  /** What each source wants to be heard. @type {Map<string, string>} */
  const waiting = new Map();
  let last = -Infinity;
  let coming = false;

  function speak() {
    coming = false;
    last = now();
    const words = [...waiting.values()].filter(Boolean).join(" ");
    waiting.clear();
    if (words) write(words);
  }

  return (source, words) => {
    waiting.delete(source);
    waiting.set(source, words);
    if (coming) return;
    const rest = last + GAP - now();
    coming = true;
    if (rest <= 0) speak();
    else later(speak, rest);
  };
}

/** Puts words where screen readers hear them; a second time too. @param {HTMLElement} region */
export function voiceIn(region) {
  return (/** @type {string} */ words) => {
    const saying = region.ownerDocument.createElement("p");
    saying.textContent = words;
    region.replaceChildren(saying);
  };
}
