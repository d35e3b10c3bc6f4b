// @ts-check
/** The data set and the surface as messages bring them. Pure. */

import {number} from "../wire/protocol.js";
import {trackOf} from "./track.js";

/** @typedef {import("../types").State} State */

/** @param {Record<string, any>} header @param {Record<string, any>} arrays @returns {import("../types").Data} */
export function dataOf(header, arrays) {
  const {train, n, inputs, outputs, data_kind, image, class_names, features, domain, plane, target_range} = header;
  const {places = null} = arrays;
  return {
    X: arrays.X,
    y: arrays.y,
    points: arrays.points ?? null,
    paintable: header.paintable ?? false,
    places,
    train,
    n,
    inputs,
    outputs,
    kind: data_kind,
    image,
    class_names,
    features,
    domain,
    plane: plane ?? null,
    target_range,
  };
}

/**
 * @param {State} state
 * @param {Record<string, any>} header
 * @param {Record<string, any>} arrays
 * @returns {import("../types").Surface}
 */
export function surfaceOf(state, header, arrays) {
  return {
    plane: header.plane,
    plane_id: header.plane_id,
    alpha: header.alpha,
    beta: header.beta,
    resolution: header.resolution,
    grid: arrays.grid,
    progress: header.progress,
    ...trackOf(arrays.path),
    path_version: (state.surface?.path_version ?? 0) + 1,
    figures: figuresOf(header.figures),
    axes: header.axes ?? [],
    basis: header.basis ?? header.plane,
  };
}

/** @param {Record<string, any>} figures */
export function figuresOf({share, distance, plane_loss, loss, step, parameters, walk}) {
  return {
    share: number(share),
    distance: number(distance),
    plane_loss: number(plane_loss),
    loss: number(loss),
    step: number(step),
    parameters,
    walk: number(walk ?? null),
  };
}
