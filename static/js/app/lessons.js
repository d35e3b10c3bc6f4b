// @ts-check
/**
 * Lessons that come by file or by link: they are handed to the view of lessons, which has the server read them; what is
 * broken is told there.
 */

import {decodeLesson, encodeRun} from "./link.js";

/** Bytes of a lesson's files; the server says the same. */
const MOST_BYTES = 2 ** 20;
/** Begins what stands for the name of a lesson that has come, and that the server has not read yet. */
export const GIVEN = "given-";

/** Whether a file belongs to a lesson, by its name. @param {{name: string}} file */
export const isOfLesson = ({name}) => /^lesson\.json$|\.(md|zip)$/i.test(name);

/**
 * Whether files hold a lesson: a .zip, or its parts. A Markdown file alone is one too, which lacks the rest.
 * @param {Iterable<{name: string}>} files
 */
export const areLesson = files => [...files].length > 0 && [...files].every(isOfLesson);

/**
 * @typedef {object} Hands
 * @property {(path: string, content: BodyInit, query: string) => Promise<any>} post with the session's secret
 * @property {(patch: Partial<import("../types").State["view"]>) => void} choose
 * @property {() => boolean} led whether somebody else drives the run
 * @property {(text: () => string, kind?: "error" | "info") => void} say
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 */

/** @param {string | null} link what the page's own address carries of a lesson @param {Hands} hands */
export function createLessons(link, {post, choose, led, say, t}) {
  /** What has come and was not read yet. @type {Promise<BodyInit | null> | null} */
  let come = link ? fromLink(link) : null;
  /** One is on its way at a time. */
  let last = Promise.resolve();
  let count = 0;

  /** @param {Promise<BodyInit | null>} content */
  function open(content) {
    come = content;
    count += 1;
    choose({lesson: GIVEN + count, writing: false});
  }

  return {
    /** The lesson that an address asks for. @param {string | null} named */
    first: named => (link ? GIVEN + count : named),
    /** What has come, once; null for nothing that could be read. */
    async take() {
      const content = await come;
      come = null;
      return content;
    },
    /**
     * Have the server read a lesson.
     * @param {BodyInit} content its files as JSON, or a .zip
     * @param {Record<string, string>} options see `Lessons.receive` in server/front/lessons.py
     * @returns {Promise<any>}
     */
    give(content, options) {
      const answer = last.then(() => post("lesson", content, `?${new URLSearchParams(options)}`));
      last = answer.catch(() => {});
      return answer;
    },
    /** The address that opens a lesson, wherever there is a Backscope. @param {Record<string, string>} files */
    async link(files) {
      const url = new URL(location.href);
      url.search = "";
      url.hash = new URLSearchParams({lesson: await encodeRun(files)}).toString();
      return url.href;
    },
    /** Open what was dropped or chosen. @param {Iterable<File>} given */
    openFiles(given) {
      const files = [...given];
      if (led()) say(() => t("lesson.led"), "error");
      else if (files.reduce((sum, {size}) => sum + size, 0) > MOST_BYTES) say(() => t("lesson.large"), "error");
      else if (files.length === 1 && /\.zip$/i.test(files[0].name)) open(Promise.resolve(files[0]));
      else open(textsOf(files));
    },
    /** Another link was opened in this tab. @param {string} hash */
    changed(hash) {
      const text = new URLSearchParams(hash.slice(1)).get("lesson");
      if (text) open(fromLink(text));
    },
  };
}

/** @param {string} text of a fragment */
async function fromLink(text) {
  const files = await decodeLesson(text);
  return files && JSON.stringify(files);
}

/** @param {File[]} files */
async function textsOf(files) {
  const texts = await Promise.all(files.map(async file => [file.name, await file.text()]));
  return JSON.stringify(Object.fromEntries(texts));
}

/** Take lessons that are dropped on a page before anybody else does.
 * @param {Document} page @param {(files: Iterable<File>) => void} open */
export function takeDroppedLessons(page, open) {
  const holds = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  page.addEventListener("dragover", event => holds(event) && event.preventDefault());
  page.addEventListener(
    "drop",
    event => {
      const files = event.dataTransfer?.files ?? [];
      if (!areLesson(files)) return;
      event.preventDefault();
      event.stopPropagation();
      open(files);
    },
    {capture: true},
  );
}
