// @ts-check
/**
 * Own data: a CSV file, chosen, dropped or pasted; which column is learnt, which go in, and every defect by row and
 * column.
 */

import {integer as grouped} from "../../draw/format.js";
import {h, setOptions, setText} from "../../draw/dom.js";
import {field} from "../shared/fields.js";
import {defectWords} from "./words.js";

/** @typedef {import("../../types").State} State */
/**
 * @typedef {{ok: boolean, code?: string, message?: string, params?: any, columns?: {name: string, numeric: boolean,
 * values: string[]}[], defects?: import("./words").Defect[], count?: number, option?:
 * import("../../types").DatasetOption}} Answer
 */

/** Bytes of a file; the server says the same. */
const LARGEST = 10 * 2 ** 20;
/** Defects that are listed; all are counted. */
const LISTED = 12;

/**
 * A window beside the left panel, in which a file becomes a data set.
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function ownView(root, {t, act, giveFile, wordsOf}) {
  const file = h("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv,text/plain",
    dataset: {role: "own-file"},
    onchange: () => file.files?.[0] && take(file.files[0], file.files[0].name),
  });
  const text = h("textarea", {
    rows: 5,
    spellcheck: "false",
    dataset: {role: "own-text", i18nTitle: "own.paste"},
    placeholder: "x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0",
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => text.value.trim() && take(new Blob([text.value]), ""), 400);
    },
  });
  const drop = h(
    "div",
    {class: "own-drop"},
    h("label", {class: "own-choose"}, h("span", {dataset: {i18n: "own.choose"}}), file),
    h("span", {class: "own-or", dataset: {i18n: "own.drop"}}),
    text,
  );
  const title = h("strong", {class: "own-name", dataset: {role: "own-name"}});
  const target = h("select", {
    dataset: {role: "own-target"},
    onchange: () => {
      left.delete(Number(target.value));
      read();
    },
  });
  const kind = h("select", {dataset: {role: "own-kind"}, onchange: read});
  const inputs = h("div", {class: "own-inputs", role: "group", dataset: {i18nTitle: "own.inputs"}});
  const choices = h(
    "div",
    {class: "own-choices", hidden: true},
    title,
    h("div", {class: "own-pair"}, field("own.target", target, "wide"), field("own.kind", kind, "wide")),
    h("span", {class: "field-label", dataset: {i18n: "own.inputs"}}),
    inputs,
  );
  const verdict = h("p", {class: "own-verdict", role: "status", dataset: {role: "own-verdict"}});
  const defects = h("table", {class: "own-defects", dataset: {role: "own-defects"}, hidden: true});
  const train = h("button", {
    type: "button",
    class: "primary",
    disabled: true,
    dataset: {role: "own-train", i18n: "own.train"},
    onclick: begin,
  });

  root.append(
    h(
      "header",
      {class: "dialog-head"},
      h("h2", {id: "title-own", dataset: {i18n: "own.title"}}),
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          dataset: {role: "own-close", i18nTitle: "setting.close"},
          onclick: () => root.close(),
        },
        "×",
      ),
    ),
    h(
      "div",
      {class: "own"},
      drop,
      choices,
      verdict,
      defects,
      h("div", {class: "own-end"}, h("span", {class: "own-note", dataset: {i18n: "own.note"}}), train),
    ),
  );

  for (const type of ["dragenter", "dragover"])
    root.addEventListener(type, event => {
      event.preventDefault();
      drop.classList.add("over");
    });
  for (const type of ["dragleave", "drop"]) root.addEventListener(type, () => drop.classList.remove("over"));
  root.addEventListener("drop", event => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) take(dropped, dropped.name);
  });
  root.addEventListener("keydown", event => {
    if (event.key === "Escape") root.close();
  });

  /** @type {Blob | null} */
  let content = null;
  let name = "";
  let asked = 0;
  let lang = "";
  /** @type {any} */
  let typing;
  /** Columns that are left out, counted from 1. @type {Set<number>} */
  const left = new Set();
  /** @type {Answer | null} */
  let answer = null;

  /** A new file: nothing that was chosen for the last one holds. @param {Blob} blob @param {string} called */
  function take(blob, called) {
    [content, name] = [blob, called];
    if (called) text.value = "";
    file.value = "";
    left.clear();
    target.dataset.options = "";
    target.replaceChildren();
    kind.value = "";
    read();
  }

  async function read() {
    if (!content) return;
    const mine = ++asked;
    train.disabled = true;
    if (content.size > LARGEST)
      answer = {
        ok: false,
        code: "too_large",
        params: {name: "file", high: LARGEST / 2 ** 20},
        message: t("own.too_large", {n: LARGEST / 2 ** 20}),
      };
    else {
      setText(verdict, t("own.reading"));
      verdict.dataset.kind = "";
      const found = await giveFile(content, {target: target.value, kind: kind.value, ignore: [...left].join(",")});
      if (mine !== asked) return;
      answer = found;
    }
    show();
  }

  function show() {
    if (!answer) return;
    const {ok, columns = [], option, defects: found = [], count = 0} = answer;
    choices.hidden = !columns.length;
    setText(title, name);
    title.hidden = !name;
    if (columns.length) offer(columns);
    const kinds = ["", "classes", "regression"].map(value => ({
      value,
      label:
        value === "" && ok && option
          ? t("own.kind_found", {kind: t(`own.kind_${option.kind}`)})
          : t(`own.kind_${value || "auto"}`),
    }));
    setOptions(kind, kinds);
    train.disabled = !ok;
    verdict.dataset.kind = ok ? "good" : "bad";
    setText(
      verdict,
      ok && option
        ? summary(option)
        : found.length
          ? t(count === 1 ? "own.defect" : "own.defects", {n: grouped(count)})
          : wordsOf(answer),
    );
    defects.hidden = !found.length;
    defects.replaceChildren(
      h(
        "thead",
        {},
        h("tr", {}, h("th", {}, t("own.row")), h("th", {}, t("own.column")), h("th", {}, t("own.problem"))),
      ),
      h(
        "tbody",
        {},
        ...found
          .slice(0, LISTED)
          .map(one =>
            h(
              "tr",
              {title: one.words},
              h("td", {}, one.row === null ? "–" : grouped(one.row)),
              h("td", {}, one.column === null ? "–" : `${one.column}${one.name ? ` ${one.name}` : ""}`),
              h("td", {}, defectWords(t, lang, one)),
            ),
          ),
      ),
      count > LISTED
        ? h(
            "tfoot",
            {},
            h("tr", {}, h("td", {colspan: 3}, t("own.more", {n: grouped(count - Math.min(LISTED, found.length))}))),
          )
        : "",
    );
  }

  /** @param {import("../../types").DatasetOption} option */
  function summary({samples, inputs: count, kind: what, class_names: classes}) {
    const words = t(count === 1 ? "own.summary_one" : "own.summary", {
      n: grouped(samples),
      inputs: count,
      kind: t(`own.kind_${what}`),
    });
    return classes.length ? `${words}: ${classes.slice(0, 6).join(", ")}${classes.length > 6 ? ", …" : ""}` : words;
  }

  /** @param {NonNullable<Answer["columns"]>} columns */
  function offer(columns) {
    const chosen = target.value || String(columns.length);
    setOptions(
      target,
      columns.map((column, k) => ({value: String(k + 1), label: column.name})),
    );
    target.value = chosen;
    inputs.replaceChildren(
      ...columns.flatMap((column, k) =>
        String(k + 1) === chosen
          ? []
          : [
              h(
                "label",
                {class: column.numeric ? "check" : "check words", title: column.values.join(", ")},
                h("input", {
                  type: "checkbox",
                  checked: !left.has(k + 1),
                  dataset: {column: k + 1},
                  onchange: (/** @type {Event} */ event) => {
                    if (/** @type {HTMLInputElement} */ (event.target).checked) left.delete(k + 1);
                    else left.add(k + 1);
                    read();
                  },
                }),
                h("span", {}, column.name),
              ),
            ],
      ),
    );
  }

  async function begin() {
    const option = answer?.option;
    if (!option) return;
    train.disabled = true;
    const reply = await act("configure", {data: {name: option.name}});
    train.disabled = false;
    if (reply.ok !== false) root.close();
  }

  return {
    toggle() {
      if (root.open) root.close();
      else {
        root.show();
        file.focus();
      }
    },
    update(state) {
      root.inert = state.connection !== "open";
      if (lang === state.lang) return;
      lang = state.lang;
      show();
    },
    destroy() {
      clearTimeout(typing);
      root.replaceChildren();
    },
  };
}
