// @ts-check
/** The choices of a page before anybody has made one. */

/** What a page shows at first. @type {Readonly<import("../types").State["view"]>} */
export const CHOICES = Object.freeze({
  surface: "3d",
  plane: "pca",
  arrows: true,
  picking: null,
  log_loss: false,
  show_test: false,
  discretize: false,
  accuracy: false,
  log_steps: false,
  sweep: null,
  race: false,
  laboratory: false,
  filming: false,
  microscope: false,
  focus: null,
  phase: null,
  hover: null,
  selected: null,
  highlight: null,
  probe: null,
  lesson: null,
  graph: null,
  tour: 0,
  lesson_at: null,
  writing: false,
  camera: null,
});
