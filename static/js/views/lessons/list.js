// @ts-check
/** The list of lessons: what each is about, how long it takes, and how far one is. */

import {h} from "../../draw/dom.js";
import {elementsOf} from "./nodes.js";

/**
 * @typedef {{name: string, title: string, summary: import("./nodes.js").Node[], minutes: number, steps: number}}
 * Entry
 */
/** @typedef {{name: string, error: string}} Broken */

/**
 * @param {(Entry | Broken)[]} entries
 * @param {{t: import("../../types").ViewContext["t"],
 * progress: ReturnType<typeof import("./progress.js").createProgress>, open: (name: string) => void}} hands
 */
export function listOf(entries, {t, progress, open}) {
  return h(
    "ol",
    {class: "lesson-list", dataset: {role: "lesson-list"}},
    ...entries.map(entry => {
      if ("error" in entry)
        return h("li", {class: "lesson-broken"}, h("strong", {}, entry.name), h("p", {}, entry.error));
      const kept = progress.get(entry.name);
      const done = Math.min(kept?.done.length ?? 0, entry.steps);
      const far = kept ? t(done === entry.steps ? "lesson.all_done" : "lesson.far", {n: done, of: entry.steps}) : "";
      const button = h(
        "button",
        {type: "button", dataset: {lesson: entry.name}, onclick: () => open(entry.name)},
        h("span", {class: "lesson-name"}, entry.title),
        h("span", {class: "lesson-about"}, ...elementsOf(entry.summary, []).map(asSpan)),
        h(
          "span",
          {class: "lesson-minutes"},
          [t("lesson.minutes", {n: entry.minutes}), far].filter(Boolean).join(" · "),
        ),
      );
      return h("li", {}, button);
    }),
  );
}

/** A button holds no paragraphs. @param {Element | string} part */
const asSpan = part => (typeof part === "string" ? part : h("span", {}, ...part.childNodes));
