// Parts of a node's properties: its ports, its last run, what its author says about it.

import { h } from "vue";
import { formatAge, formatSeconds } from "../results/format.js";
import { button, icon, statusMark, typeMark } from "./atoms.js";

/**
 * @import {GraphNode, ModuleSpec, Port, StepRun} from "../types.js"
 */

/**
 * @param {StepRun} step
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 */
export function drawStep(step, nodeId, session) {
  const stale = session.stale?.has(nodeId);
  return h("div", { class: "ed-last-run" }, [
    h("div", { class: "ed-last-run-head" }, [
      statusMark(step.status, { reused: step.reused }),
      !step.reused && step.seconds !== null && step.seconds !== undefined
        ? h("span", { class: "ed-muted" }, formatSeconds(step.seconds))
        : null,
      h("span", { class: "ed-spacer" }),
      h("span", { class: "ed-muted" }, formatAge(step.finished_at, Date.now() / 1000)),
    ]),
    stale ? h("p", { class: "ed-hint" }, [icon("contrast"), "Edited since; run again to bring it up to date."]) : null,
    step.reason ? h("p", { class: "ed-reason" }, step.reason) : null,
    step.detail ? h("p", { class: "ed-reason" }, step.detail) : null,
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
      button("Log", { kind: "quiet", icon: "article", onClick: () => session.openNode(nodeId, "log") }),
    ]),
    step.seed !== null && step.seed !== undefined ? h("p", { class: "ed-hint" }, `Seed ${step.seed}`) : null,
  ]);
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
    ...inputs.map((port) => drawInput(port, node, session)),
    inputs.length && outputs.length ? h("hr") : null,
    ...outputs.map((port) =>
      h(
        "button",
        {
          type: "button",
          class: "ed-port",
          "data-tip": port.description || `Show ${port.name}`,
          onClick: () => session.openPort(id, port.name),
        },
        [
          typeMark(port.type),
          h("span", { class: "ed-port-name" }, port.name),
          h("span", { class: "ed-muted" }, port.type),
          icon("chevron_right"),
        ],
      ),
    ),
  ]);
}

/**
 * @param {Port} port
 * @param {GraphNode | undefined} node
 * @param {import("../session.js").EditorSession} session
 */
function drawInput(port, node, session) {
  const value = node?.inputs?.[port.name];
  const wires = (Array.isArray(value) ? value : value ? [value] : []).map((wire) =>
    typeof wire === "string" ? wire : wire.from,
  );
  return h("div", { class: "ed-port", "data-tip": port.description || undefined }, [
    typeMark(port.type),
    h("span", { class: "ed-port-name" }, port.name),
    wires.length
      ? h(
          "span",
          { class: "ed-port-sources" },
          wires.map((wire) =>
            h(
              "button",
              {
                type: "button",
                class: "ed-link",
                onClick: () => session.focusNode(wire.slice(0, wire.lastIndexOf("."))),
              },
              session.titleOf(wire.slice(0, wire.lastIndexOf("."))),
            ),
          ),
        )
      : h(
          "span",
          { class: port.optional ? "ed-muted" : "ed-port-missing" },
          port.optional ? "optional" : "not connected",
        ),
  ]);
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
