// @ts-check
/** Colours of the surface in space: for every height, light, and share of an equal-loss line. Pure. */

import {sequential} from "../../draw/color.js";
import {COVERS, SHADES} from "./raster.js";

/**
 * Colours for every height and light, and darker or lighter ones under the equal-loss lines.
 * @param {import("../../draw/color.js").Theme} theme
 * @returns {Uint32Array} (COVERS, SHADES, 256) pixels, as ImageData holds them
 */
export function reliefColours(theme) {
  const table = new Uint32Array(COVERS * SHADES * 256);
  const dark = theme === "dark";
  const ink = dark ? 255 : 20;
  const strength = dark ? 0.2 : 0.26;
  for (let tone = 0; tone < 256; tone++) {
    // The ends of the scale are the panel's own colour: keep away from them, so that valley and summit have a shape.
    const base = sequential(0.1 + (0.78 * tone) / 255, theme);
    for (let shade = 0; shade < SHADES; shade++) {
      const light = shade / (SHADES - 1);
      const gain = 0.58 + 0.5 * light;
      const glow = dark ? 10 * light : 0;
      for (let cover = 0; cover < COVERS; cover++) {
        const share = (strength * cover) / (COVERS - 1);
        let word = 255 << 24;
        for (let channel = 0; channel < 3; channel++) {
          const lit = Math.min(255, base[channel] * gain + glow);
          word |= Math.round(lit + share * (ink - lit)) << (8 * channel);
        }
        table[(cover << 14) | (shade << 8) | tone] = word >>> 0;
      }
    }
  }
  return table;
}
