// @ts-check
/** Names and formulas of a graph in print: w1_23 is w¹₂₃, as MathML and as plain text. Pure but for MathML. */

import {chosen} from "../../draw/format.js";
import {m} from "../shared/symbols.js";

/** @typedef {import("../../types").Tree} Tree */

const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** How functions are written. @type {Record<string, string>} */
const WRITTEN = {sigmoid: "σ", sqrt: "√"};
/** How tightly signs bind. @type {Record<string, number>} */
const TIGHT = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3};
/** @type {Record<string, string>} */
const PRINTED = {"+": " + ", "-": " − ", "*": "·", "/": " / "};

/** @param {string} digits @param {string} letters */
const set = (digits, letters) => digits.replace(/\d/g, digit => letters[Number(digit)]);

/** The letter, what is raised and what is lowered. @param {string} name */
function parts(name) {
  const [, letter, digits, , rest = ""] = /^([^\d_]+)(\d*)(_(.*))?$/u.exec(name) ?? ["", name, "", "", ""];
  return rest && digits ? {letter, above: digits, below: rest} : {letter, above: "", below: digits || rest};
}

/** A name as text. @param {string} name */
export function nameText(name) {
  const {letter, above, below} = parts(name);
  return `${letter}${set(above, ABOVE)}${/^\d*$/.test(below) ? set(below, BELOW) : `_${below}`}`;
}

/** A name as MathML. @param {string} name @returns {Element} */
export function nameMath(name) {
  const {letter, above, below} = parts(name);
  const base = m("mi", letter);
  if (!below) return base;
  const lower = m(/^\d+$/.test(below) ? "mn" : "mi", below);
  return above ? m("msubsup", base, lower, m("mn", above)) : m("msub", base, lower);
}

/** A formula as text. @param {Tree} tree @returns {string} */
export function treeText(tree) {
  if (typeof tree === "string") return nameText(tree);
  if (!Array.isArray(tree)) return chosen(tree);
  const [sign, ...of] = /** @type {[string, ...Tree[]]} */ (tree);
  const own = TIGHT[sign];
  if (!own) return `${WRITTEN[sign] ?? sign.replaceAll("_", " ")}(${of.map(treeText).join(", ")})`;
  const texts = of.map((part, k) => bracketed(part, own + (k || sign === "**" ? 1 : 0)));
  if (of.length === 1) return `−${bracketed(of[0], 2)}`;
  if (sign === "**") return texts[0] + (isDigit(of[1]) ? set(String(of[1]), ABOVE) : `^${texts[1]}`);
  return texts.join(PRINTED[sign]);
}

/** @param {Tree} tree */
const isDigit = tree => typeof tree === "number" && Number.isInteger(tree) && tree >= 0;

/** @param {Tree} tree @param {number} least */
function bracketed(tree, least) {
  const text = treeText(tree);
  const sign = Array.isArray(tree) ? String(tree[0]) : "";
  return (TIGHT[sign] ?? 9) < least ? `(${text})` : text;
}
