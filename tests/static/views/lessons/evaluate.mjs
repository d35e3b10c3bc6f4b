// What expressions of lessons come to while a session speaks: JSON lines in and out. The page's own modules decode the
// messages, make the state of them and evaluate.
import {applyBinary, applyText, initialState} from "../../../../static/js/model/model.js";
import {decode} from "../../../../static/js/wire/protocol.js";
import {faultsOf, valueOf} from "../../../../static/js/views/lessons/expressions.js";
import {NOTHING, quantitiesOf} from "../../../../static/js/views/lessons/quantities.js";
import {reliedOn, wandered} from "../../../../static/js/views/lessons/setup.js";
import {createInterface} from "node:readline";

let state = initialState("en", "light");

/** @param {Record<string, any>} order */
function obey({text, binary, view, ask, own, faults, strayed}) {
  if (text) state = {...state, ...applyText(state, JSON.parse(text))};
  if (binary) {
    const bytes = Uint8Array.from(Buffer.from(binary, "base64"));
    const {header, arrays} = decode(bytes.buffer);
    state = {...state, ...applyBinary(state, header, arrays)};
  }
  if (view) state = {...state, view: {...state.view, ...view}};
  if (faults) return faultsOf(faults);
  if (strayed) {
    const {steps, at} = strayed;
    const wanted = steps.slice(0, at + 1).findLast(step => step.state)?.state;
    return [reliedOn(steps, at), wandered(state, wanted, reliedOn(steps, at))];
  }
  const quantity = quantitiesOf(state, {...NOTHING, ...own});
  return ask?.map(expression => {
    const value = valueOf({text: expression, file: "", line: 0}, quantity);
    return Number.isNaN(value) ? null : value;
  });
}

for await (const line of createInterface({input: process.stdin})) {
  const answer = obey(JSON.parse(line));
  if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer)}\n`);
}
