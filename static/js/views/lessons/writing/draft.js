// @ts-check
/**
 * A lesson that is being written: the entries of its `lesson.json`, and its words as the pieces of a Markdown file, one
 * for its head and one for each step. What was read comes out again letter by letter where it was not changed. Pure.
 */

/**
 * @typedef {object} Step as `lesson.json` has it: see docs/lessons.md
 * @property {Record<string, any>} [state]
 * @property {string[]} [look]
 * @property {{right: number}} [question]
 * @property {{value: string, tolerance?: number, slips?: string[]}} [check]
 * @property {string} [until]
 * @property {number} [hint_after]
 */
/** @typedef {{head: string, steps: string[]}} Words of one language */
/**
 * @typedef {object} Draft
 * @property {string} name of the folder
 * @property {Record<string, any> & {steps: Step[]}} lesson
 * @property {Record<string, Words>} words by language
 * @property {string} [source] `lesson.json` as it was read
 */
/** @typedef {Record<string, string>} Files */
/** @typedef {"do" | "question" | "check" | "hint"} Part */

export const FILE = "lesson.json";
const FOLDER = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/** What of a piece is its text, and what are the empty lines behind it. @param {string} piece */
const parted = piece => [piece.trimEnd(), piece.slice(piece.trimEnd().length)];

/** @param {string} piece @param {string} text */
const retold = (piece, text) => (text === parted(piece)[0] ? piece : `${text.trimEnd()}${parted(piece)[1] || "\n\n"}`);

/** What somebody sees of a piece who changes it. @param {string} piece */
export const shownOf = piece => parted(piece)[0];

/** The pieces as one file: each begins in a line of its own. @param {Words} words */
const fileOf = ({head, steps}) =>
  [head, ...steps].reduce((text, piece) => `${text}${text === "" || text.endsWith("\n") ? "" : "\n\n"}${piece}`, "");

/** @param {Draft} draft */
function jsonOf({lesson, source}) {
  if (source !== undefined && JSON.stringify(JSON.parse(source)) === JSON.stringify(lesson)) return source;
  return `${JSON.stringify(lesson, null, 2)}\n`;
}

/** A lesson's files by their names. @param {Draft} draft @returns {Files} */
export function filesOf(draft) {
  const words = Object.entries(draft.words).map(([lang, pieces]) => [`${lang}.md`, fileOf(pieces)]);
  return {[FILE]: jsonOf(draft), ...Object.fromEntries(words)};
}

/**
 * The draft that a lesson's files are.
 * @param {Files} files that the server has read
 * @param {Record<string, number[]>} lines by language, those in which the sections begin, from 1
 * @param {string} name
 * @returns {Draft}
 */
export function draftOf(files, lines, name) {
  const words = Object.fromEntries(Object.entries(lines).map(([lang, at]) => [lang, cut(files[`${lang}.md`], at)]));
  return {name, words, lesson: JSON.parse(files[FILE]), source: files[FILE]};
}

/** @param {string} text @param {number[]} lines @returns {Words} */
function cut(text, lines) {
  const all = text.split(/(?<=\n)/u);
  const starts = [1, ...lines, all.length + 1];
  const [head, ...steps] = starts.slice(0, -1).map((from, i) => all.slice(from - 1, starts[i + 1] - 1).join(""));
  return {head, steps};
}

/** @param {string} text of a name @returns {string} what a folder may be called */
export function folderName(text) {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return FOLDER.test(plain.slice(0, 40)) ? plain.slice(0, 40) : "my-lesson";
}

/** @param {Draft} draft @param {Partial<Draft["lesson"]>} patch @returns {Draft} */
export const withLesson = (draft, patch) => {
  const {steps, ...head} = {...draft.lesson, ...patch};
  return {...draft, lesson: {...head, steps}};
};

/** Change one step; what is undefined is left out. @param {Draft} draft @param {number} at @param {Partial<Step>} patch
 * @returns {Draft} */
export function withStep(draft, at, patch) {
  const steps = draft.lesson.steps.map((step, i) =>
    i === at ? JSON.parse(JSON.stringify({...step, ...patch})) : step,
  );
  return withLesson(draft, {steps});
}

/** Change all pieces of the words. @param {Draft} draft @param {(pieces: Words, lang: string) => Words} change */
function withWords(draft, change) {
  const words = Object.entries(draft.words).map(([lang, pieces]) => [lang, change(pieces, lang)]);
  return {...draft, words: Object.fromEntries(words)};
}

/** Write the head, or a step. @param {Draft} draft @param {string} lang @param {number} at -1 for the head
 * @param {string} text @returns {Draft} */
export const withText = (draft, lang, at, text) =>
  withWords(draft, (pieces, own) => {
    if (own !== lang) return pieces;
    if (at < 0) return {...pieces, head: retold(pieces.head, text)};
    return {...pieces, steps: pieces.steps.map((piece, i) => (i === at ? retold(piece, text) : piece))};
  });

/**
 * A step more, before `at`.
 * @param {Draft} draft @param {number} at @param {Step} step @param {(lang: string) => string} words @returns {Draft}
 */
export function withNewStep(draft, at, step, words) {
  const grown = withWords(draft, ({head, steps}, lang) => ({
    head: `${parted(head)[0]}\n\n`,
    steps: [...steps.slice(0, at).map(piece => `${parted(piece)[0]}\n\n`), words(lang), ...steps.slice(at)],
  }));
  return withLesson(grown, {steps: draft.lesson.steps.toSpliced(at, 0, step)});
}

/** @param {Draft} draft @param {number} at @returns {Draft} */
export function withoutStep(draft, at) {
  const less = withWords(draft, ({head, steps}) => ({head, steps: steps.toSpliced(at, 1)}));
  return withLesson(less, {steps: draft.lesson.steps.toSpliced(at, 1)});
}

/** @param {Draft} draft @param {number} from @param {number} to @returns {Draft} */
export function withMoved(draft, from, to) {
  /** @template T @param {T[]} list @returns {T[]} */
  const moved = list => list.toSpliced(from, 1).toSpliced(to, 0, list[from]);
  const other = withWords(draft, ({head, steps}) => {
    const apart = steps.map((piece, i) => (i === steps.length - 1 ? `${parted(piece)[0]}\n\n` : piece));
    return {head, steps: moved(apart)};
  });
  return withLesson(other, {steps: moved(draft.lesson.steps)});
}

/** A language more, in words of which each step has some; or one less.
 * @param {Draft} draft @param {string} lang @param {Words | null} words @returns {Draft} */
export function withLanguage(draft, lang, words) {
  const {[lang]: _, ...others} = draft.words;
  return {...draft, words: words ? {...draft.words, [lang]: words} : others};
}

/** Where a part of a step begins and ends in its text. @param {string} text @param {Part} part */
function placeOf(text, part) {
  const lines = text.split("\n");
  const from = lines.findIndex(line => new RegExp(`^ {0,3}###\\s+${part}\\s*#*\\s*$`, "i").test(line));
  if (from < 0) return null;
  const end = lines.findIndex((line, i) => i > from && /^ {0,3}#{1,3}\s/.test(line));
  return {lines, from, to: end < 0 ? lines.length : end};
}

/** Whether a step has a part, in any language. @param {Draft} draft @param {number} at @param {Part} part */
export const hasPart = (draft, at, part) =>
  Object.values(draft.words).some(({steps}) => placeOf(steps[at] ?? "", part) !== null);

/** What `lesson.json` has for a part of the words. @type {Record<string, Partial<Step>>} */
const ENTRIES = {question: {question: {right: 1}}, check: {check: {value: "loss", slips: []}}};

/** A part more in a step: its heading and something to begin with. @param {Draft} draft @param {number} at
 * @param {Part} part @param {(lang: string) => string} words @returns {Draft} */
export function withPart(draft, at, part, words) {
  const more = withWords(draft, ({head, steps}, lang) => {
    const piece = steps[at];
    if (placeOf(piece, part)) return {head, steps};
    return {head, steps: steps.with(at, retold(piece, `${parted(piece)[0]}\n\n### ${part}\n\n${words(lang)}`))};
  });
  return withStep(more, at, ENTRIES[part] ?? {});
}

/** A part less. @param {Draft} draft @param {number} at @param {Part} part @returns {Draft} */
export function withoutPart(draft, at, part) {
  const less = withWords(draft, ({head, steps}) => {
    const place = placeOf(steps[at], part);
    if (!place) return {head, steps};
    const {lines, from, to} = place;
    return {head, steps: steps.with(at, retold(steps[at], lines.toSpliced(from, to - from).join("\n")))};
  });
  return withStep(less, at, part in ENTRIES ? {[part]: undefined} : {});
}

/**
 * The step that a fault is in, from 0; -1 for the head, null where that cannot be told; and the line within its text.
 * @param {Draft} draft @param {{file: string, line: number}} fault @returns {{step: number, line: number} | null}
 */
export function placeOfFault(draft, {file, line}) {
  if (file === FILE) {
    const {steps, ...head} = draft.lesson;
    let before = JSON.stringify({...head, steps: []}, null, 2).split("\n").length - 1;
    if (jsonOf(draft) === draft.source) return null;
    for (const [step, entries] of steps.entries()) {
      const count = JSON.stringify(entries, null, 2).split("\n").length;
      if (line > before && line <= before + count) return {step, line: line - before};
      before += count;
    }
    return null;
  }
  const words = draft.words[file.replace(/\.md$/, "")];
  if (!words) return null;
  let text = "";
  for (const [i, piece] of [words.head, ...words.steps].entries()) {
    const before = text.split("\n").length - 1;
    text = fileOf({head: text, steps: [piece]});
    const start = text.slice(0, text.length - piece.length).split("\n").length - 1;
    const isLast = i === words.steps.length;
    if (line > before && (isLast || line <= text.split("\n").length - 1)) return {step: i - 1, line: line - start};
  }
  return null;
}
