// @ts-check
/** Ways into a room and out of it: addresses, and what the browser remembers. */

import {recall} from "./choices.js";

/** @typedef {{code: string, name: string}} Following */

const KEY = "backscope.room";

/** Refusals that are told where code and nickname are typed. */
export const AT_THE_DOOR = new Set([
  "no_such_room",
  "removed",
  "room_locked",
  "bad_name",
  "room_full",
  "directory_lost",
]);

/** The room that an address leads into. @param {string} hash @returns {Following | null} */
export function followOf(hash) {
  const said = new URLSearchParams(hash.slice(1));
  const code = said.get("room");
  const name = said.get("name");
  return code && name ? {code, name} : null;
}

/** The fragment that leads into a room. @param {Following} following */
export const fragmentOf = ({code, name}) => `#${new URLSearchParams({room: code, name})}`;

/** The room that this tab has come from with a copy. @returns {Following | null} */
export function cameFrom() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof found?.code === "string" && typeof found.name === "string" ? found : null;
  } catch {
    return null;
  }
}

/** The run of this tab is a copy from a room. @param {Following | null} following */
export function note(following) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(following));
  } catch {
    // without storage there is no way back but the code
  }
}

/** There is no way back any more. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // nothing is kept that would have to be forgotten
  }
}

/** Open this page with another fragment, and a lesson. @param {string} fragment @param {string} [lesson] */
export function go(fragment, lesson = "") {
  const url = new URL(location.href);
  url.hash = fragment;
  url.searchParams.delete("preset");
  if (lesson) url.searchParams.set("lesson", lesson);
  history.replaceState(null, "", url);
  location.reload();
}

/** The page of the server that has a room. @param {Following} following @param {string} server its address */
export function addressAt(following, server) {
  const url = new URL(server);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`no page: ${server}`);
  url.search = location.search;
  url.hash = fragmentOf(following);
  return url.href;
}

/**
 * Go on at the server that has the room, if a refusal says which that is.
 * @param {Following | null} following
 * @param {{code: string, params?: Record<string, any>}} reply
 */
export function ledOn(following, {code, params}) {
  if (!following || code !== "elsewhere") return false;
  location.replace(addressAt(following, params?.address));
  return true;
}

/** Where a room is entered whose code did not work. @param {Following} following @param {string} why */
export function joinAddress({code, name}, why) {
  const url = new URL("join", location.href);
  url.hash = new URLSearchParams({code, name, why}).toString();
  for (const choice of ["lang", "theme"]) {
    const said = new URL(location.href).searchParams.get(choice) ?? recall(choice);
    if (said) url.searchParams.set(choice, said);
  }
  return url.href;
}
