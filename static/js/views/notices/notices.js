// @ts-check
/** What happened and what to do next: a lost connection, a divergence, a refused wish, a restart. */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {has} from "../../draw/i18n.js";

/** ms; a way shorter than `PATIENCE` needs no words. */
const TOAST_MS = 5000;
const MOST_TOASTS = 3;
const PATIENCE = 400;

/** Words for an error reply, in the page's language where it has them. @param {string} lang
 * @param {(key: string, params?: Record<string, any>) => string} t @param {any} reply */
export function errorWords(lang, t, reply) {
  const key = `error.${reply.code}`;
  if (!has(lang, key)) return reply.message ?? key;
  /** @type {Record<string, string>} */
  const params = {
    message: reply.message ?? "",
    ...Object.fromEntries(
      Object.entries(reply.params ?? {}).map(([name, value]) => [name, value === null ? "" : String(value)]),
    ),
  };
  if (params.name && has(lang, `name.${params.name}`)) params.name = t(`name.${params.name}`);
  const words = t(key, params);
  return /\{\w+\}/.test(words) ? (reply.message ?? words) : words;
}

/** @typedef {import("../../types").State} State */
/** @typedef {[label: string, chosen: () => void, primary?: boolean]} Choice */

/**
 * Words that come and go by themselves, a few at a time.
 * @param {HTMLElement} element
 * @param {(source: string, words: string) => void} announce
 */
function toaster(element, announce) {
  /** @param {string} text @param {"error" | "info"} [kind] */
  return (text, kind = "info") => {
    for (const old of [...element.children]) if (old.textContent === text) old.remove();
    while (element.children.length >= MOST_TOASTS) element.firstElementChild?.remove();
    const toast = h("div", {class: "toast", dataset: {kind}}, text);
    element.append(toast);
    announce("toast", text);
    setTimeout(() => toast.remove(), TOAST_MS);
  };
}

/** The one notice above the page: words, a bar of progress, and what can be done. */
class Notice {
  constructor() {
    this.words = h("p", {});
    this.actions = h("div", {class: "notice-actions"});
    this.bar = h("progress", {max: 1, hidden: true});
    this.element = h("div", {class: "notice", role: "alert", hidden: true}, this.words, this.bar, this.actions);
    this.shown = "";
  }

  /** @param {string} kind @param {string} text @param {Choice[]} [choices] */
  show(kind, text, choices = []) {
    const key = `${kind} ${text} ${choices.map(([label]) => label)}`;
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = false;
    this.element.dataset.kind = kind;
    setText(this.words, text);
    this.actions.replaceChildren(
      ...choices.map(([label, onclick, primary]) =>
        h("button", {type: "button", class: primary ? "primary" : "", onclick}, label),
      ),
    );
  }

  hide() {
    if (this.shown === "") return;
    this.shown = "";
    this.element.hidden = true;
  }
}

class Notices {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act, announce}) {
    this.root = root;
    this.t = t;
    this.act = act;
    this.notice = new Notice();
    this.refusal = "";
    /** When the run began to catch up; 0 while it does not. */
    this.replaying = 0;
    /** @type {number | undefined} the step whose stop has been read */
    this.dismissed = undefined;
    /** The lane and step of a divergence that has been read, while the other lanes go on. */
    this.left = "";
    const toasts = h("div", {class: "toasts"});
    this.toast = toaster(toasts, announce);
    root.append(this.notice.element, toasts);
  }

  /** In which layer it began, in words. @param {import("../../types").Status} status */
  began({layer, ratio, overflow}) {
    const first = overflow ? this.t("diverged.overflow", {layer: overflow}) : "";
    if (!layer) return first;
    const infinite = ratio === null || ratio === undefined;
    if (infinite) return `${this.t("diverged.began_infinite", {layer})} ${first}`;
    return `${ratio < 0.1 ? "" : this.t("diverged.began", {layer, ratio: plain(ratio, 2)})} ${first}`;
  }

  /** Why it diverged, in words. @param {State} state */
  why({status, layout, options}) {
    const place = layout?.landscape ?? null;
    const landscape = place === null ? undefined : options?.landscapes.find(({name}) => name === place);
    const bottomless = landscape !== undefined && landscape.lowest === null;
    const rate = String(status.learning_rate ?? NaN);
    const why = this.t(bottomless ? "diverged.bottomless" : `diverged.${status.loss ?? "nan"}`, {
      step: status.step ?? 0,
      rate,
      pull: plain(status.pull ?? NaN, 3),
    });
    return place === null ? `${why} ${this.began(status)}` : why;
  }

  /** @param {State} state */
  diverged(state) {
    const {status, lane, lanes} = state;
    const back = {step: status.good_step ?? 0, rate: String(status.good_rate ?? NaN)};
    /** @type {Choice} */
    const dismiss = [
      this.t("stopped.dismiss"),
      () => {
        this.left = `${lane} ${status.step}`;
        this.notice.hide();
      },
    ];
    this.notice.show("diverged", this.why(state), [
      [this.t("diverged.recover", back), () => this.act("recover"), true],
      [this.t("diverged.reset"), () => this.act("reset")],
      ...(lanes.length > 1 ? [dismiss] : []),
    ]);
  }

  /** @param {State} state */
  stopped({status}) {
    const params = {step: status.step ?? 0, value: plain(status.value ?? NaN)};
    this.notice.show("stopped", this.t(`stopped.${status.rule}`, params), [
      [
        this.t("stopped.dismiss"),
        () => {
          this.dismissed = status.step;
          this.notice.hide();
        },
      ],
    ]);
  }

  /** @param {State} state */
  catchingUp({status, frame}) {
    if (performance.now() - this.replaying <= PATIENCE) return this.notice.hide();
    this.notice.show("replaying", this.t("replaying.text", {step: status.step ?? 0}));
    this.notice.bar.value = status.step ? (frame?.step ?? 0) / status.step : 0;
  }

  /** @param {State} state */
  update(state) {
    const {status, connection} = state;
    const replaying = status.kind === "replaying";
    this.replaying = replaying ? this.replaying || performance.now() : 0;
    this.notice.bar.hidden = !replaying || connection !== "open";
    if (connection === "refused") this.notice.show("lost", this.refusal);
    else if (connection === "lost") this.notice.show("lost", this.t("connection.lost"));
    else if (status.kind === "diverged" && this.left !== `${state.lane} ${status.step}`) this.diverged(state);
    else if (status.kind === "stopped" && this.dismissed !== status.step) this.stopped(state);
    else if (replaying) this.catchingUp(state);
    else this.notice.hide();
  }

  /** Why the server has no session for this page. @param {string} text */
  refused(text) {
    this.refusal = text;
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toast: (words: string, kind?: "error"|"info") => void, refused: (words:
 * string) => void}}
 */
export function noticesView(root, context) {
  return new Notices(root, context);
}
