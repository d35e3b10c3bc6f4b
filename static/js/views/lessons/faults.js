// @ts-check
/** What is wrong with a lesson's file, in the page's language: the server names it by a code. */

/**
 * @typedef {object} Fault
 * @property {string} file
 * @property {number} line
 * @property {string} code see server/lessons/faults.py
 * @property {Record<string, string | number>} params
 * @property {{code: string, message: string, params: any}} [of] the refusal that stands behind it
 */

/**
 * @param {Fault} fault @param {import("../../types").ViewContext["t"]} t
 * @param {((reply: any) => string) | undefined} wordsOf of a refusal
 */
export function faultWords({file, line, code, params, of}, t, wordsOf) {
  const all = of && wordsOf ? {...params, words: wordsOf(of)} : params;
  return t("lesson.fault", {file, line, words: t(`lesson_fault.${code}`, all)});
}
