// Parts of a node's properties: its ports, its last run, what its author says about it.

import { h } from "vue";
import { portTitle } from "../document/edits.js";
import { formatMemory, meterTexts } from "../document/meters.js";
import { slotsWords } from "../document/plan_preview.js";
import { STOPPED } from "../document/run_options.js";
import { possibleSources } from "../document/possible_sources.js";
import { wiresInto } from "../document/wires.js";
import { formatAge, formatSeconds } from "../results/format.js";
import { button, icon, statusMark, typeMark } from "./atoms.js";
import { PopMenu } from "./pop_menu.js";

/**
 * @import {GraphNode, ModuleSpec, Port, StepRun} from "../types.js"
 */

/**
 * @param {StepRun} step
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 */
export function drawStep(step, nodeId, session) {
  const stale = session.isStale(nodeId);
  return h("div", { class: "ed-last-run" }, [
    h("div", { class: "ed-last-run-head" }, [
      statusMark(step.detail === STOPPED ? "stopped" : step.status, { reused: step.reused }),
      !step.reused && step.seconds !== null && step.seconds !== undefined
        ? h("span", { class: "ed-muted" }, formatSeconds(step.seconds))
        : null,
      h("span", { class: "ed-spacer" }),
      h("span", { class: "ed-muted" }, formatAge(step.finished_at, Date.now() / 1000)),
    ]),
    stale ? h("p", { class: "ed-hint" }, [icon("contrast"), "Edited since; run again to bring it up to date."]) : null,
    step.status === "running" ? drawMeter(step) : null,
    step.reason ? h("p", { class: "ed-reason" }, step.reason) : null,
    step.detail && step.detail !== step.reason ? h("p", { class: "ed-reason" }, step.detail) : null,
    step.error
      ? h("p", { class: "ed-message ed-message-error" }, [
          icon("error"),
          h("span", `${step.error.code} ${step.error.message}`),
        ])
      : null,
    h("div", { class: "ed-row" }, [
      Object.keys(step.outputs ?? {}).length
        ? button("Show the result", {
            kind: "quiet",
            icon: "table_view",
            onClick: () => session.openNode(nodeId, "output"),
          })
        : null,
      step.error
        ? button("Show the error", {
            kind: "quiet",
            icon: "error_outline",
            onClick: () => session.openNode(nodeId, "error"),
          })
        : null,
      session.subgraphs.stepsInside(nodeId)
        ? button("Steps inside", { kind: "quiet", icon: "account_tree", onClick: () => session.openNode(nodeId, "inside") })
        : button("Log", { kind: "quiet", icon: "article", onClick: () => session.openNode(nodeId, "log") }),
    ]),
    h("p", { class: "ed-hint" }, takenText(step)),
    step.slots ? h("p", { class: "ed-hint" }, `${step.status === "running" ? "Holds" : "Held"} ${slotsWords(step.slots)} of ${step.target}`) : null,
    step.seed !== null && step.seed !== undefined ? h("p", { class: "ed-hint" }, `Seed ${step.seed}`) : null,
  ]);
}

/** What a running step takes now. @param {StepRun} step */
function drawMeter({ meter }) {
  const texts = meterTexts(meter);
  if (texts.length === 0) return null;
  return h("dl", { class: "ed-meters" }, texts.map(({ name, value, title }) => h("div", { key: title, "data-tip": title }, [h("dt", name || "Memory"), h("dd", value)])));
}

/** What a step that has ended took. @param {StepRun} step */
function takenText({ status, peak_memory_bytes: memory, cpu_seconds: cpu, peak_gpu_memory_bytes: gpu, reused }) {
  if (status === "running" || reused) return "";
  return [memory ? `Up to ${formatMemory(memory)}` : "", gpu ? `${formatMemory(gpu)} of GPU memory` : "", cpu ? `${formatSeconds(cpu)} of processor time` : ""].filter(Boolean).join(" · ");
}

/**
 * @param {string} id
 * @param {GraphNode | undefined} node
 * @param {ModuleSpec | null} spec
 * @param {import("../session.js").EditorSession} session
 */
export function drawPorts(id, node, spec, session) {
  const inputs = spec?.inputs ?? [];
  const outputs = spec?.outputs ?? [];
  return h("div", { class: "ed-ports" }, [
    ...inputs.map((port) => drawInput(id, port, node, session)),
    inputs.length && outputs.length ? h("hr") : null,
    ...outputs.map((port) =>
      h(
        "button",
        {
          type: "button",
          class: "ed-port",
          "data-tip": port.description || `Show ${portTitle(port)}`,
          onClick: () => session.openPort(id, port.name),
        },
        [
          typeMark(port.type),
          h("span", { class: "ed-port-name" }, portTitle(port)),
          h("span", { class: "ed-muted" }, port.type),
          icon("chevron_right"),
        ],
      ),
    ),
  ]);
}

/**
 * @param {string} id
 * @param {Port} port
 * @param {GraphNode | undefined} node
 * @param {import("../session.js").EditorSession} session
 */
function drawInput(id, port, node, session) {
  const value = node?.inputs?.[port.name];
  const wires = (Array.isArray(value) ? value : value ? [value] : []).map((wire) =>
    typeof wire === "string" ? wire : wire.from,
  );
  const choose = session.readOnly ? null : drawChoice(id, port, wires, session);
  const missing = h(
    "span",
    { class: port.optional ? "ed-muted" : "ed-port-missing" },
    port.optional ? "optional" : "not connected",
  );
  return h("div", { class: "ed-port", "data-tip": port.description || undefined }, [
    typeMark(port.type),
    h("span", { class: "ed-port-name" }, portTitle(port)),
    wires.length ? drawSources(wires, session) : missing,
    choose,
  ]);
}

/**
 * @param {string[]} wires
 * @param {import("../session.js").EditorSession} session
 */
function drawSources(wires, session) {
  const link = (/** @type {string} */ wire) => {
    const source = wire.slice(0, wire.lastIndexOf("."));
    return h(
      "button",
      { type: "button", class: "ed-link", onClick: () => session.focusNode(source) },
      session.titleOf(source),
    );
  };
  return h("span", { class: "ed-port-sources" }, wires.map(link));
}

/**
 * The way to wire without a mouse: every output that fits, nearest first.
 *
 * @param {string} id
 * @param {Port} port
 * @param {string[]} wires
 * @param {import("../session.js").EditorSession} session
 */
function drawChoice(id, port, wires, session) {
  const sources = possibleSources(session.document, session.modules, { node: id, port: port.name });
  /** @type {import("./pop_menu.js").MenuItem[]} */
  const items = sources.map(({ source, node, port: output, isOnlyPort }) => ({
    label: session.titleOf(node),
    hint: isOnlyPort ? undefined : portTitle(output),
    checked: wires.includes(source),
    disabled: wires.includes(source),
    run: () => void session.wires.connect(source, id, port.name),
  }));
  if (sources.length === 0) items.push({ label: `No other node gives ${port.type}`, disabled: true });
  if (wires.length)
    items.push(
      { separator: true },
      { label: "Disconnect", icon: "link_off", run: () => session.wires.disconnect(inputKeys(session.document, id, port)) },
    );
  return h(
    PopMenu,
    { items, label: `Connect ${portTitle(port)}`, align: "end", buttonClass: "ed-icon-button ed-port-choose" },
    { default: () => [icon("arrow_drop_down")] },
  );
}

/**
 * @param {import("../types.js").GraphDocument} document
 * @param {string} id
 * @param {Port} port
 */
function inputKeys(document, id, port) {
  return wiresInto(document, id).flatMap((wire) => (wire.port === port.name ? [wire.key] : []));
}

/** @param {ModuleSpec} spec */
export function drawAbout(spec) {
  const [summary, ...more] = String(spec.documentation || spec.summary || "").split(/\n\s*\n/);
  const second = more.find(
    (part) => part.trim() && !/^(Args|Returns|Raises|Example|Source|Attributes)s?:/.test(part.trim()),
  );
  return h("div", { class: "ed-about-text" }, [
    h("p", (summary || "This module has no description.").trim()),
    second ? h("p", { class: "ed-muted" }, second.trim().replace(/\s+/g, " ")) : null,
    h("p", [h("code", spec.id), " ", spec.version]),
    h("a", { class: "ed-link", href: `/library/${encodeURIComponent(spec.id)}`, target: "_blank", rel: "noopener" }, [
      "Read it in the library",
      icon("open_in_new"),
    ]),
  ]);
}
