/**
 * One node near enough to be read: a Vue component over its face. No user text becomes HTML.
 *
 * @import {Face, PortFace} from "./face.js"
 * @import {VisualState} from "./node_state.js"
 */
import { h } from "vue";
import { NODE_HEIGHT } from "./geometry.js";
import { STATE_WORDS } from "./node_state.js";
import { shapeAt, typeVariable } from "./port_shapes.js";

/** The glyph of each state, in a 16 × 16 box: shapes differ, not only colours. @type {{[state in VisualState]: string}} */
const GLYPHS = {
  idle: "",
  queued: "M3.2 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8ZM8.7 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8ZM14.2 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8Z",
  running: "",
  completed: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM6.9 11.3L3.8 8.2L5 7l1.9 1.9L11 4.8L12.2 6Z",
  reused: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM8.9 3L4.6 8.9H7.4L6.9 13L11.4 6.9H8.4Z",
  failed: "M5 0.8H11L15.2 5V11L11 15.2H5L0.8 11V5ZM5.6 4.4L4.4 5.6L6.8 8L4.4 10.4L5.6 11.6L8 9.2L10.4 11.6L11.6 10.4L9.2 8L11.6 5.6L10.4 4.4L8 6.8Z",
  cancelled: "M3.5 1.5H12.5A2 2 0 0 1 14.5 3.5V12.5A2 2 0 0 1 12.5 14.5H3.5A2 2 0 0 1 1.5 12.5V3.5A2 2 0 0 1 3.5 1.5ZM5.5 5.5V10.5H10.5V5.5Z",
  skipped: "M2 3L7.5 8L2 13ZM8 3L13.5 8L8 13ZM13.6 3H15V13H13.6Z",
  stale: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM8 2.4a5.6 5.6 0 0 1 0 11.2Z",
  disabled: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM4 7.2H12V8.8H4Z",
  bypassed: "M1 7.2H10V4L15 8L10 12V8.8H1Z",
  frozen: "M7.3 1H8.7V4.2L11 2.9L11.7 4.1L8.7 5.8V6.9L9.7 6.3L12.7 8L9.7 9.7L8.7 9.1V10.2L11.7 11.9L11 13.1L8.7 11.8V15H7.3V11.8L5 13.1L4.3 11.9L7.3 10.2V9.1L6.3 9.7L3.3 8L6.3 6.3L7.3 6.9V5.8L4.3 4.1L5 2.9L7.3 4.2Z",
};

/** @param {Face} face */
export function renderCard(face) {
  if (face.kind === "input" || face.kind === "output") return renderTerminal(face);
  const name = face.state === "idle" ? "" : ` dc-${face.state}`;
  return [
    face.kind === "subgraph" ? h("div", { class: "dc-stack", "aria-hidden": "true" }) : null,
    h("div", { class: `dc-body${name} dc-kind-${face.kind}`, style: { "--edge": `var(--category-${face.category}, var(--category-other))` } }, [
      h("div", { class: "dc-head" }, [
        h("i", { class: "material-icons dc-icon", "aria-hidden": "true" }, face.icon),
        h("span", { class: "dc-title", title: face.title }, face.title),
        face.uses > 1 ? linkedBadge(face.uses) : null,
        face.notice ? h("i", { class: "material-icons dc-notice", title: face.notice, "aria-label": face.notice }, "update") : null,
        face.problem ? problemBadge(face) : null,
        statusSlot(face),
      ]),
      h("div", { class: "dc-sub", title: face.subtitle }, face.subtitle),
      face.line ? h("div", { class: `dc-line dc-line-${face.state}`, title: face.line }, face.line) : null,
    ]),
    h("svg", { class: "dc-ports", width: face.width, height: NODE_HEIGHT, "aria-hidden": "true" }, [
      ...face.inputs.map((port) => portShape(port, 0)),
      ...face.outputs.map((port) => portShape(port, NODE_HEIGHT)),
    ]),
    ...face.inputs.map((port, i) => portName(port, "in", i)),
    ...face.outputs.map((port, i) => portName(port, "out", i)),
  ];
}

/** A port of the subgraph that is shown, small: a name and what goes through it. @param {Face} face */
function renderTerminal(face) {
  const type = [...face.outputs, ...face.inputs][0]?.type ?? "Any";
  return [
    h("div", { class: `dc-terminal dc-terminal-${face.kind}${face.isNew ? " dc-terminal-new" : ""}`, style: { "--type": `var(${typeVariable(type)})` }, title: face.problemText || `${face.title} · ${type}` }, [
      h("i", { class: "material-icons dc-icon", "aria-hidden": "true" }, face.icon),
      h("span", { class: "dc-title" }, face.title),
      face.problem ? problemBadge(face) : null,
    ]),
    h("svg", { class: "dc-ports", width: face.width, height: NODE_HEIGHT, "aria-hidden": "true" }, [
      ...face.inputs.map((port) => portShape(port, 0)),
      ...face.outputs.map((port) => portShape(port, NODE_HEIGHT)),
    ]),
  ];
}

/** @param {number} uses */
function linkedBadge(uses) {
  const words = `Used ${uses} times: what is edited inside changes them all`;
  return h("span", { class: "dc-linked", title: words, "aria-label": words }, [h("i", { class: "material-icons", "aria-hidden": "true" }, "link"), String(uses)]);
}

/** @param {Face} face */
function problemBadge({ problem, problemText, isInside }) {
  const icon = problem === "error" ? "error_outline" : "warning_amber";
  return h("i", { class: `material-icons dc-problem dc-problem-${problem}`, "data-inside": isInside ? "" : undefined, title: problemText, "aria-label": problemText }, icon);
}

/** @param {Face} face */
function statusSlot({ state, progress, kind }) {
  if (state === "idle") return null;
  const isInside = kind === "subgraph" && state === "failed";
  const glyph = state === "running" ? ring(progress) : h("path", { d: GLYPHS[state], "fill-rule": "evenodd" });
  return h("svg", { class: `dc-status dc-status-${state}`, width: 16, height: 16, role: "img", "aria-label": STATE_WORDS[state], "data-state": state, "data-inside": isInside ? "" : undefined }, [
    h("title", isInside ? "Failed inside; click to go there" : STATE_WORDS[state]),
    glyph,
  ]);
}

/** A progress ring; it turns while the module reports no share. @param {number | null} progress */
function ring(progress) {
  const length = 2 * Math.PI * 6;
  const share = progress === null ? 0.28 : Math.max(0.03, Math.min(1, progress));
  return h("g", { class: progress === null ? "dc-turning" : "" }, [
    h("circle", { cx: 8, cy: 8, r: 6, class: "dc-ring-track" }),
    h("circle", { cx: 8, cy: 8, r: 6, class: "dc-ring", "stroke-dasharray": `${share * length} ${length}`, transform: "rotate(-90 8 8)" }),
  ]);
}

/** All ports of a node share one drawing: a drawing for each would cost the browser a layer check each. @param {PortFace} port @param {number} y */
function portShape({ type, isWired, isOptional, x }, y) {
  const look = isWired ? "dc-port" : isOptional ? "dc-port dc-hollow dc-optional" : "dc-port dc-hollow";
  return h("path", { class: look, d: shapeAt(type, x, y), style: { "--type": `var(${typeVariable(type)})` } });
}

/** @param {PortFace} port @param {"in" | "out"} side @param {number} row names of neighbours stand in rows, so that none covers another */
function portName({ name, title, type, x }, side, row) {
  return h("span", { key: `${side}.${name}`, class: `dc-port-name dc-port-${side}`, "data-port": `${side}.${name}`, style: { left: `${x}px`, "--row": row } }, `${title} · ${type}`);
}
