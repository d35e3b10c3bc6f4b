// @ts-check
/** Lessons that came by file or link, or were written here: this browser keeps their files, the last ones. */

const KEY = "backscope:own-lessons";
const MOST = 20;
/** Letters of all of them together: a browser keeps five million for a page. */
const MOST_LETTERS = 1_500_000;

/** @typedef {import("./list.js").Entry} Entry */
/** @typedef {{files: Record<string, string>, entries: Record<string, Entry>}} Kept by language, what the list says */

/** @param {Pick<Storage, "getItem" | "setItem"> | null} storage */
export function createOwn(storage) {
  /** The newest last. @type {Record<string, Kept>} */
  let kept = {};
  try {
    const read = JSON.parse(storage?.getItem(KEY) ?? "{}");
    if (typeof read === "object" && read !== null) kept = read;
  } catch {
    // what cannot be read is lost
  }

  function write() {
    const names = Object.keys(kept);
    while (names.length > MOST || JSON.stringify(kept).length > MOST_LETTERS) delete kept[names.shift() ?? ""];
    try {
      storage?.setItem(KEY, JSON.stringify(kept));
    } catch {
      // it holds for this page
    }
  }

  return {
    /** @param {string} name @returns {Record<string, string> | null} */
    files: name => (Object.hasOwn(kept, name) ? kept[name].files : null),
    /** What the list says of each, the newest first. @param {string} lang @returns {Entry[]} */
    entries: lang =>
      Object.values(kept)
        .map(({entries}) => entries[lang] ?? Object.values(entries)[0])
        .reverse(),
    /**
     * @param {any} lesson as the server has read it @param {Record<string, string>} files
     * @param {string} lang in which it was asked for
     */
    keep(lesson, files, lang) {
      const {name, title, summary, minutes, steps} = lesson;
      const entries = {...kept[name]?.entries, [lang]: {name, title, summary, minutes, steps: steps.length}};
      delete kept[name];
      kept[name] = {files, entries};
      write();
    },
    /** @param {string} name */
    remove(name) {
      delete kept[name];
      write();
    },
  };
}
