/** Prints what slow motion writes of a step, phase by phase: `node printed_lines.mjs FOLDER`, as in slow_motion.mjs. */

import {readFileSync} from "node:fs";
import {microscopeOf} from "../../static/js/model/magnified.js";
import {phasesOf} from "../../static/js/views/microscope/phases.js";
import {formulasOf} from "../../static/js/views/microscope/words.js";
import {decode} from "../../static/js/wire/protocol.js";
import {provideDocument} from "../static/views/formula_document.mjs";

provideDocument();
const folder = process.argv[2];
const {layout, y} = JSON.parse(readFileSync(`${folder}/case.json`, "utf8"));
const bytes = readFileSync(`${folder}/step.bin`);
const {header, arrays} = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const step = microscopeOf(header, arrays);
const lines = phase => {
  const subject = {step, layout, y, huber_delta: 1, layer: phase.layers[0], index: 0, parameter: 0};
  return formulasOf(phase, subject, key => key).map(line => line.textContent.replace(/[\u2061\u2062]/g, ""));
};
const phases = phasesOf(layout.sizes, step.normalization, new Set()).filter(({kind}) => kind !== "update");
console.log(JSON.stringify(phases.map(phase => ({kind: phase.kind, layer: phase.layers[0], lines: lines(phase)}))));
