// The state that the page records of runs: states of it as JSON lines in, states of lessons out.
import {initialState} from "../../../../static/js/model/model.js";
import {recordOf} from "../../../../static/js/views/lessons/writing/record.js";
import {createInterface} from "node:readline";

for await (const line of createInterface({input: process.stdin})) {
  const {view, ...state} = JSON.parse(line);
  const first = initialState("en", "light");
  const found = recordOf({...first, ...state, view: {...first.view, ...view}});
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
