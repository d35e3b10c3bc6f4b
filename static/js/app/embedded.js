// @ts-check
/** The page in a frame of another page: it says how high it wants to be, and offers a tab of its own. */

/** CSS pixels below which the page is hard to use, whatever it could be squeezed into. */
const LEAST = 720;

/**
 * @param {Window} window
 * @param {HTMLAnchorElement} way the link to a tab of its own, hidden so far
 * @param {() => Promise<string>} address of this very run, with all that opens it
 * @returns {boolean} whether the page is in a frame
 */
export function watchFrame(window, way, address) {
  const {document, parent} = window;
  if (parent === window) return false;
  way.hidden = false;
  way.onclick = event => {
    event.preventDefault();
    address().then(href => window.open(href, "_blank", "noopener"));
  };
  let told = 0;
  const tell = () => {
    const height = Math.max(LEAST, document.documentElement.scrollHeight);
    if (height === told) return;
    told = height;
    // To whom it may concern: which pages may hold this one in a frame, the server decides.
    parent.postMessage({source: "backscope", height}, "*");
  };
  tell();
  new ResizeObserver(tell).observe(document.body);
  return true;
}
