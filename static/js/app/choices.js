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

/** Remember a choice, and correct the address where it says otherwise. @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`backscope:${name}`, value);
  } catch {
    // the choice holds for this page
  }
  writeAddress(url => {
    if (url.searchParams.has(name)) url.searchParams.set(name, value);
  });
}

/** @param {(url: URL) => void} change */
export function writeAddress(change) {
  const url = new URL(location.href);
  change(url);
  history.replaceState(null, "", url);
}
