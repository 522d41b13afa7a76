/**
 * One node near enough to be read: a Vue component over its face. No user text becomes HTML.
 *
 * @import {Face, PortFace} from "./face.js"
 * @import {Other} from "../presence.js"
 */
import { h } from "vue";
import { HUES } from "../document/people.js";
import { NODE_HEIGHT } from "./geometry.js";
import { STATE_WORDS } from "./node_state.js";
import { shapeAt, typeLetter, typeVariable } from "./port_shapes.js";
import { BREAKPOINT, GLYPHS } from "./status_glyphs.js";

/** @type {{[kind in "deprecated" | "disabled" | "newer"]: string}} */
export const NOTICE_ICONS = { deprecated: "hourglass_bottom", disabled: "block", newer: "upgrade" };
/** @type {{[problem in "error" | "warning"]: string}} */
export const PROBLEM_ICONS = { error: "error_outline", warning: "warning_amber" };

/** @param {Face} face */
export function renderCard(face) {
  if (face.kind === "input" || face.kind === "output") return renderTerminal(face);
  const name = (face.state === "idle" ? "" : ` dc-${face.state}`) + (face.isReceding ? " dc-receding" : "");
  return [
    face.kind === "subgraph" ? h("div", { class: "dc-stack", "aria-hidden": "true" }) : null,
    h("div", { class: `dc-body${name} dc-kind-${face.kind}`, style: { "--edge": `var(--category-${face.category}, var(--category-other))` } }, [
      h("div", { class: "dc-head" }, [
        h("i", { class: "material-icons dc-icon", "aria-hidden": "true" }, face.icon),
        h("span", { class: "dc-title", title: face.title }, face.title),
        face.comments > 0 ? commentBadge(face.comments) : null,
        face.uses > 1 ? linkedBadge(face.uses) : null,
        face.notice ? h("i", { class: `material-icons dc-notice dc-notice-${face.notice.kind}`, title: face.notice.text, "aria-label": face.notice.text }, NOTICE_ICONS[face.notice.kind]) : null,
        face.problem ? problemBadge(face) : null,
        statusSlot(face),
      ]),
      face.meter.length > 0 ? meterLine(face) : settingsRow(face),
      face.line ? h("div", { class: `dc-line dc-line-${face.state}`, title: face.line }, face.line) : null,
    ]),
    face.hasBreakpoint ? breakpoint() : null,
    ...(face.others.length > 0 ? othersTag(face.others) : []),
    h("svg", { class: "dc-ports", width: face.width, height: NODE_HEIGHT, "aria-hidden": "true" }, [
      ...face.inputs.map((port) => portShape(port, 0)),
      ...face.outputs.map((port) => portShape(port, NODE_HEIGHT)),
    ]),
    ...face.inputs.map((port, i) => portName(port, "in", i)),
    ...face.outputs.map((port, i) => portName(port, "out", i)),
  ];
}

/** @param {Face} face */
function settingsRow(face) {
  return h("div", { class: "dc-sub" }, [
    h("span", { class: "dc-settings", title: face.subtitleHint || undefined }, face.subtitle.map(setting)),
    face.toSet ? h("span", { class: "dc-to-set", title: face.toSetHint }, face.toSet) : null,
  ]);
}

/** @param {import("./settings_line.js").SettingPart} part @param {number} at */
function setting({ text, isChanged }, at) {
  return h("span", { class: isChanged ? "dc-changed" : undefined }, at > 0 ? ` · ${text}` : text);
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

/** A speech bubble with the number of open threads. @param {number} count */
function commentBadge(count) {
  const words = count === 1 ? "1 open comment; click to read it" : `${count} open comments; click to read them`;
  return h("span", { class: "dc-comments", title: words, "aria-label": words }, count > 99 ? "99+" : String(count));
}

/** Who else has the node selected. @param {readonly Other[]} others */
function othersTag(others) {
  const [first, ...more] = others;
  const names = others.map(({ title }) => title).join(", ");
  return [
    h("div", { class: "dc-other", style: { "--person": `var(--mark-${HUES[first.hue]})` }, "aria-hidden": "true" }),
    h("span", { class: "dc-other-name", style: { "--person": `var(--mark-${HUES[first.hue]})` }, title: `Selected by ${names}` }, more.length ? `${first.title} +${more.length}` : first.title),
  ];
}

/** @param {Face} face */
function problemBadge({ problem, problemText, isInside }) {
  const icon = PROBLEM_ICONS[problem === "error" ? "error" : "warning"];
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

/** While a node runs its meters stand where its module stood. @param {Face} face */
function meterLine({ meter }) {
  return h("div", { class: "dc-sub dc-meter" }, meter.map(({ name, value, title }) => h("span", { key: title, title }, [name ? h("span", { class: "dc-meter-name" }, name) : null, h("span", { class: "dc-meter-value" }, value)])));
}

function breakpoint() {
  return h("svg", { class: "dc-breakpoint", width: 14, height: 14, viewBox: "0 0 12 12", role: "img", "aria-label": "Breakpoint" }, [h("title", "A run stops before this node (F9)"), h("path", { d: BREAKPOINT })]);
}

/** A progress ring; it turns while the module reports no share. @param {number | null} progress */
function ring(progress) {
  const length = 2 * Math.PI * 6;
  const share = ringShare(progress);
  return h("g", { class: progress === null ? "dc-turning" : "" }, [
    h("circle", { cx: 8, cy: 8, r: 6, class: "dc-ring-track" }),
    h("circle", { cx: 8, cy: 8, r: 6, class: "dc-ring", "stroke-dasharray": `${share * length} ${length}`, transform: "rotate(-90 8 8)" }),
  ]);
}

/** How much of the ring is drawn. @param {number | null} progress */
export function ringShare(progress) {
  return progress === null ? 0.28 : Math.max(0.03, Math.min(1, progress));
}

/** All ports of a node share one drawing: a drawing for each would cost the browser a layer check each. @param {PortFace} port @param {number} y */
function portShape({ type, isWired, isOptional, x }, y) {
  const look = isWired ? "dc-port" : isOptional ? "dc-port dc-hollow dc-optional" : "dc-port dc-hollow";
  return h("path", { class: look, d: shapeAt(type, x, y), style: { "--type": `var(${typeVariable(type)})` } });
}

/** @param {PortFace} port @param {"in" | "out"} side @param {number} row names of neighbours stand in rows, so that none covers another */
function portName({ name, title, type, x }, side, row) {
  return h("span", { key: `${side}.${name}`, class: `dc-port-name dc-port-${side}`, "data-port": `${side}.${name}`, "data-letter": typeLetter(type), style: { left: `${x}px`, "--row": row } }, `${title} · ${type}`);
}
