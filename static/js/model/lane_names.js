// @ts-check
/** A lane's name is what sets it apart: "Adam", "η 0.3", "ReLU". Pure. */

import {shape} from "../draw/format.js";
import {changeWords} from "./changes.js";
import {has} from "../draw/i18n.js";

/** @typedef {import("../types").RunConfig} RunConfig */
/** @typedef {import("./changes.js").Translate} Translate */
/**
 * @typedef {{t: Translate, lang: string, ends: [number, number] | null}} Speech `ends`: inputs and outputs of the
 * network, where they are known
 */
/** @typedef {{id: number, config: RunConfig}} Named */

/** What all lanes share, and what follows from other choices. */
const SHARED = new Set(["data", "seed", "batch_size", "initial"]);

/**
 * Leaves of a config: "optimizer.name" → value.
 * @param {Record<string, any>} config
 * @param {string} [above]
 * @returns {Map<string, unknown>}
 */
function leaves(config, above = "") {
  /** @type {Map<string, unknown>} */
  const found = new Map();
  for (const [key, value] of Object.entries(config)) {
    if (!above && SHARED.has(key)) continue;
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      for (const [name, leaf] of leaves(value, `${above}${key}.`)) found.set(name, leaf);
    else found.set(`${above}${key}`, value);
  }
  return found;
}

/** Where two configs differ. Numbers of two different optimizers or schedules are not compared, but for the rate.
 * @param {RunConfig} config @param {RunConfig} other @returns {string[]} names of leaves of `config` */
export function differences(config, other) {
  const mine = leaves(config);
  const theirs = leaves(other);
  const names = new Set([...mine.keys(), ...theirs.keys()]);
  const apart = (/** @type {string} */ name) => mine.get(name) !== theirs.get(name);
  return [...names].filter(name => {
    const [part, leaf] = name.split(".");
    if (
      (part === "optimizer" || part === "schedule") &&
      leaf !== "name" &&
      leaf !== "learning_rate" &&
      apart(`${part}.name`)
    )
      return false;
    if (name === "network.activation" && JSON.stringify(spread(config)) === JSON.stringify(spread(other))) return false;
    return JSON.stringify(mine.get(name) ?? null) !== JSON.stringify(theirs.get(name) ?? null);
  });
}

/** The activations that occur. @param {RunConfig} config */
const spread = ({network: {activation}}) => [...new Set(typeof activation === "string" ? [activation] : activation)];

/** @param {Translate} t @param {unknown} value one for all layers, one for each, or none @returns {string} */
function normalizationWords(t, value) {
  if (Array.isArray(value)) return t("normalization.mixed");
  return value === null ? t("lanes.no_normalization") : t(`lanes.short_${value}`);
}

/** @param {Speech} speech @param {RunConfig} config @param {string} name of a leaf @returns {string} */
function words({t, lang, ends}, config, name) {
  const value = leaves(config).get(name) ?? null;
  const leaf = name.split(".").at(-1) ?? name;
  if (leaf === "hidden") {
    const hidden = /** @type {number[]} */ (value);
    return shape(ends ? [ends[0], ...hidden, ends[1]] : hidden) || t("lanes.no_hidden");
  }
  if (name === "network.activation")
    return spread(config)
      .map(one => t(`activation.${one}`))
      .join("·");
  if (leaf === "normalization") return normalizationWords(t, value);
  if (name === "initializer") return t(`initializer.${value}`);
  if (name === "loss") return value === null ? t("loss.auto") : t(`loss.${value}`);
  if (leaf === "name") return t(`${name.split(".")[0]}.${value}`);
  const key = `setting.${leaf}`;
  if (has(lang, key))
    return t("curves.setting", {
      name: t(key),
      value: value === null ? t("lanes.off") : typeof value === "number" ? value : String(value),
    });
  return changeWords(t, {[leaf]: value}, lang);
}

/**
 * Names of all lanes. The first says its own of everything in which another differs from it; the others say what
 * differs.
 * @param {Named[]} lanes @param {Speech} speech @returns {Map<number, string>} by id */
export function namesOf(lanes, speech) {
  const [first, ...others] = lanes;
  /** @type {Map<number, string>} */
  const names = new Map();
  if (!first) return names;
  const told = new Set(others.flatMap(({config}) => differences(config, first.config)));
  const say = (/** @type {RunConfig} */ config, /** @type {Iterable<string>} */ leaf) =>
    [...leaf]
      .map(name => words(speech, config, name))
      .filter(Boolean)
      .join(", ");
  names.set(
    first.id,
    say(
      first.config,
      [...told].filter(name => leaves(first.config).has(name)),
    ) || speech.t(`optimizer.${first.config.optimizer.name}`),
  );
  for (const {id, config} of others)
    names.set(id, say(config, differences(config, first.config)) || speech.t("lanes.same"));
  return names;
}

/** `namesOf` that counts again only when something of it changes. */
export function nameKeeper() {
  /** @type {unknown[]} */ let key = [];
  /** @type {Map<number, string>} */ let names = new Map();
  return (
    /** @type {Pick<import("../types").State, "lanes" | "lang" | "layout">} */ {lanes, lang, layout},
    /** @type {Translate} */ t,
  ) => {
    const next = [lang, layout, ...lanes.flatMap(({id, config}) => [id, config])];
    if (next.length !== key.length || next.some((one, k) => one !== key[k])) {
      key = next;
      names = namesOf(lanes, {t, lang, ends: layout && [layout.sizes[0], layout.sizes[layout.sizes.length - 1]]});
    }
    return names;
  };
}
