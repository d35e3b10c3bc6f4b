// @ts-check
/** What a copy hears of the room that it was taken from, while its class goes on there. */

import {note} from "./room_link.js";

/** @typedef {import("./room_link.js").Following} Following */
/** @typedef {import("../types").CopiedFrom} CopiedFrom */

/**
 * Keep what has come, and return the way back to the room: its code may be another one by now. Who has left the room
 * hears no more of it.
 * @param {Following | null} from @param {CopiedFrom | {open: false}} message
 * @param {import("./classroom.js").Hands} hands @returns {Following | null}
 */
export function heardInCopy(from, message, {store, say, t}) {
  if (!from) return null;
  const before = store.get().copied_from;
  store.set({copied_from: message.open ? message : null});
  if (!message.open) {
    if (before) say(() => t("call.gone", {code: before.code}));
    return from;
  }
  const back = {code: message.code, name: message.you.name ?? from.name};
  if (back.code !== from.code || back.name !== from.name) note(back);
  return back;
}
