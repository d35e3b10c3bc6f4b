/**
 * Reads every line that slow motion prints of steps of the core: `node slow_motion.mjs FOLDER`, where cases.json tells
 * layout, targets and config of every message in the folder. Prints how many lines were compared, and the faults.
 */

import {readFileSync} from "node:fs";
import {fillIn} from "../../../static/js/draw/i18n.js";
import {microscopeOf} from "../../../static/js/model/magnified.js";
import {formulasOf} from "../../../static/js/views/microscope/words.js";
import {phasesOf} from "../../../static/js/views/microscope/phases.js";
import {countOf, placeOf} from "../../../static/js/views/microscope/parameters.js";
import {decode} from "../../../static/js/wire/protocol.js";
import {provideDocument} from "./formula_document.mjs";
import {checked} from "./printed.mjs";

const MOST_NEURONS = 4;
const MOST_PARAMETERS = 40;

provideDocument();
const folder = process.argv[2];
const words = JSON.parse(readFileSync(new URL("../../../static/i18n/en.json", import.meta.url), "utf8"));
const t = (key, params = {}) => {
  if (!(key in words)) throw Error(`no words for ${key}`);
  return fillIn("en", words[key], params);
};

/** What a phase speaks of, thing by thing. */
function* subjectsOf({kind, layers: [layer]}, {step, layout, y, huber_delta}) {
  const common = {step, layout, y, huber_delta};
  if (kind !== "update") {
    for (let index = 0; index < Math.min(layout.sizes[layer], MOST_NEURONS); index++)
      yield {...common, layer, index, parameter: 0};
    return;
  }
  for (let l = 1; l < layout.sizes.length; l++)
    for (let k = 0; k < Math.min(countOf(layout, l), MOST_PARAMETERS); k++)
      yield {...common, layer: l, index: 0, parameter: placeOf(layout, l, k)};
}

const report = {compared: 0, faults: []};
for (const {name, file, layout, y, huber_delta} of JSON.parse(readFileSync(`${folder}/cases.json`, "utf8"))) {
  const bytes = readFileSync(`${folder}/${file}`);
  const {header, arrays} = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const step = microscopeOf(header, arrays);
  for (const phase of phasesOf(layout.sizes, step.normalization, new Set()))
    for (const subject of subjectsOf(phase, {step, layout, y, huber_delta})) {
      const {faults, compared} = checked(formulasOf(phase, subject, t));
      report.compared += compared;
      const where = `${name}, ${phase.kind} ${subject.layer}.${subject.index} (${subject.parameter})`;
      report.faults.push(...faults.map(fault => `${where}: ${fault}`));
    }
}
console.log(JSON.stringify(report));
