// @ts-check
/** What the page speaks with: a server, or the run that it holds itself. */

import {connectRecorded} from "./recorded.js";
import {connect} from "./socket.js";

/** What the page holds under a name; "" where there is nothing. @param {string} id */
const textOf = id => document.getElementById(id)?.textContent?.trim() ?? "";

/** Whether the page is a recording, without a server. */
export const isRecording = () => document.getElementById("recording") !== null;

/** @param {string} path of the socket @param {import("../types").Listener} listener */
export function openLine(path, listener) {
  if (isRecording()) return connectRecorded(textOf("recording"), JSON.parse(textOf("options")), listener);
  return connect(new URL(path, document.baseURI).href.replace(/^http/, "ws"), listener);
}
