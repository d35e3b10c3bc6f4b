// @ts-check
/** What the address and this browser remember of the user's choices. */

/**
 * The first of three wishes that is allowed.
 * @template {string} T
 * @param {string | null} a
 * @param {string | null} b
 * @param {T} c
 * @param {readonly T[]} allowed
 * @returns {T}
 */
export function pick(a, b, c, allowed) {
  return allowed.find(x => x === a) ?? allowed.find(x => x === b) ?? c;
}

/** @param {string} name @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(`backscope:${name}`);
  } catch {
    return null;
  }
}

/** Remember a choice, and correct the address where it says otherwise. @param {string} name @param {string} value
 * @returns {boolean} whether this browser has it; if not, it holds for this page */
export function keep(name, value) {
  let kept = true;
  try {
    localStorage.setItem(`backscope:${name}`, value);
  } catch {
    kept = false;
  }
  writeAddress(url => {
    if (url.searchParams.has(name)) url.searchParams.set(name, value);
  });
  return kept;
}

/** @param {(url: URL) => void} change */
export function writeAddress(change) {
  const url = new URL(location.href);
  change(url);
  history.replaceState(null, "", url);
}
