/** Shapes that cross module borders. Read by the type checker only; nothing of this is served as code. */

export type Theme = "light" | "dark" | "projector";
export type Lang = import("./draw/i18n.js").Lang;

/** core.config.RunConfig as JSON */
export interface RunConfig {
  data: {name: string; samples: number; noise: number; test_fraction: number; classes: number; features: string[] | null; standardize: boolean | null; balance: number; label_noise: number; painted?: [number, number, number][]; erased?: number[]; steps_per_task?: number | null; first_task?: number};
  network: {hidden: number[]; activation: string | string[]; output: string | null; bias: boolean; normalization: string | (string | null)[] | null; dropout: number; leaky_slope: number; residual: boolean | boolean[]};
  optimizer: {name: string; learning_rate: number; [hyperparameter: string]: number | string | boolean};
  schedule: {name: string; [hyperparameter: string]: number | string};
  stopping: {[rule: string]: any};
  l1: number;
  l2: number;
  clip_value: number | null;
  clip_norm: number | null;
  gradient_noise: number;
  replacement_rate?: number;
  maturity_threshold?: number;
  utility_decay?: number;
  label_smoothing: number; huber_delta: number;
  precision: string;
  engine: string;
  loss: string | null;
  initializer: string;
  initializer_scale?: number | null;
  initial: number[] | null;
  batch_size: number | null;
  seed: number;
}

export interface DatasetOption {
  name: string;
  kind: "binary" | "classes" | "regression";
  inputs: number;
  outputs: number;
  /** [rows, columns] when a sample is a picture */
  image: [number, number] | null;
  /** its samples are given: size and noise cannot be chosen */
  fixed: boolean;
  /** the number of classes can be chosen */
  many: boolean;
  /** inputs come in standard units unless a run says otherwise */
  standardize: boolean;
  samples: number;
  noise: number;
  class_names: string[];
  /** fewest and most classes, where their number can be chosen */
  classes: [number, number] | null;
  /** inputs that can be chosen, and which of them a run has unless it chooses; none where a sample is a picture */
  features: {name: string; label: string; default: boolean}[];
  /** a table that the user has uploaded, and the name of the column that is learnt */
  upload?: boolean;
  target?: string;
  /** a few points [x1, x2, target or class] of the plane, for a thumbnail */
  preview?: number[][] | null;
  /** grey levels of one sample, when samples are pictures */
  preview_image?: number[] | null;
  /** rows of inputs and target, when the data set is a table */
  table?: number[][] | null;
}

/** A function of two parameters, without a network. */
export interface LandscapeOption {
  name: string;
  formula: string;
  /** the part to draw: [[x low, x high], [y low, y high]] */
  domain: [[number, number], [number, number]];
  start: [number, number];
  /** where it is lowest; none where it has no bottom */
  minima: [number, number][];
  /** the value there; null where it has no bottom */
  lowest: number | null;
  /** by optimizer: a learning rate at which it can be watched */
  rates: Record<string, number>;
}

export interface OptimizerOption {
  name: string;
  hyperparameters: {name: string; default: number; low: number; high: number}[];
}

export interface Options {
  /** what parts are called that were registered from Python: by key, then by language */
  words?: Record<string, Record<string, string>>;
  datasets: DatasetOption[];
  landscapes: LandscapeOption[];
  activations: string[];
  losses: string[];
  initializers: string[];
  normalizations: string[];
  precisions: string[];
  engines: string[];
  optimizers: OptimizerOption[];
  schedules: OptimizerOption[];
  /** `shows` is what the page opens with, besides the run */
  presets: {name: string; config: RunConfig; shows?: PresetView}[];
  /** what the presets are for, and which are for it */
  gallery: {name: string; presets: string[]}[];
  planes: string[];
  /** what a plane can go through */
  through: string[];
  /** points along each side of a surface, once it is as fine as it becomes */
  resolutions: number[];
  /** what a run can be taken away as */
  forms: {name: string; needs_network: boolean}[];
  limits: {
    layers: number;
    neurons: number;
    parameters: number;
    samples: number;
    lanes: number;
    [name: string]: number;
  };
}

/** Sent when it changes. Flat arrays of a frame are read with it. */
export interface Layout {
  id: number;
  /** ids of earlier layouts that a live edit has replaced: their frames are read in the same way */
  alike?: number[];
  /** neurons per layer, the input included: [2, 4, 2, 1] */
  sizes: number[];
  /** per layer after the input, the output included */
  activations: string[];
  /** per layer after the input: what its weighted inputs are normalized over, if at all */
  normalization: ("batch" | "layer" | null)[];
  /** per layer after the input: whether it passes on f(z) + what the layer before passes on */
  residual: boolean[];
  bias: boolean;
  /** slope of leaky ReLU below 0 */
  leaky_slope: number;
  loss: string;
  /** how its functions are written; the loss is null on a landscape */
  formulas: {
    activations: Record<string, Written & {bounded: boolean}>;
    /** from_logits: whether its derivative is ∂C/∂z, not ∂C/∂a */
    loss: (Written & {from_logits: boolean}) | null;
  };
  /** name of the function that takes the place of a network, whose two parameters P are then x and y; null for a network */
  landscape: string | null;
  parameters: number;
  /** per layer after the input: its block in P and G, row-major (rows, cols); rows = n_in + (bias ? 1 : 0), cols = n_out.
   *  Weight from input i to neuron j: P[offset + i * cols + j]; bias of j: P[offset + n_in * cols + j]. */
  blocks: Block[];
  /** per layer, the input included: where its numbers start in A, Z and D */
  units: {offset: number; size: number}[];
}

export interface Block {
  offset: number;
  rows: number;
  cols: number;
  /** of a normalized layer: γ of neuron j is P[gamma + j], its β P[beta + j] */
  gamma: number | null;
  beta: number | null;
  /** whether the biases stay 0, because β of a batch normalization stands in for them */
  fixed: boolean;
  /** of a batch-normalized layer: mean of neuron j is S[statistics + j], its variance S[statistics + cols + j] */
  statistics: number | null;
}

export interface Data {
  /** (n, inputs) row-major */
  X: Float32Array;
  /** (n, outputs) row-major: one-hot rows for three classes and more */
  y: Float32Array;
  /** the first `train` rows are the training set, the rest the test set */
  train: number;
  n: number;
  inputs: number;
  outputs: number;
  kind: "binary" | "classes" | "regression" | "landscape";
  image: [number, number] | null;
  class_names: string[];
  /** names of the inputs, e.g. ["x₁", "x₂"] */
  features: string[];
  /** the part of the plane to draw, where a sample is a point in one: [[x1 low, x1 high], [x2 low, x2 high]] */
  domain: [[number, number], [number, number]] | null;
  /** how inputs come from points of the plane; null where there is no domain */
  plane: Plane | null;
  /** (n, 2) row-major, where samples lie in the plane; null where there is no domain */
  points: Float32Array | null;
  /** whether samples can be painted and erased by hand */
  paintable: boolean;
  /** (n,) where samples stand among those that are drawn; −1, −2, … those that were painted; null where none can be */
  places: Int32Array | null;
  /** range of the targets, for regression colours */
  target_range: [number, number];
}

/** Input i of the network is (features[i] of the point − shift[i]) / scale[i]; see js/maths/features.js. */
export interface Plane {
  /** how the two coordinates are written */
  axes: [string, string];
  features: string[];
  shift: number[];
  scale: number[];
}

/** Something that goes wrong in a run, and what helps. */
export interface Symptom {
  name: string;
  /** the step at which it began */
  step: number;
  /** those that show it, counted from 1; none where it is about the whole network */
  layers: number[];
  /** the number that says how much */
  value: number | null;
  remedies: Remedy[];
}

/** A change that helps: what is other than in the run, and whether that helps from here, or has to be there from step 0. */
export interface Remedy {
  name: string;
  change: Record<string, unknown>;
  values: Record<string, number>;
  here: boolean;
}

export interface Frame {
  seq: number;
  layout: number;
  step: number;
  /** of what a step under the microscope makes: the number of that step; its losses are those after it */
  after_step?: number;
  /** the step that the run is on its way to: this frame shows only a keyframe near it, or the way; null where it stands */
  target: number | null;
  epoch: number;
  /** the step that the losses and accuracies are of: of a large net under way it may be a little earlier */
  measured: number;
  /** over the full training set at the current parameters; NaN when it is no number */
  loss: number;
  test_loss: number;
  /** share of samples classified right, 0…1; R² for regression; NaN when there is none */
  accuracy: number;
  test_accuracy: number;
  /** L1 and L2 penalties at the step that was measured, which no loss counts; null where there are none */
  penalty: number | null;
  learning_rate: number;
  /** whether P and G, and whether A, Z, I and D came with two digits, because a large net is under way */
  coarse: {P: boolean; A: boolean};
  /** parameters, and the gradient of the last batch (zeros before the first step) */
  P: Float32Array;
  G: Float32Array;
  /** activations (what a layer passes on: behind a skip f(z) + a of the layer before), weighted inputs and errors δ = ∂C/∂z of the selected sample, layer after layer, the input included (its Z and D are 0) */
  A: Float32Array;
  Z: Float32Array;
  D: Float32Array;
  /** what the activations of the sample are taken of: u = γẑ + β where a layer is normalized, else z itself */
  I: Float32Array;
  /** running means and variances of batch normalization, with which the network predicts: A, Z, I, D and all pictures take them; empty without */
  S: Float32Array;
  /** what the last step added to the parameters; null where a large net is under way: it comes with the frame in which the run rests */
  U: Float32Array | null;
  /** what the last step made of ∂C/∂θ of its batch, the `slope`: what penalties and noise added to it, null for nothing, and what the optimizer
   *  used; null where that is the slope, or where U is */
  way: GradientWay | null;
  /** of a landscape its two parameters, their gradient and their last step as they are: float32 would round the rest of the way to a minimum to nothing */
  exact: {P: Float64Array; G: Float64Array; U: Float64Array} | null;
  /** per layer after the input, of the last batch: ‖δ‖, ‖∂W‖, ‖W‖, ‖ΔW‖ (root mean square over neurons and samples for δ, Euclidean for the rest) */
  norms: {delta: Float32Array; gradient: Float32Array; weight: Float32Array; update: Float32Array};
  /** what clipping did since its bounds hold: norm of the gradient before and after in the last step, and steps in all and cut; null without */
  clipping: {before: number; after: number; steps: number; clipped: number} | null;
  /** what goes wrong, the most telling first */
  symptoms: Symptom[];
  /** what the server says about the things that are watched */
  inspections: Inspection[];
  /** the sample that A, Z and D belong to: its row in Data; −1 where they belong to a probe, which has no target: D is then 0 */
  sample: number;
}

export interface GradientWay {
  slope: Float32Array;
  penalty: Float32Array | null;
  noise: Float32Array | null;
  used: Float32Array;
}

/** Numbers of all neurons, layer after layer, the inputs first (their Z, U, D and F are 0). */
export interface Units {
  /** f(u), before any mask of dropout and any skip */
  A: Float32Array;
  Z: Float32Array;
  /** what the activation is taken of: γẑ + β where the layer is normalized, else z */
  U: Float32Array;
  /** ∂C_x/∂z of single samples */
  D: Float32Array;
  /** slopes f′, without any mask */
  F: Float32Array;
  /** of a net with skips or dropout: what the layers pass on; null without */
  H: Float32Array | null;
  /** of a single sample ∂C_x/∂a: NaN for inputs, and for an output whose loss is taken from logits; null for a mean */
  E: Float32Array | null;
}

/** A name, a number, or a sign with what it joins. See core/ground/expressions.py. */
export type Tree = string | number | [string, ...Tree[]];

/** An activation or a loss. See core/nets/written.py. */
export interface Written {
  /** in z, or in a and y of the outputs */
  formula: Tree;
  /** in z and a, or in a and y */
  derivative: Tree;
  /** how further names are written, as in an update rule */
  symbols: Record<string, string>;
  constants: Record<string, number>;
}

/** The lines of an update rule. See core/optimizers/formula.py. */
export interface UpdateRule {
  name: string;
  /** memory: name ← formula; term: name = formula; known: told without its formula. The last makes the step */
  lines: {name: string; kind: "memory" | "term" | "known"; formula: Tree}[];
  /** how a name is written: a letter, ^ before it for a hat, _ before what is set below it; or what stands for it */
  symbols: Record<string, Tree>;
  /** numbers to be written as they were chosen */
  fixed: string[];
  /** what is drawn in the colour of gradients */
  gradients: string[];
}

/** The coming step, bit for bit: see core/run/preview.py. Pairs are before and after it. */
export interface Microscope {
  layout: number;
  /** the step that the run will have reached by it */
  number: number;
  row: number;
  /** place of the sample in the batch */
  index: number;
  rows: Int32Array;
  learning_rate: number;
  formula: UpdateRule;
  /** what the lines of the rule name that is the same for all parameters */
  numbers: Record<string, number | null>;
  /** per hidden layer */
  normalization: (string | null)[];
  /** per hidden layer: whether it passes on f(u) + a of the layer before */
  residual: boolean[];
  dropout: number;
  /** the bounds that the gradient is clipped to, null for none, and the norm that the second is held against */
  clip: {value: number | null; norm: number | null; seen: number | null};
  diverged: string | null;
  loss: [number, number];
  test_loss: [number, number];
  /** of the same samples, nothing dropped */
  batch_loss: [number, number];
  sample_loss: [number, number];
  /** in the pass of the step, in which neurons drop out */
  pass_loss: {batch: number; sample: number};
  P: Float32Array;
  P_after: Float32Array;
  /** the parameters that the pass runs with: P, unless the rule takes its gradients elsewhere */
  point: Float32Array;
  /** ∂C/∂θ of the batch; what penalties and noise add to it, null for nothing; the sum of the three */
  slope: Float32Array;
  penalty: Float32Array | null;
  noise: Float32Array | null;
  G: Float32Array;
  /** the gradient as the optimizer sees it: clipped, where it is */
  G_step: Float32Array;
  /** what is added to P */
  step: Float32Array;
  /** what z is normalized with: (z − centre) / spread */
  centre: Float32Array;
  spread: Float32Array;
  mask: Float32Array;
  sample: Units;
  mean: Units;
  after: Units;
  /** what the lines of the rule name of each parameter: v, or m, v, m_hat, v_hat, … */
  terms: Record<string, Float32Array>;
}

/** What one of the laboratory's pages asks for over the run; rows (steps, columns). See server/panels/over_run.py. */
export interface OverRun {
  name: "modes" | "noise" | "tasks";
  /** what is in its way; null for nothing */
  why: string | null;
  steps: Int32Array;
  columns: number;
  /** of modes the strength of each; of noise its scale, |G|² and tr(Σ) */
  rows: Float32Array;
  /** what theory expects; null where it has no answer */
  theory: Float32Array | null;
  /** of modes: their singular values, and whether every step was plain descent on the whole training set */
  values: number[];
  descent: boolean;
  /** of tasks: what an error is, steps of a task, fresh nets so far, and other lanes with the steps at which tasks ended */
  unit: "share" | "loss";
  length: number;
  fresh: number;
  lanes: {lane: number; steps: number[]; errors: number[]}[];
  /** of noise: samples in a batch, in the training set, and measured */
  batch: number;
  whole: number;
  samples: number;
}

/** What the gradient laboratory measures over a fixed part of the training set, at the present parameters. Arrays hold one number per layer
 *  after the input; NaN for what does not exist there. See core/insight/laboratory.py. */
export interface Laboratory {
  layout: number;
  step: number;
  /** of the history: grows when it begins anew */
  number: number;
  /** of its newest row */
  serial: number;
  /** what its open page asks for over the run; null for the pages that ask for nothing */
  over: OverRun | null;
  /** whether there is more to be had at this very step */
  more: boolean;
  /** numbers of layers that nobody told, as the names of their arrays: not what is NaN, but what is not known */
  untold: string[];
  /** ms until it may be asked again */
  rest: number;
  samples: number;
  /** samples in the last batch; 0 before the first step */
  batch: number;
  /** null for a watched run, which does not tell */
  initializer: string | null;
  layers: number;
  bins: number;
  /** by what δ grows per hidden layer on its way back: measured, and expected at the start; NaN where there is none */
  factor: number;
  expected: number;
  /** the share of its steepest slope below which a bounded activation is flat */
  flat_slope: number;
  /** root mean square of δ; norms of ∂W, W and ΔW */
  delta: Float32Array;
  gradient: Float32Array;
  weight: Float32Array;
  update: Float32Array;
  /** what multiplies to the measured factor, and what weights could do to errors of any and of the worst direction */
  weights_part: Float32Array;
  slope_part: Float32Array;
  normalization_part: Float32Array;
  mean_gain: Float32Array;
  most_gain: Float32Array;
  /** mean |f′|, and the share of neurons and samples on flat ends */
  slope: Float32Array;
  flat: Float32Array;
  /** ‖ΔW‖ / ‖W‖; share of its norm that W has moved since step 0; the step at which it first was 1 % */
  ratio: Float32Array;
  moved: Float32Array;
  moved_at: Float32Array;
  /** per hidden layer, at the start: factor, and root mean square of what f is taken of */
  expected_factors: Float32Array;
  expected_spread: Float32Array;
  /** per neuron after the input: 0 fine, 1 saturated, 2 dead */
  health: Int32Array;
  /** histograms (layers, bins) of what f is taken of, from −reach to reach; and of z before normalization */
  reach: Float32Array;
  counts: Float32Array;
  z_reach: Float32Array;
  z_counts: Float32Array | null;
  /** of all batch-normalized neurons (4, n): mean and variance of the last batch, and the running ones */
  statistics: Float32Array | null;
  history: {steps: number[]; delta: Float32Array[]; gradient: Float32Array[]};
}

/** What the diagram is to show of the step under the microscope: everything else is dimmed. */
export interface Focus {
  /** first and last layer whose neurons are bright */
  neurons: [number, number] | null;
  /** first and last layer whose incoming weights are bright */
  weights: [number, number] | null;
  loss: boolean;
  /** where pulses flow through these weights: 1 forward, −1 backward, 0 nowhere */
  direction: 1 | -1 | 0;
  /** the numbers written on the neurons, of all neurons; null for none */
  values: Float32Array | null;
  /** the neuron, or the parameter, that the formulas speak of */
  neuron: {layer: number; index: number} | null;
  parameter: Pick | null;
  /** what is drawn on the weights in place of them, of all parameters: the step; null for the weights themselves */
  changes: Float32Array | null;
  frame: Frame;
}

/** Curves so far. Mutated in place by main.js; `version` grows with every change. Steps ascend. */
export interface Series {
  version: number;
  /** steps that a point of the batch losses covers: 1, then doubled whenever room runs out */
  stride: number;
  /** the point that is being made */
  pending: {low: number; high: number; last: number} | null;
  /** batch loss per step, or per bucket of steps: smallest, largest and last of each */
  batch: {step: number[]; low: number[]; high: number[]; last: number[]};
  /** learning rate at the same steps */
  rate: {step: number[]; value: number[]};
  /** full losses and accuracies at the frames' steps */
  metrics: {step: number[]; loss: number[]; test_loss: number[]; accuracy: number[]; test_accuracy: number[]};
  /** gradient norms at the frames' steps, newest last, at most 240 kept: rows of one number per layer */
  norms: {step: number[]; delta: Float32Array[]; gradient: Float32Array[]};
  /** curves that a return to an earlier step left behind, newest last */
  ghosts: {step: number[]; loss: number[]}[];
  /** the curve of the run that can be had back, which may be one of the ghosts; null for none */
  ghost: {step: number[]; loss: number[]} | null;
  /** whether the newest of them is the future of this very run, known from an earlier visit */
  ahead: boolean;
}

/** The loss on a plane θ = centre + α·d₁ + β·d₂, and the path of the run projected onto it. */
export interface Surface {
  plane: string;
  /** grows when the plane or its window changes */
  plane_id: number;
  alpha: [number, number];
  beta: [number, number];
  resolution: number;
  /** (resolution, resolution) row-major, row i at beta low…high, column j at alpha low…high; NaN where not yet computed or no number */
  grid: Float32Array;
  /** 0…1; below 1 a finer grid is on its way */
  progress: number;
  /** rows of (α, β, loss) of the path, oldest first; grows in place between grids: `points` rows are valid */
  path: Float32Array;
  points: number;
  path_version: number;
  figures: {
    /** share of the variance of the path's positions that lies in the plane, 0…1; NaN before there is a path */
    share: number;
    /** distance of the current point from the plane, in parameter space */
    distance: number;
    /** the step that both losses are of */
    step: number;
    /** loss at the projected point and at the true one */
    plane_loss: number;
    loss: number;
    /** number of parameters: with two the surface is exact */
    parameters: number;
    /** the share that a random walk would show: in its own main components, or on a plane that knows nothing of it */
    walk: number;
  };
  /** what the directions are: the plane asked for, or "gradient" or "random" while there is no path */
  basis: string;
  /** what the axes are, for labels: two parameter names for a "weights" plane, else empty */
  axes: string[];
}

export interface Status {
  kind: "paused" | "running" | "replaying" | "diverged" | "stopped";
  /** replaying: the step aimed at; diverged: the step at which the loss left the numbers */
  step?: number;
  /** stopped: the rule that was met, what met it, and whether that is convergence */
  rule?: string;
  value?: number;
  converged?: boolean;
  /** diverged: "nan" | "infinite" | "huge" */
  loss?: string;
  learning_rate?: number;
  /** diverged: the layer whose weights the last step changed most, by how many times their size (null: they are no numbers now), and the
   *  first layer whose weighted inputs overflowed */
  layer?: number | null;
  ratio?: number | null;
  overflow?: number | null;
  /** diverged: where `recover` would go and with which rate */
  good_step?: number;
  good_rate?: number;
  /** η times the penalty or decay that throws the weights off, where that is why */
  pull?: number | null;
}

/** One of the runs side by side: the same data and batches, something different. Its series and path grow in place. */
export interface Lane {
  /** 0…5, for as long as the lane lives: it chooses colour and letter */
  id: number;
  config: RunConfig;
  log: State["log"];
  status: Status;
  step: number;
  /** over the full sets at the current parameters; NaN when it is no number or there is none yet */
  loss: number;
  test_loss: number;
  accuracy: number;
  test_accuracy: number;
  /** full losses and accuracies only; of the lane in focus State.series has them, and all else */
  series: Series;
  /** on the plane of the surface where its shape agrees with the focus, else empty; of the lane in focus the surface has it */
  track: Track;
  /** per layer after the input, of the last batch; null before it is known. Of the lane in focus the frame has them. */
  norms: {delta: Float32Array; gradient: Float32Array} | null;
}

/** Rows of (α, β, loss), oldest first; `points` rows of `path` are valid. */
export interface Track {
  path: Float32Array;
  points: number;
}

/** A change to the run, as it was asked for. */
export interface Deed {
  op: string;
  change: Record<string, any>;
}

/** A question that is to be asked: as it was typed; a step "+500" is so many after where the run stands then. */
export interface PlannedQuestion {
  kind: string;
  text: string;
  choices: string[];
  /** the choice that the teacher holds for right */
  right: number | null;
  step: string;
  rate: string;
}

/** A run that is to be shown, and what the page showed of it. */
export interface PlannedState {
  name: string;
  run: import("./app/link.js").Run;
  view: Record<string, unknown>;
}

export type PlannedItem = {question: PlannedQuestion} | PlannedState;

/** What a preset sets up on the page, besides its run. */
export interface PresetView {
  accuracy?: boolean;
  log_steps?: boolean;
  sweep?: SweepWish;
}

/** What a preset has set up in the window of sweeps: a number with its values, seeds, steps and what is drawn. */
export interface SweepWish {
  x: string;
  values: (number | string)[];
  seeds: number;
  steps: number;
  measure: string;
}

export interface State {
  lang: Lang;
  theme: Theme;
  /** whether the page shows all of its controls, or those of the first minutes */
  page: "simple" | "full";
  connection: "connecting" | "open" | "lost" | "refused";
  /** since when the connection is lost (ms since 1970), and what it seems to be due to, as soon as that is known */
  outage: {since: number; cause: "offline" | "stopped" | "gone" | "silent" | "blocked" | null} | null;
  playing: boolean;
  /** steps per second; 0 means as fast as possible */
  speed: number;
  status: Status;
  options: Options | null;
  config: RunConfig | null;
  layout: Layout | null;
  data: Data | null;
  frame: Frame | null;
  series: Series;
  surface: Surface | null;
  /** the plane that was asked for; `through` "auto" is the mean of the path for its main components, else the present point */
  plane_choice: {plane: string; weights: [number, number]; through: string; resolution: number; penalties: boolean; off: boolean} | null;
  /** how far the surface on its way is, when it takes a while: share 1 is done; and the step of the plane that another is to replace */
  computing: {share: number; resolution: number; laid: number | null};
  /** the coming step, where it was asked for */
  microscope: Microscope | null;
  /** what the gradient laboratory measured last, while it is open */
  laboratory: Laboratory | null;
  /** the furthest step of this branch: greater than the frame's after a return */
  furthest: number;
  /** what takes the coming steps, and what of the run machine code does not know */
  engine?: {name: string; lack: {kind: string; name: string} | null};
  /** by optimizer: the learning rate at which it would race against the run in focus */
  rates: Record<string, number>;
  /** edits so far: {step, change} for marks on the timeline */
  log: {step: number; change: Record<string, unknown>; before?: Record<string, unknown>; joined?: boolean}[];
  /** what would be undone, and done again; null for nothing */
  undo: Deed | null;
  redo: Deed | null;
  /** the run that was left last by beginning anew, and can be had back: its data, hidden layers, loss, and where it stood */
  ghost: {data: string; hidden: number[]; loss: string; step: number} | null;
  /** all runs side by side, in the order of their ids: at least one as soon as there is a config */
  lanes: Lane[];
  /** id of the lane in focus: all but `lanes` speaks of it */
  lane: number;
  /** the room that this page shows or follows; null where there is none */
  room: Room | null;
  /** the room that this run was copied from, while its class goes on there */
  copied_from: CopiedFrom | null;
  /** where the teacher points */
  point: Place | null;
  /** whether a follower looks elsewhere than the teacher */
  strays: boolean;
  /** why nothing comes from the server that has the room, where this page is served by another one; null where it does */
  cut: "server" | "redis" | null;
  /** whether nothing has come for longer than it should: what is shown is the last that is known */
  quiet: boolean;
  /** what the teacher has prepared, and which of it is the next */
  plan: {items: PlannedItem[]; next: number};
  /** local choices of the page that no server knows */
  view: {
    surface: "3d" | "contour" | "cut" | "sharpness";
    plane: string;
    /** whether the contour shows the coming step in parts */
    arrows: boolean;
    /** null, or parameters that were picked on the diagram so far, while two are wanted for the surface's plane */
    picking: {index: number; pick: Pick}[] | null;
    log_loss: boolean;
    show_test: boolean;
    discretize: boolean;
    /** whether the curves are accuracies, and whether their steps go by powers of ten */
    accuracy: boolean;
    log_steps: boolean;
    /** what a preset wants to be swept, until the window is closed */
    sweep: SweepWish | null;
    /** whether the race of the lanes stands where the diagram is */
    race: boolean;
    /** whether the gradient laboratory is open */
    laboratory: boolean;
    /** whether the run goes through its steps for a film: what is on the page stands still at each of them */
    filming: boolean;
    /** whether a step is to be under the microscope, and what of it the diagram shows */
    microscope: boolean;
    focus: Focus | null;
    /** where slow motion stands: the phase, the chosen row and the unfolded groups; null outside it */
    phase: {at: number; row: number; unfolded: string[]} | null;
    /** null, or what the pointer or a click chose in the diagram; layer counts the input as 0 */
    hover: Pick | null;
    selected: Pick | null;
    /** what the inspector points at in the diagram */
    highlight: Highlight | null;
    /** null, or an input of the user's own that the diagram shows in place of the sample */
    probe: Probe | null;
    /** the lesson that is open; "" for the list of them, null for none; and the step of it, from 0 */
    lesson: string | null;
    lesson_at: number | null;
    /** whether a lesson is being written: it stands in the place of the list, and behind what is tried of it */
    writing: boolean;
    /** where the loss surface is seen from, as it was shown or is to be; x and y as shares of the picture */
    camera: {turn: number; tilt: number; zoom: number; x: number; y: number} | null;
    /** the formulas whose graph is open; "" for those of the run's own sample, null for none */
    graph: string | null;
    /** how often the hints of the first visit were asked for again */
    tour: number;
  };
}

/** A computation graph with its numbers, as the server tells it; numbers that are none are null. */
export interface ChainGraph {
  nodes: {name: string; sign: string; tree: Tree; value: number | null; derivative: number | null}[];
  /** who takes what: by what the derivative of `to` is multiplied on its way back to `from`, and what comes of it */
  edges: {from: number; to: number; rule: Tree; slope: number | null; flow: number | null}[];
}

/** A place in a panel, as fractions of its width and height. */
export interface Place {
  panel: string;
  x: number;
  y: number;
}

/** A room as it is told to one of those in it. */
export interface Room {
  code: string;
  /** how many students are there */
  present: number;
  /** the student who drives the run; null for the teacher */
  driver: {number: number; name: string} | null;
  paused: boolean;
  locked: boolean;
  door: boolean;
  /** whether everybody goes through the teacher's lesson alone, in a copy */
  own_pace: boolean;
  poll: Poll | null;
  you: {
    host: boolean;
    drives: boolean;
    number?: number;
    name?: string;
    answer?: number | string | null;
    /** for the teacher: everybody */
    members?: RoomMember[];
  };
}

/** A room as it is told to who plays with a copy of its run. */
export interface CopiedFrom extends Room {
  open: true;
  /** whether somebody points at something in it */
  pointed: boolean;
}

/** Somebody in a room as the teacher sees them; in a lesson of their own, where they are, and for how many minutes. */
export interface RoomMember {
  number: number;
  name: string;
  state: "follows" | "looks" | "copy" | "lags" | "away";
  lesson?: {lesson: string; step: number; of: number; done: boolean; stuck: boolean; minutes: number};
}

/** A question to the class; answers are told once they are revealed. */
export interface Poll {
  number: number;
  kind: "converge" | "lane" | "loss" | "rate" | "choice" | "words";
  text: string;
  choices: string[];
  step: number | null;
  rate: number | null;
  asked_at: number;
  open: boolean;
  count: number;
  revealed: boolean;
  /** edges are null where a bin is open; `more` words than are shown */
  histogram?: {counts: number[]; edges?: (number | null)[]; words?: string[]; more?: number};
  /** `gone`: the run is another one by now */
  outcome?: {value: number | null; losses?: (number | null)[]; gone?: boolean} | null;
  answers?: [string, number | string][];
}

/** A point of the plane, or a picture as the network is fed with it. */
export type Probe = {kind: "point"; at: [number, number]} | {kind: "picture"; pixels: Float32Array};

export type Pick =
  | {kind: "neuron"; layer: number; index: number; /** its scale or its shift, where the layer is normalized */ of?: "gamma" | "beta"}
  | {kind: "weight"; layer: number; from: number; to: number};

/** Neurons and weights that a factor of the chain rule speaks of; forward is violet, backward coral. */
export interface Highlight {
  picks: Pick[];
  flow: "forward" | "backward";
}

/** A node of the chain rule: its name, the layer and neurons it speaks of, its value, and how its children make it.
 *  A folded node says how (`c`) and has no children (`k`). See core/insight/chain.py. */
export interface ChainNode {
  n: string;
  at: number[];
  v: number | null;
  c?: "product" | "sum" | "mean";
  k?: ChainNode[];
}

/** What the server says about the weight or neuron that is watched, at the frame's step. */
export interface Inspection {
  key: string;
  over: "sample" | "batch";
  step: number;
  /** its value is the gradient: of one sample at the present parameters, or of the last batch where its gradient was taken */
  tree: ChainNode | null;
  samples?: number;
  /** rows of the samples told one by one */
  rows?: number[];
  /** of a weight: its place in θ, value, gradient in the last step with penalties and noise, the step and its terms */
  index?: number;
  value?: number | null;
  gradient?: number | null;
  /** what the gradient was made of: the `slope` ∂C/∂w, what penalties and noise added, and what the optimizer got */
  penalty?: number | null;
  noise?: number | null;
  clipped?: number | null;
  update?: number | null;
  formula?: UpdateRule;
  terms?: Record<string, number | null>;
  /** whether it is what the page itself could say, without a connection */
  kept?: boolean;
  /** of a neuron */
  activation?: string;
  forward?: ChainNode;
  input?: number | null;
  /** what the neuron passes on */
  a?: number | null;
  /** what its activation makes, before any mask of dropout and any skip */
  f?: number | null;
  slope?: number | null;
  batch?: {input: (number | null)[]; a: (number | null)[]; f: (number | null)[]; slope: (number | null)[]};
  /** shares of the training samples for which the slope is small, or nothing */
  health?: {bounded: boolean; kind: "alive" | "saturated" | "dead"; flat: number; flat_below: number; dead: number; samples: number; steepest: number};
}

/** A view is created once inside `root`, then updated with the state at most once per animation frame. */
export interface View {
  update(state: State): void;
  /** write the losses and accuracies; told together with the bar's, so that all on the page are of the same step */
  readNumbers?(state: State): void;
  destroy(): void;
}

export interface ViewContext {
  /** translate: t("network.add_layer", {n: 3}) in the current language */
  t(key: string, params?: Record<string, string | number>): string;
  /** send a command to the server: act("set", {learning_rate: 0.1}); resolves to its reply, errors are already shown */
  act(op: string, fields?: Record<string, unknown>, quiet?: boolean): Promise<Record<string, unknown>>;
  /** change local choices: choose({surface: "contour"}) */
  choose(patch: Partial<State["view"]>): void;
  /** paint on in the next animation frame that is not needed for what the hand waits for: see gate.js */
  draw(run: () => void): void;
  /** the newest of what the user looks at, also before it is drawn: keys and pointers follow one another faster than frames */
  view(): State["view"];
  /** say something to screen readers, at most once a second: see announcer.js. announce("phase", "Forward, layer 2") */
  announce(source: string, words: string): void;
  /** whether the run is one that somebody trains elsewhere: there are its numbers, and nothing can be asked of it */
  watched?: boolean;
}

/** A run that somebody trains elsewhere, in PyTorch, as its process tells of it. */
export interface Watched {
  /** of the layers: grows when they change */
  number: number;
  step: number;
  /** whether nobody watches it any longer */
  ended: boolean;
  /** class names, of a training that goes on in somebody's process */
  model?: string;
  optimizer?: string;
  /** what the event files are called that it was read from */
  events?: string;
  /** empty until the first step was looked at; names are those of the modules */
  layout: {
    names?: string[];
    sizes?: number[];
    activations?: string[];
    normalization?: ("batch" | "layer" | null)[];
    leaky_slope?: number;
  };
}

/** What the laboratory does not show of it: arrays as they come with each reading. */
export interface WatchedNumbers {
  /** (4, layers): mean and spread of what a layer passes on, shares of dead and saturated neurons */
  activity: Float32Array;
  loss_steps: Float32Array;
  losses: Float32Array;
}

/** What the page of a watched run shows: the laboratory's state, and what a watched run has besides. */
export interface WatchedState extends State {
  watched: Watched | null;
  numbers: WatchedNumbers | null;
}

export interface WatchedContext extends ViewContext {
  setTheme(theme: string): void;
  setLanguage(lang: string): void;
}

/** A run that this browser keeps, as the server lists it. */
export interface OwnRun {
  session: string;
  name: string;
  /** seconds since 1970 */
  begun: number;
  seen: number;
  step: number;
  /** name of its data set; hidden layers; lanes: missing where the run cannot be read */
  data?: string;
  hidden?: number[];
  lanes?: number;
  /** whether it is the run of this tab */
  here: boolean;
}

/** What the bar and the dialog of uploads may do besides. */
export interface PageContext extends ViewContext {
  /** the runs that this browser keeps, and files of runs */
  runs: {
    list(): Promise<OwnRun[] | null>;
    rename(session: string, name: string): Promise<boolean>;
    remove(session: string): Promise<boolean>;
    open(session: string): void;
    file(
      session: string,
      name: string,
      tables: boolean,
    ): Promise<{name: string; media_type: string; text: string} | null>;
    openFile(file: Blob): Promise<void>;
  };
  /** keys without Ctrl, such as Space and the arrows: whether they do anything */
  shortcuts: {on(): boolean; set(on: boolean): void};
  setTheme(theme: string): void;
  setLanguage(lang: string): void;
  setPage(page: "simple" | "full"): void;
  /** try at once to connect again */
  retry(): void;
  /** which hints of a first visit have been followed, by name with spaces between; "done" where none is to be shown */
  hints: string;
  keepHints(done: string): void;
  /** put a link to this very run into the clipboard */
  shareLink(): void;
  /** the address that opens this very run, at this step */
  runAddress(): Promise<string>;
  /** open a link of Backscope or TensorFlow Playground in a tab of its own; false if it carries no run */
  openLink(text: string): Promise<boolean>;
  /** whether the page's address is one that other computers cannot open */
  ownComputer(): boolean;
  usePreset(name: string): void;
  /** give the session a file; resolves to what the session says of it */
  giveFile(content: Blob, options: Record<string, string>): Promise<any>;
  /** lessons that come by file or link, and that are written here */
  lessons: {
    take(): Promise<BodyInit | null>;
    give(content: BodyInit, options: Record<string, string>): Promise<any>;
    link(files: Record<string, string>): Promise<string>;
    openFiles(files: Iterable<File>): void;
  };
  /** words for a refusal, in the page's language */
  wordsOf(reply: any): string;
  /** the class that the teacher has prepared: items go to its end, and `go` asks or shows one, the next unless told */
  plan: {
    add(...items: PlannedItem[]): boolean;
    put(at: number, item: PlannedItem): void;
    move(at: number, by: number): void;
    remove(at: number): void;
    clear(): void;
    rewind(): void;
    here(name: string): PlannedState | null;
    go(at?: number): Promise<any>;
    file(): import("./views/shared/file.js").Taken;
    openFile(file: Blob): Promise<void>;
  };
  /** the page's part in a room */
  classroom: {
    /** whether the page follows somebody else's run */
    readonly led: boolean;
    readonly following: {code: string; name: string} | null;
    /** the room that this tab's run was copied from */
    readonly from: {code: string; name: string} | null;
    copy(): Promise<any>;
    back(): void;
    leave(): void;
    /** the lesson that everybody is to go through alone; "" for none */
    readonly task: string;
    /** say where one is in a lesson, where the run is a copy from a room */
    learns(at: {lesson: string; step: number; of: number; done: boolean; stuck: boolean}): void;
    look(back?: boolean): void;
    point(at: Place | null): void;
  };
}

/** Who hears what a connection brings. */
export interface Listener {
  /** the command that begins it: `hello` unless told */
  greeting?: string;
  /** its fields, asked for at every connection */
  hello: () => Record<string, unknown>;
  /** a message with a `kind` that is no reply */
  text: (message: any) => void;
  binary: (header: Record<string, any>, arrays: Record<string, any>, bytes?: number) => void;
  connection: (connection: State["connection"], reply?: any) => void;
  /** the network lets no socket through, and it goes on without */
  blocked?: () => void;
  /** why it is lost, after each try */
  cause?: (cause: import("./wire/outage.js").Cause) => void;
  /** it has gone quiet, or speaks again */
  quiet?: (quiet: boolean) => void;
}

/** What of a browser a connection needs. */
export interface SocketEnvironment {
  WebSocket: new (url: string) => any;
  setTimeout: (f: () => void, ms: number) => any;
  clearTimeout: (timer: any) => void;
  /** used like a WebSocket */
  Stream?: new (url: string) => any;
  /** whether the server answers requests */
  reachable?: (url: string) => Promise<boolean>;
  online?: () => boolean;
  now?: () => number;
}
