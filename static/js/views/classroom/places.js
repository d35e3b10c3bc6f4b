// @ts-check
/** Addresses of a room. */

/** The address that a student opens. @param {string} code @param {string} here the page's own */
export function joinLink(code, here) {
  const url = new URL("join", here);
  url.hash = code;
  return url.href;
}

/** A code as it is read aloud: in two halves. @param {string} code */
export const spaced = code => `${code.slice(0, 3)} ${code.slice(3)}`;
