// @ts-check
/**
 * A map of nets: depth × width, coloured by what is left of the error signal in the first layer before a single step; a
 * click opens the net.
 */

import {css, diverging} from "../../draw/color.js";
import {h, setOptions, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {DEPTHS, inkOn, patchFor, shown, WIDTHS} from "./cells.js";

/** @typedef {import("../../types").State} State */
/**
 * @typedef {{button: HTMLButtonElement, depth: number, width: number, kind: Kind, ratio: number | null | undefined}}
 * Cell ratio undefined: not yet computed; null: no number
 */
/** @typedef {null | "batch"} Kind normalization of all hidden layers */

const KINDS = /** @type {Kind[]} */ ([null, "batch"]);

/**
 * A window; training goes on, the map is computed beside it, row by row.
 * @param {HTMLDialogElement} root @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View & {toggle: () => void}}
 */
export function depthMapView(root, {t, act}) {
  const title = h("h2", {id: "title-depthmap"});
  const lead = h("p", {class: "depthmap-lead"});
  const legend = h("p", {class: "depthmap-legend"});
  const close = h(
    "button",
    {type: "button", class: "quiet", dataset: {role: "depthmap-close"}, onclick: () => root.close()},
    "×",
  );
  const activation = h("select", {dataset: {role: "depthmap-activation"}, onchange: begin});
  const initializer = h("select", {dataset: {role: "depthmap-initializer"}, onchange: begin});
  const names = {activation: h("span"), initializer: h("span")};
  const progress = h("progress", {max: 1});
  const run = h("button", {
    type: "button",
    dataset: {role: "depthmap-run"},
    onclick: () => (working ? cancel() : begin()),
  });
  const told = h("output", {class: "depthmap-told", dataset: {role: "depthmap-told"}});
  const maps = KINDS.map(kind => ({
    kind,
    caption: h("caption"),
    head: h("tr"),
    body: h("tbody"),
    table: h("table", {class: "depthmap-table", dataset: {kind: kind ?? "none"}}),
  }));
  for (const {caption, head, body, table} of maps) table.append(caption, h("thead", {}, head), body);
  root.append(
    h("header", {class: "dialog-head"}, title, close),
    h(
      "div",
      {class: "depthmap"},
      lead,
      h(
        "div",
        {class: "depthmap-controls"},
        h("label", {}, names.activation, activation),
        h("label", {}, names.initializer, initializer),
        run,
        progress,
      ),
      h("div", {class: "depthmap-maps"}, ...maps.map(({table}) => table)),
      told,
      legend,
    ),
  );
  root.addEventListener("keydown", event => {
    if (event.key === "Escape") root.close();
  });
  root.addEventListener("close", cancel);

  /** @type {State | null} */
  let state = null;
  /** @type {Cell[]} */
  let cells = [];
  let built = "";
  let painted = "";
  let working = 0;
  let turn = 0;
  let of = "";

  /** What the numbers depend on beside what is chosen here. */
  const problem = () =>
    JSON.stringify([
      state?.config?.data,
      state?.config?.seed,
      state?.config?.loss,
      state?.config?.network.bias,
      state?.config?.network.residual === true,
    ]);

  function build() {
    const limits = state?.options?.limits;
    const depths = DEPTHS.filter(depth => depth <= (limits?.layers ?? 0));
    const widths = WIDTHS.filter(width => width <= (limits?.neurons ?? 0));
    cells = [];
    for (const {kind, head, body} of maps) {
      head.replaceChildren(h("td"), ...widths.map(width => h("th", {scope: "col"}, String(width))));
      body.replaceChildren(
        ...depths.map(depth =>
          h(
            "tr",
            {},
            h("th", {scope: "row"}, String(depth)),
            ...widths.map(width => {
              /** @type {Cell} */
              const cell = {
                depth,
                width,
                kind,
                ratio: undefined,
                button: h("button", {
                  type: "button",
                  class: "depthmap-cell",
                  onclick: () => open(cell),
                  onpointerenter: () => tell(cell),
                  onfocus: () => tell(cell),
                }),
              };
              cells.push(cell);
              return h("td", {}, cell.button);
            }),
          ),
        ),
      );
    }
  }

  /** Ask row by row; a later beginning, or Cancel, ends an earlier one. */
  async function begin() {
    const mine = ++turn;
    const rows = [...new Set(cells.map(cell => cell.depth))].flatMap(depth => KINDS.map(kind => ({depth, kind})));
    of = problem();
    for (const cell of cells) cell.ratio = undefined;
    working = 0.001;
    paint();
    for (const [k, {depth, kind}] of rows.entries()) {
      const row = cells.filter(cell => cell.depth === depth && cell.kind === kind);
      const reply = await act("depth_map", {
        depth,
        widths: row.map(cell => cell.width),
        activation: activation.value,
        initializer: initializer.value,
        normalization: kind,
      });
      if (mine !== turn) return;
      if (reply.ok === false) break;
      /** @type {(number | null)[]} */ (reply.ratios).forEach((ratio, i) => {
        row[i].ratio = ratio;
      });
      working = (k + 1) / rows.length;
      paint();
    }
    working = 0;
    paint();
  }

  function cancel() {
    turn++;
    working = 0;
    paint();
  }

  /** @param {Cell} cell */
  function open({depth, width, kind}) {
    act("configure", patchFor(depth, width, kind, activation.value, initializer.value));
  }

  /** @param {Cell} cell */
  function tell({depth, width, kind, ratio}) {
    setText(
      told,
      ratio === undefined
        ? ""
        : t(ratio === null ? "depthmap.cell_none" : "depthmap.cell", {
            depth,
            width,
            share: ratio === null ? "" : plain(10 ** ratio, 2),
            kind: t(`normalization.${kind ?? "none"}`),
          }),
    );
  }

  function paint() {
    if (!state || !root.open) return;
    const {theme, config, connection, lang} = state;
    const hidden = config?.network.hidden ?? [];
    const normalization = config?.network.normalization ?? null;
    const alike = hidden.length > 0 && hidden.every(n => n === hidden[0]);
    setText(run, t(working ? "depthmap.cancel" : "depthmap.again"));
    progress.value = working;
    progress.classList.toggle("idle", !working);
    run.disabled = connection !== "open";
    for (const cell of cells) {
      const {button, depth, width, kind, ratio} = cell;
      const colour = typeof ratio === "number" ? diverging(ratio / 8, theme) : null;
      setText(button, shown(ratio));
      button.style.backgroundColor = colour ? css(colour) : "";
      button.style.color = colour ? inkOn(colour) : "";
      button.classList.toggle(
        "here",
        alike && depth === hidden.length && width === hidden[0] && normalization === kind,
      );
      button.disabled = connection !== "open";
      button.setAttribute(
        "aria-label",
        t("depthmap.cell_aria", {depth, width, ratio: ratio === undefined ? "–" : shown(ratio)}),
      );
    }
    if (painted === lang) return;
    painted = lang;
    setText(title, t("depthmap.title"));
    setText(lead, t("depthmap.lead"));
    setText(legend, t("depthmap.legend"));
    setText(names.activation, t("data.activation"));
    setText(names.initializer, t("data.initializer"));
    close.title = t("setting.close");
    close.setAttribute("aria-label", close.title);
    for (const {kind, caption} of maps) setText(caption, t(kind ? "depthmap.with" : "depthmap.without"));
  }

  return {
    toggle() {
      if (root.open) return root.close();
      root.show();
      painted = "";
      if (state?.config) {
        const {network, initializer: chosen} = state.config;
        activation.value =
          typeof network.activation === "string" ? network.activation : (network.activation[0] ?? "tanh");
        initializer.value = chosen;
      }
      if (of !== problem() || cells.every(cell => cell.ratio === undefined)) begin();
      else paint();
    },
    update(next) {
      const old = state;
      state = next;
      if (!next.options || !next.config) return;
      const key = `${next.lang} ${JSON.stringify(next.options.limits)}`;
      if (key !== built) {
        built = key;
        setOptions(
          activation,
          next.options.activations.map(name => ({value: name, label: t(`activation.${name}`)})),
        );
        setOptions(
          initializer,
          next.options.initializers.map(name => ({value: name, label: t(`initializer.${name}`)})),
        );
        if (!cells.length) build();
      }
      if (
        root.open &&
        (!old ||
          old.config !== next.config ||
          old.theme !== next.theme ||
          old.lang !== next.lang ||
          old.connection !== next.connection)
      )
        paint();
    },
    destroy() {
      turn++;
      root.replaceChildren();
    },
  };
}
