/** A small net with biases, arranged in a diagram of usual size. */

import {arrange} from "../../../static/js/views/network/layout.js";

/** @param {number[]} sizes neurons per layer, the input included */
export const arranged = sizes =>
  arrange({sizes, bias: true, image: false, bars: false, names: 20, width: 700, height: 400, scale: 1});
