// @ts-check
/**
 * Which session this tab belongs to: its name and secret live in the tab's session storage, so a reload comes back to
 * it.
 */

const KEY = "backscope.session";

/** `link` is what the run was opened from, if it was.
 * @typedef {{session: string, secret: string, preset: string | null, link?: string | null}} Identity */

/** Where there is no server there are no sessions. @type {Identity} */
export const NOBODY = {session: "", secret: "", preset: null};

/** @param {number} bytes @returns {string} hexadecimal */
export function random(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map(b => b.toString(16).padStart(2, "0")).join("");
}

/**
 * The tab's session, or a new one: when there is none yet, when the address asks for another preset or carries another
 * run than the session began with, when a run was handed over, or when this tab is a copy of one that is still open
 * (the copy gets the storage too, but not the lock).
 * @param {{preset: string | null, link: string | null}} asked @param {boolean} handed @returns {Promise<Identity>}
 */
export async function identify({preset, link}, handed) {
  const stored = read();
  if (stored && !handed && stays(stored, {preset, link}) && (await claim(stored.session))) return stored;
  const identity = {session: random(9), secret: random(24), preset, link};
  remember(identity);
  await claim(identity.session);
  return identity;
}

/** Whether what the address asks for is what a session began with. @param {Identity} stored
 * @param {{preset: string | null, link: string | null}} asked */
const stays = (stored, {preset, link}) =>
  (preset === null || preset === stored.preset) && (link === null || link === stored.link);

/**
 * A secret that this browser keeps under a name; without storage it lasts as long as the page.
 * @param {string} name
 * @returns {string}
 */
export function keptSecret(name) {
  try {
    const known = localStorage.getItem(name);
    if (known) return known;
    const made = random(24);
    localStorage.setItem(name, made);
    return made;
  } catch {
    return random(24);
  }
}

/** @param {Identity} identity */
export function remember(identity) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(identity));
  } catch {
    // a browser that forbids storage still trains, but a reload starts anew
  }
}

/** @returns {Identity | null} */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Hold a lock in the session's name for as long as this page lives. A page that is being reloaded may still hold it for
 * a moment.
 * @param {string} session @returns {Promise<boolean>} false when another tab holds it */
async function claim(session) {
  if (!navigator.locks) return true;
  for (const wait of [0, 60, 200]) {
    await new Promise(resolve => setTimeout(resolve, wait));
    const held = await new Promise(resolve => {
      navigator.locks.request(`${KEY}.${session}`, {ifAvailable: true}, lock => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      });
    });
    if (held) return true;
  }
  return false;
}
