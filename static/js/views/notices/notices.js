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

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toast: (words: string, kind?: "error"|"info") => void, refused: (words:
 * string) => void}}
 */
export function noticesView(root, {t, act}) {
  const words = h("p", {});
  const actions = h("div", {class: "notice-actions"});
  const bar = h("progress", {max: 1, hidden: true});
  const notice = h("div", {class: "notice", role: "alert", hidden: true}, words, bar, actions);
  const toasts = h("div", {class: "toasts", role: "status", "aria-live": "polite"});
  root.append(notice, toasts);
  let shown = "";
  let refusal = "";
  let replaying = 0;
  /** @type {number | undefined} the step whose stop has been read */
  let dismissed;
  /** The lane and step of a divergence that has been read, while the other lanes go on. */
  let left = "";

  /** @param {string} kind @param {string} text @param {[string, () => void, boolean?][]} [choices] */
  function show(kind, text, choices = []) {
    const key = `${kind} ${text} ${choices.map(([label]) => label)}`;
    if (key === shown) return;
    shown = key;
    notice.hidden = false;
    notice.dataset.kind = kind;
    setText(words, text);
    actions.replaceChildren(
      ...choices.map(([label, onclick, primary]) =>
        h("button", {type: "button", class: primary ? "primary" : "", onclick}, label),
      ),
    );
  }

  function hide() {
    if (shown === "") return;
    shown = "";
    notice.hidden = true;
  }

  /** In which layer it began, in words. @param {import("../../types").Status} status */
  function began({layer, ratio, overflow}) {
    const first = overflow ? t("diverged.overflow", {layer: overflow}) : "";
    if (!layer) return first;
    return `${ratio === null || ratio === undefined ? t("diverged.began_infinite", {layer}) : ratio < 0.1 ? "" : t("diverged.began", {layer, ratio: plain(ratio, 2)})} ${first}`;
  }

  /** @param {import("../../types").State} state */
  function diverged({status, layout, options, lane, lanes}) {
    const rate = status.learning_rate ?? NaN;
    const place = layout?.landscape ?? null;
    const bottomless =
      place !== null && options?.landscapes.some(({name, lowest}) => name === place && lowest === null);
    const why = t(bottomless ? "diverged.bottomless" : `diverged.${status.loss ?? "nan"}`, {
      step: status.step ?? 0,
      rate: String(rate),
    });
    show("diverged", place === null ? `${why} ${began(status)}` : why, [
      [
        t("diverged.recover", {step: status.good_step ?? 0, rate: String(status.good_rate ?? NaN)}),
        () => act("recover"),
        true,
      ],
      [t("diverged.reset"), () => act("reset")],
      ...(lanes.length > 1
        ? [
            /** @type {[string, () => void]} */ ([
              t("stopped.dismiss"),
              () => {
                left = `${lane} ${status.step}`;
                hide();
              },
            ]),
          ]
        : []),
    ]);
  }

  /** @param {import("../../types").State} state */
  function stopped({status}) {
    const params = {step: status.step ?? 0, value: plain(status.value ?? NaN)};
    show("stopped", t(`stopped.${status.rule}`, params), [
      [
        t("stopped.dismiss"),
        () => {
          dismissed = status.step;
          hide();
        },
      ],
    ]);
  }

  return {
    update(state) {
      if (state.status.kind !== "replaying") replaying = 0;
      else replaying ||= performance.now();
      bar.hidden = state.status.kind !== "replaying" || state.connection !== "open";
      if (state.connection === "refused") show("lost", refusal);
      else if (state.connection === "lost") show("lost", t("connection.lost"));
      else if (state.status.kind === "diverged" && left !== `${state.lane} ${state.status.step}`) diverged(state);
      else if (state.status.kind === "stopped" && dismissed !== state.status.step) stopped(state);
      else if (state.status.kind === "replaying" && performance.now() - replaying > PATIENCE) {
        show("replaying", t("replaying.text", {step: state.status.step ?? 0}));
        bar.value = state.status.step ? (state.frame?.step ?? 0) / state.status.step : 0;
      } else hide();
    },
    toast(text, kind = "info") {
      for (const old of [...toasts.children]) if (old.textContent === text) old.remove();
      while (toasts.children.length >= MOST_TOASTS) toasts.firstElementChild?.remove();
      const toast = h("div", {class: "toast", dataset: {kind}}, text);
      toasts.append(toast);
      setTimeout(() => toast.remove(), TOAST_MS);
    },
    refused(text) {
      refusal = text;
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
