// @ts-check
/** The lesson that is being written, kept in this browser as it is typed; and the one before it. */

const KEY = "backscope:lesson-draft";
const BEFORE = "backscope:lesson-draft-before";

/** @typedef {import("./draft.js").Draft} Draft */

/** @param {any} draft @returns {draft is Draft} */
function isDraft(draft) {
  /** @type {any[]} */
  const words = Object.values(draft?.words ?? {});
  const lists = [draft?.lesson?.steps, ...words.map(pieces => pieces?.steps)];
  return lists.length > 1 && lists.every(Array.isArray) && lists.every(list => list.length === lists[0].length);
}

/** @param {Pick<Storage, "getItem" | "setItem"> | null} storage */
export function createKept(storage) {
  /** What is kept where the browser keeps nothing. @type {Map<string, Draft>} */
  const here = new Map();

  /** @param {string} key @returns {Draft | null} */
  function read(key) {
    try {
      const found = JSON.parse(storage?.getItem(key) ?? "null");
      if (isDraft(found)) return found;
    } catch {
      // as if there were none
    }
    return here.get(key) ?? null;
  }

  /** @param {string} key @param {Draft} draft @returns {boolean} whether a reload would find it */
  function write(key, draft) {
    here.set(key, draft);
    try {
      storage?.setItem(key, JSON.stringify(draft));
      return storage !== null;
    } catch {
      return false;
    }
  }

  return {
    draft: () => read(KEY),
    before: () => read(BEFORE),
    /** @param {Draft} draft */
    keep: draft => write(KEY, draft),
    /** Begin with another one: what was being written can be had back. @param {Draft} draft */
    begin(draft) {
      const now = read(KEY);
      if (now) write(BEFORE, now);
      write(KEY, draft);
    },
  };
}
