// @ts-check
/**
 * What this browser shows a server that does not let everybody in: the token of the printed link, once, and from then
 * on the pass that it was given for it.
 */

const KEY = "backscope.pass";

/** @param {URL} url an address that shall hold no token any more */
export function withoutToken(url) {
  const fragment = new URLSearchParams(url.hash.slice(1));
  fragment.delete("token");
  url.hash = fragment.toString();
}

/**
 * @param {string | null} given the token of the address
 * @param {{drop: () => void, reopen: () => void}} page takes the token out of the address; opens the page anew
 */
export function createAdmission(given, {drop, reopen}) {
  let token = given;
  let pass = stored();
  return {
    /** What a hello brings of it. @returns {Record<string, string>} */
    fields() {
      if (token) return {token};
      return pass ? {pass} : {};
    },

    /** What opens the page for a tab that shares no storage with this one. @returns {Record<string, string>} */
    forAnother: () => (given ? {token: given} : {}),

    /** A hello was answered. @param {any} reply */
    answered(reply) {
      if (reply.code === "token_required") pass = null;
      if (!reply.pass) return;
      pass = reply.pass;
      if (!store(reply.pass)) return; // without a place for the pass, the address keeps what opens the page
      token = null;
      drop();
    },

    /** Somebody has opened a whole link in this very tab. @param {string} hash */
    changed(hash) {
      if (new URLSearchParams(hash.slice(1)).has("token")) reopen();
    },
  };
}

/** @returns {string | null} */
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} pass @returns {boolean} whether it is kept */
function store(pass) {
  try {
    localStorage.setItem(KEY, pass);
    return true;
  } catch {
    return false;
  }
}
