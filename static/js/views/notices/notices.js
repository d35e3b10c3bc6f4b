// @ts-check
/** What happened and what to do next: a lost connection, a divergence, a refused wish, a restart. */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {has} from "../../draw/i18n.js";
import {lasting} from "../../draw/lasting.js";
import {Read, crowded, remedyWords, symptomWords, take} from "./symptoms.js";

/** ms; a way shorter than `PATIENCE` needs no words. */
const TOAST_MS = 5000;
const MOST_TOASTS = 3;
const PATIENCE = 400;

/** Words for an error reply, in the page's language where it has them. @param {string} lang
 * @param {(key: string, params?: Record<string, any>) => string} t @param {any} reply */
export function errorWords(lang, t, reply) {
  const key = `error.${reply.code}`;
  if (!has(lang, key)) return reply.message ?? key;
  /** @type {Record<string, string | number>} */
  const params = {
    message: reply.message ?? "",
    ...Object.fromEntries(
      Object.entries(reply.params ?? {}).map(([name, value]) => [
        name,
        typeof value === "number" ? value : String(value ?? ""),
      ]),
    ),
  };
  if (params.name && has(lang, `name.${params.name}`)) params.name = t(`name.${params.name}`);
  const words = t(key, params);
  return /\{\w+\}/.test(words) ? (reply.message ?? words) : words;
}

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext & {retry(): void}} NoticesContext */
/** @typedef {{label: string, chosen: () => void, primary?: boolean, tip?: string}} Choice */

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
  /** @param {(source: string, words: string) => void} announce */
  constructor(announce) {
    this.announce = announce;
    this.words = h("p", {});
    this.lasts = h("span", {class: "notice-lasts", hidden: true});
    this.actions = h("div", {class: "notice-actions"});
    this.bar = h("progress", {max: 1, hidden: true});
    this.element = h(
      "div",
      {class: "notice", role: "status", "aria-live": "off", hidden: true}, // what it says is announced
      this.words,
      this.lasts,
      this.bar,
      this.actions,
    );
    this.shown = "";
  }

  /** @param {string} kind @param {string} text @param {Choice[]} [choices] */
  show(kind, text, choices = []) {
    const key = `${kind} ${text} ${choices.map(({label}) => label)}`;
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = false;
    this.element.dataset.kind = kind;
    setText(this.words, text);
    this.announce("notice", text);
    this.actions.replaceChildren(
      ...choices.map(({label, chosen, primary, tip}) =>
        h("button", {type: "button", class: primary ? "primary" : "", tip, onclick: chosen}, label),
      ),
    );
  }

  /** How long it has lasted: seen, and not heard each second. @param {string} words */
  last(words) {
    this.lasts.hidden = !words;
    setText(this.lasts, words);
  }

  hide() {
    if (this.shown === "") return;
    this.shown = "";
    this.element.hidden = true;
  }
}

class Notices {
  /** @param {HTMLElement} root @param {NoticesContext} context */
  constructor(root, {t, act, announce, retry}) {
    this.root = root;
    this.retry = retry;
    /** Tells each second how long the connection is lost. @type {ReturnType<typeof setInterval> | undefined} */
    this.clock = undefined;
    this.t = t;
    this.act = act;
    this.notice = new Notice(announce);
    this.refusal = "";
    /** When the run began to catch up; 0 while it does not. */
    this.replaying = 0;
    /** @type {number | undefined} the step whose stop has been read */
    this.dismissed = undefined;
    /** The lane and step of a divergence that has been read, while the other lanes go on. */
    this.left = "";
    this.known = new Read();
    /** @type {State | null} the newest */
    this.state = null;
    const toasts = h("div", {class: "toasts", role: "status", "aria-live": "off", dataset: {part: "toasts"}});
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
    const rate = status.learning_rate ?? NaN;
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
    const back = {step: status.good_step ?? 0, rate: status.good_rate ?? NaN};
    const dismiss = this.dismissing(() => (this.left = `${lane} ${status.step}`));
    this.notice.show("diverged", this.why(state), [
      {label: this.t("diverged.recover", back), chosen: () => this.act("recover"), primary: true},
      {label: this.t("diverged.reset"), chosen: () => this.act("reset")},
      ...(lanes.length > 1 ? [dismiss] : []),
    ]);
  }

  /** @param {State} state */
  stopped({status}) {
    const params = {step: status.step ?? 0, value: plain(status.value ?? NaN)};
    this.notice.show("stopped", this.t(`stopped.${status.rule}`, params), [
      this.dismissing(() => (this.dismissed = status.step)),
    ]);
  }

  /** What goes wrong while the run goes on. @param {State} state @param {import("../../types").Symptom} symptom */
  wrong(state, symptom) {
    this.notice.show("symptom", symptomWords(this.t, symptom), [
      ...symptom.remedies.map((remedy, k) => ({
        ...remedyWords(this.t, remedy, crowded(state)),
        primary: k === 0,
        chosen: () => this.help(remedy),
      })),
      this.dismissing(() => this.known.add(this.state)),
    ]);
  }

  /** What helps has been taken: the run that it was taken for need not be told of again.
   * @param {import("../../types").Remedy} remedy */
  help(remedy) {
    if (!this.state) return;
    this.known.add(this.state);
    this.notice.hide();
    take(this.act, this.state, remedy);
  }

  /** The button that takes a notice away. @param {() => void} note that it has been read @returns {Choice} */
  dismissing(note) {
    const chosen = () => {
      note();
      this.notice.hide();
    };
    return {label: this.t("stopped.dismiss"), chosen};
  }

  /** Since when there is no connection, why it seems, and what to do. @param {State} state */
  lost({outage, frame}) {
    const words = this.t(outage?.cause ? `connection.cause_${outage.cause}` : "connection.lost");
    const kept = frame ? ` ${this.t("connection.kept")}` : "";
    this.notice.show("lost", words + kept, [{label: this.t("connection.now"), chosen: this.retry}]);
    if (!outage) return;
    this.notice.last(this.t("connection.lasts", {time: lasting(Date.now() - outage.since, this.t)}));
    this.clock ??= setInterval(() => this.state && this.update(this.state), 1000);
  }

  /** There is a connection, or a refusal. */
  found() {
    clearInterval(this.clock);
    this.clock = undefined;
    this.notice.last("");
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
    this.state = state;
    const replaying = status.kind === "replaying";
    this.replaying = replaying ? this.replaying || performance.now() : 0;
    this.notice.bar.hidden = !replaying || connection !== "open";
    if (connection !== "lost") this.found();
    if (connection === "refused") this.notice.show("lost", this.refusal);
    else if (connection === "lost") this.lost(state);
    else if (status.kind === "diverged" && this.left !== `${state.lane} ${status.step}`) this.diverged(state);
    else if (status.kind === "stopped" && this.dismissed !== status.step) this.stopped(state);
    else if (replaying) this.catchingUp(state);
    else this.symptoms(state);
  }

  /** @param {State} state */
  symptoms(state) {
    const symptom = this.known.next(state);
    if (symptom) this.wrong(state, symptom);
    else this.notice.hide();
  }

  /** Why the server has no session for this page. @param {string} text */
  refused(text) {
    this.refusal = text;
  }

  destroy() {
    clearInterval(this.clock);
    this.root.replaceChildren();
  }
}

/**
 * @param {HTMLElement} root
 * @param {NoticesContext} context
 * @returns {import("../../types").View & {toast: (words: string, kind?: "error"|"info") => void, refused: (words:
 * string) => void}}
 */
export function noticesView(root, context) {
  return new Notices(root, context);
}
