// @ts-check
/** The runs that this browser keeps: how one is opened again, and as a file. */

import {remember} from "./identity.js";

const HANDED = "backscope.open";
const FORMAT = "backscope-run";
const VERSION = 1;
/** How a file of a run is called. */
export const SUFFIX = ".backscope.json";

/** What a file holds, or why it cannot be opened. @param {string} text
 * @returns {{run: import("./link.js").Run, tables: Record<string, any>[]} | {wrong: "unreadable" | "version"}} */
export function readRunFile(text) {
  /** @type {any} */
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    return {wrong: "unreadable"};
  }
  if (file?.format !== FORMAT || typeof file.version !== "number") return {wrong: "unreadable"};
  if (file.version !== VERSION) return {wrong: "version"};
  const {run, tables = []} = file;
  const whole = typeof run?.config === "object" && Array.isArray(run.log) && Array.isArray(tables);
  return whole ? {run, tables} : {wrong: "unreadable"};
}

/** A name for a file. @param {string} name */
export function fileName(name) {
  const plain = name
    .replace(/[^\p{L}\p{N} _-]+/gu, "")
    .trim()
    .replaceAll(" ", "-");
  return `${plain || "run"}${SUFFIX}`;
}

/** The run that a page before this one has left to be opened, once. @returns {import("./link.js").Run | null} */
export function handedOver() {
  try {
    const text = sessionStorage.getItem(HANDED);
    sessionStorage.removeItem(HANDED);
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** Begin the page again without what its address asks for. */
function reload() {
  const url = new URL(location.href);
  url.hash = "";
  url.searchParams.delete("preset");
  history.replaceState(null, "", url);
  location.reload();
}

/**
 * @typedef {object} Hands what it takes to reach the server and the user
 * @property {(op: string, fields?: Record<string, unknown>) => Promise<any>} act
 * @property {(path: string, content: BodyInit) => Promise<any>} post with the session's secret
 * @property {(text: () => string, kind?: "error" | "info") => void} say
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 * @property {(reply: any) => string} wordsOf
 */

/** What the page can do with the runs of this browser. @param {string} owner @param {Hands} hands */
export function createRuns(owner, {act, post, say, t, wordsOf}) {
  return {
    /** @returns {Promise<import("../types").OwnRun[] | null>} null if they cannot be had */
    async list() {
      const reply = await act("runs");
      return reply.ok === false ? null : reply.runs;
    },
    /** @param {string} session @param {string} name @returns {Promise<boolean>} whether that was done */
    rename: async (session, name) => (await act("run_name", {session, name})).ok !== false,
    /** @param {string} session @returns {Promise<boolean>} whether that was done */
    remove: async session => (await act("run_delete", {session})).ok !== false,
    /** Open a run in this tab, where it was. @param {string} session */
    open(session) {
      remember({session, secret: owner, preset: null});
      reload();
    },
    /**
     * A run as a file to be saved; null if it cannot be had.
     * @param {string} session @param {string} name @param {boolean} tables whether own data go with it
     */
    async file(session, name, tables) {
      const reply = await act("run_export", {session, tables});
      if (reply.ok === false) return null;
      return {name: fileName(name), media_type: "application/json", text: JSON.stringify({...reply.file, name})};
    },
    /** Open a file of a run in this tab. @param {Blob} file */
    async openFile(file) {
      const found = readRunFile(await file.text());
      if ("wrong" in found) {
        say(() => t(`runs.${found.wrong}`), "error");
        return;
      }
      for (const table of found.tables) {
        const reply = await post("table", JSON.stringify(table));
        if (!reply.ok) {
          say(() => wordsOf(reply), "error");
          return;
        }
      }
      sessionStorage.setItem(HANDED, JSON.stringify(found.run));
      reload();
    },
  };
}

/** Take files of runs that are dropped on a page before anybody else does.
 * @param {Document} page @param {(file: Blob) => void} open */
export function takeDroppedRuns(page, open) {
  page.addEventListener(
    "drop",
    event => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file?.name.endsWith(SUFFIX)) return;
      event.preventDefault();
      event.stopPropagation();
      open(file);
    },
    {capture: true},
  );
}
