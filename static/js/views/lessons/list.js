// @ts-check
/** The list of lessons: what each is about, how long it takes, and how far one is; and the ways to others. */

import {h} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {elementsOf} from "./nodes.js";

/**
 * @typedef {{name: string, title: string, summary: import("./nodes.js").Node[], minutes: number, steps: number}}
 * Entry
 */
/** @typedef {{name: string, error: string, fault?: import("./faults.js").Fault}} Broken */
/** @typedef {Entry | Broken} Listed */
/**
 * @typedef {object} Hands
 * @property {import("../../types").ViewContext["t"]} t
 * @property {ReturnType<typeof import("./progress.js").createProgress>} progress
 * @property {(name: string) => void} open
 * @property {(fault: import("./faults.js").Fault) => string} words
 * @property {Ways | null} ways to lessons of one's own, where one may have some
 */
/**
 * @typedef {object} Ways
 * @property {() => void} write
 * @property {(files: Iterable<File>) => void} openFiles
 * @property {(name: string) => void} edit
 * @property {(name: string) => void} remove
 */

/** @param {Listed[]} entries of the server @param {Entry[]} own of this browser @param {Hands} hands */
export function listOf(entries, own, hands) {
  const {t, ways} = hands;
  const list = h(
    "ol",
    {class: "lesson-list", dataset: {role: "lesson-list"}},
    ...entries.map(entry =>
      "error" in entry
        ? h(
            "li",
            {class: "lesson-broken"},
            h("strong", {}, entry.name),
            h("p", {}, entry.fault ? hands.words(entry.fault) : entry.error),
          )
        : h("li", {}, entryOf(entry, hands)),
    ),
  );
  if (!ways) return list;
  const mine = own.map(entry => h("li", {}, entryOf(entry, hands), handsOn(entry, ways, t)));
  const title = h("h3", {}, t("lesson.own"));
  return h(
    "div",
    {},
    waysOf(ways, t),
    ...(mine.length ? [title, h("ol", {class: "lesson-list", dataset: {role: "lesson-own"}}, ...mine)] : []),
    list,
  );
}

/** @param {Entry} entry @param {Hands} hands */
function entryOf(entry, {t, progress, open}) {
  const kept = progress.get(entry.name);
  const done = Math.min(kept?.done.length ?? 0, entry.steps);
  const far = kept ? t(done === entry.steps ? "lesson.all_done" : "lesson.far", {n: done, of: entry.steps}) : "";
  return h(
    "button",
    {type: "button", dataset: {lesson: entry.name}, onclick: () => open(entry.name)},
    h("span", {class: "lesson-name"}, entry.title),
    h("span", {class: "lesson-about"}, ...elementsOf(entry.summary, []).map(asSpan)),
    h("span", {class: "lesson-minutes"}, [t("lesson.minutes", {n: entry.minutes}), far].filter(Boolean).join(" · ")),
  );
}

/** What can be done with a lesson of one's own. @param {Entry} entry @param {Ways} ways @param {Hands["t"]} t */
function handsOn({name, title}, {edit, remove}, t) {
  const tools = /** @type {const} */ (["edit", "remove"]).map(what => {
    const act = () => (what === "edit" ? edit(name) : remove(name));
    const made = h("button", {type: "button", class: "quiet", dataset: {role: `lesson-${what}`}}, t(`lesson.${what}`));
    made.onclick = act;
    nameControl(made, t(`lesson.${what}_this`, {title}));
    return made;
  });
  return h("div", {class: "lesson-ways"}, ...tools);
}

/** To write one, and to open one's files. @param {Ways} ways @param {Hands["t"]} t */
function waysOf({write, openFiles}, t) {
  const chooser = h("input", {type: "file", multiple: true, accept: ".zip,.json,.md", hidden: true});
  chooser.dataset.role = "lesson-files";
  chooser.onchange = () => openFiles([...(chooser.files ?? [])]);
  const open = () => chooser.click();
  return h(
    "div",
    {class: "lesson-ways"},
    h("button", {type: "button", dataset: {role: "lesson-write"}, onclick: write}, t("lesson.write")),
    h("button", {type: "button", dataset: {role: "lesson-open-file"}, onclick: open}, t("lesson.open_file")),
    chooser,
  );
}

/** A button holds no paragraphs. @param {Element | string} part */
const asSpan = part => (typeof part === "string" ? part : h("span", {}, ...part.childNodes));
