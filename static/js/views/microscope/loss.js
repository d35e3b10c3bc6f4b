// @ts-check
/** The loss of the sample from its outputs, in symbols and in numbers. */

import {chosen} from "../../draw/format.js";
import {formula, m, sign} from "../shared/symbols.js";
import {absolute, bracketed, equals, factor, i, ln, maximum, n, op, over, squared, sumOver, whole} from "./notation.js";
import {at} from "./subject.js";

/** @typedef {import("./subject.js").Subject} Subject */

/** @typedef {object} Outputs what a loss is written with
 * @property {number} count of outputs
 * @property {() => Element[]} sum over outputs, where there are several
 * @property {() => Element} aj
 * @property {() => Element} yj
 * @property {number} a the first output
 * @property {number} y and its target
 * @property {number | null} truth the output of the sample's class; null where no target is 1
 * @property {number} bend where the Huber loss becomes straight */

/** @typedef {{symbols: (of: Outputs) => Element[], numbers: (of: Outputs) => Element[]}} Written numbers are those of
 * one output: of several there would be too many */

const half = () => over(whole(1), whole(2));
const one = () => whole(1);
/** @param {Outputs} of */
const distance = of => [of.aj(), op("−"), of.yj()];
/** @param {Outputs} of */
const distanceInNumbers = of => [n(of.a, "forward"), op("−"), factor(of.y)];
/** 1 over so many, unless it is 1. @param {number} count */
const share = count => (count > 1 ? [over(whole(1), whole(count))] : []);

/** Whether the Huber loss is still a parabola there. @param {Outputs} of */
const isNear = ({a, y, bend}) => Math.abs(a - y) <= bend;

/** @param {Outputs} of */
function bceInNumbers({a, y}) {
  if (y === 1) return [op("−"), ln(), n(a, "forward")];
  return y === 0 ? [op("−"), ln(), ...bracketed(one(), op("−"), n(a, "forward"))] : [];
}

/** @type {Record<string, Written>} */
const LOSSES = {
  bce: {
    symbols: ({sum, aj, yj}) => {
      const other = [...bracketed(one(), op("−"), yj()), ln(), ...bracketed(one(), op("−"), aj())];
      return [op("−"), ...sum(), ...bracketed(yj(), ln(), aj(), op("+"), ...other)];
    },
    numbers: bceInNumbers,
  },
  cross_entropy: {
    symbols: ({aj, yj}) => [op("−"), sumOver("j"), yj(), ln(), aj()],
    numbers: ({truth}) => (truth === null ? [] : [op("−"), ln(), n(truth, "forward")]),
  },
  mse: {
    symbols: of => [...share(of.count), ...of.sum(), squared(...distance(of))],
    numbers: of => [squared(...distanceInNumbers(of))],
  },
  half_squared_error: {
    symbols: of => [half(), ...of.sum(), squared(...distance(of))],
    numbers: of => [half(), squared(...distanceInNumbers(of))],
  },
  mae: {
    symbols: of => [...share(of.count), ...of.sum(), ...absolute(...distance(of))],
    numbers: of => absolute(...distanceInNumbers(of)),
  },
  huber: {
    symbols: of => {
      if (of.count > 1) return [...share(of.count), ...of.sum(), i("h"), ...bracketed(...distance(of))];
      return isNear(of)
        ? [half(), squared(...distance(of))]
        : [i("d"), ...bracketed(...absolute(...distance(of)), op("−"), half(), i("d"))];
    },
    numbers: of => {
      if (isNear(of)) return [half(), squared(...distanceInNumbers(of))];
      const bend = () => m("mn", chosen(of.bend));
      const straight = [...absolute(...distanceInNumbers(of)), op("−"), half(), op("·"), bend()];
      return [bend(), op("·"), ...bracketed(...straight)];
    },
  },
  hinge: {
    symbols: ({sum, aj, yj}) => [...sum(), ...maximum(whole(0), op(","), one(), op("−"), yj(), aj())],
    numbers: ({a, y}) => maximum(whole(0), op(","), one(), op("−"), factor(y), op("·"), factor(a, "forward")),
  },
};

/** @param {Subject} subject @returns {Outputs} */
function outputsOf({step, layout, y, huber_delta = 1}) {
  const last = layout.sizes.length - 1;
  const count = layout.sizes[last];
  const a = (/** @type {number} */ j) => step.sample.A[at(layout, last, j)];
  const strong = strongest(y, count);
  return {
    count,
    sum: () => (count > 1 ? [sumOver("j")] : []),
    aj: () => (count > 1 ? m("msubsup", i("a"), i("j"), whole(last)) : sign("a", last, 1)),
    yj: () => (count > 1 ? m("msub", i("y"), i("j")) : i("y")),
    a: a(0),
    y: y[0],
    truth: y[strong] === 1 && a(strong) > 0 ? a(strong) : null,
    bend: huber_delta,
  };
}

/** C of the sample from its outputs. @param {Subject} subject @returns {Element[]} */
export function lossFormula(subject) {
  const {step, layout, index} = subject;
  const last = layout.sizes.length - 1;
  const C = m("msub", i("C"), i("x"));
  const result = equals(n(step.pass_loss.sample));
  const written = LOSSES[layout.loss];
  if (!written) {
    const y = m("msub", i("y"), whole(index + 1));
    return [formula(C, op("="), i("C"), ...bracketed(sign("a", last, index + 1), op(","), y)), result];
  }
  const of = outputsOf(subject);
  const numbers = of.count > 1 && layout.loss !== "cross_entropy" ? [] : written.numbers(of);
  return [formula(C, op("="), ...written.symbols(of)), ...(numbers.length ? [equals(...numbers)] : []), result];
}

/** The class of a sample: its largest target. @param {ArrayLike<number>} y @param {number} count */
function strongest(y, count) {
  let best = 0;
  for (let j = 1; j < count; j++) if (y[j] > y[best]) best = j;
  return best;
}
