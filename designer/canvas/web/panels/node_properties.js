// Everything about one node: its name and module, parameters, ports, how it runs, what came of it.

import { computed, defineComponent, h, nextTick, ref, watch } from "vue";
import { formatAge, formatSeconds } from "../results/format.js";
import { button, categoryColor, emptyState, icon, severityMark, statusMark, typeMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { visibleFields } from "./form_model.js";
import { InlineName } from "./inline_name.js";
import { categoryTitle } from "./palette_model.js";
import { ParameterField } from "./parameter_field.js";
import { repairOf } from "./repairs.js";
import { RunSettings } from "./run_settings.js";
import { section } from "./section.js";
import { VersionPicker } from "./version_picker.js";

/**
 * @import {Diagnostic, GraphNode, ModuleSpec, Port, StepRun} from "../types.js"
 */

/** Props: `nodeId`. */
export const NodeProperties = defineComponent({
  name: "NodeProperties",
  props: { nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state, layout, ui } = useEditor();
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    const node = computed(() => state.document.nodes?.[props.nodeId]);
    const spec = computed(() => {
      void state.modulesTick;
      return node.value?.module ? session.modules.spec(node.value.module, node.value.version ?? "default") : null;
    });
    const diagnostics = computed(() => state.diagnostics.filter((item) => (item.where ?? "").startsWith(`/nodes/${props.nodeId}/`) || item.where === `/nodes/${props.nodeId}`));
    const fields = computed(() => (spec.value && node.value ? visibleFields(spec.value, node.value, diagnostics.value) : []));
    const step = computed(() => {
      void state.statusTick;
      return session.statuses.get(props.nodeId) ?? null;
    });

    watch(
      () => ui.focusField,
      async (wish) => {
        if (!wish || wish.node !== props.nodeId) return;
        await nextTick();
        showField(root.value, wish.name);
      },
      { immediate: true },
    );

    return () => {
      if (!node.value) return null;
      const changed = fields.value.filter((field) => field.changed).length;
      return h("div", { ref: root, class: "ed-node-properties", style: { "--category": categoryColor(spec.value?.category ?? "") } }, [
        drawHeader(props.nodeId, node.value, spec.value, session),
        drawProblems(diagnostics.value, session),
        section(layout, { name: "parameters", title: "Parameters", count: changed ? `${changed} changed` : "" }, () => drawFields(fields.value, props.nodeId, spec.value)),
        step.value ? section(layout, { name: "last_run", title: "Last run" }, () => drawStep(/** @type {StepRun} */ (step.value), props.nodeId, session)) : null,
        section(layout, { name: "ports", title: "Inputs and outputs", openFirst: false }, () => drawPorts(props.nodeId, node.value, spec.value, session)),
        section(layout, { name: "run_settings", title: "Run settings", openFirst: false }, () => h(RunSettings, { nodeId: props.nodeId })),
        spec.value ? section(layout, { name: "about", title: "About", openFirst: false }, () => drawAbout(/** @type {ModuleSpec} */ (spec.value))) : null,
      ]);
    };
  },
});

/**
 * @param {string} id
 * @param {GraphNode} node
 * @param {ModuleSpec | null} spec
 * @param {import("../session.js").EditorSession} session
 */
function drawHeader(id, node, spec, session) {
  return h("header", { class: "ed-node-head" }, [
    h("span", { class: "ed-node-icon" }, [icon(spec?.icon || "widgets")]),
    h("div", { class: "ed-node-names" }, [
      h(InlineName, {
        value: node.label ?? "",
        placeholder: spec?.title ?? id,
        label: "Label of this node",
        readOnly: session.readOnly,
        emptyAllowed: true,
        onCommit: (/** @type {string} */ label) => session.rename(id, label),
      }),
      h("div", { class: "ed-node-module" }, [
        h("span", { class: "ed-node-id", "data-tip": node.module }, moduleLine(node, spec)),
        h(VersionPicker, { nodeId: id }),
      ]),
    ]),
    node.state ? h("span", { class: "ed-badge" }, node.state.kind) : null,
  ]);
}

/**
 * What the node is, in small type under its name: the module's title where a label hides it.
 *
 * @param {GraphNode} node
 * @param {ModuleSpec | null} spec
 */
function moduleLine(node, spec) {
  if (!spec) return node.module || "Subgraph";
  return node.label ? spec.title : categoryTitle(spec.category);
}

/**
 * Problems of the node that belong to no field.
 *
 * @param {Diagnostic[]} diagnostics
 * @param {import("../session.js").EditorSession} session
 */
function drawProblems(diagnostics, session) {
  const shown = diagnostics.filter((item) => (item.where ?? "").split("/")[3] !== "parameters");
  if (shown.length === 0) return null;
  return h(
    "ul",
    { class: "ed-node-problems" },
    shown.map((item) => h("li", { key: item.code + item.where }, [severityMark(item.severity ?? "error"), h("div", [h("p", item.message), item.remedy ? h("p", { class: "ed-muted" }, item.remedy) : null, drawRepair(item, session)])])),
  );
}

/**
 * @param {Diagnostic} item
 * @param {import("../session.js").EditorSession} session
 */
function drawRepair(item, session) {
  const repair = repairOf([item], session);
  return repair ? h("button", { type: "button", class: "ed-link", onClick: repair.run }, repair.label) : null;
}

/**
 * @param {import("./form_model.js").Field[]} fields
 * @param {string} nodeId
 * @param {ModuleSpec | null} spec
 */
function drawFields(fields, nodeId, spec) {
  if (!spec) return emptyState("help_outline", "This module is not known here", "Choose another version, or put the module back into the library.");
  if (fields.length === 0) return h("p", { class: "ed-hint" }, "This module has nothing to set.");
  return fields.map((field) => h(ParameterField, { key: field.name, field, nodeId }));
}

/**
 * @param {StepRun} step
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 */
function drawStep(step, nodeId, session) {
  const stale = session.stale?.has(nodeId);
  return h("div", { class: "ed-last-run" }, [
    h("div", { class: "ed-last-run-head" }, [
      statusMark(step.status, { reused: step.reused }),
      !step.reused && step.seconds !== null && step.seconds !== undefined ? h("span", { class: "ed-muted" }, formatSeconds(step.seconds)) : null,
      h("span", { class: "ed-spacer" }),
      h("span", { class: "ed-muted" }, formatAge(step.finished_at, Date.now() / 1000)),
    ]),
    stale ? h("p", { class: "ed-hint" }, [icon("contrast"), "Edited since; run again to bring it up to date."]) : null,
    step.reason ? h("p", { class: "ed-reason" }, step.reason) : null,
    step.detail ? h("p", { class: "ed-reason" }, step.detail) : null,
    step.error ? h("p", { class: "ed-message ed-message-error" }, [icon("error"), h("span", `${step.error.code} ${step.error.message}`)]) : null,
    h("div", { class: "ed-row" }, [
      Object.keys(step.outputs ?? {}).length ? button("Show the result", { kind: "quiet", icon: "table_view", onClick: () => session.openNode(nodeId, "output") }) : null,
      step.error ? button("Show the error", { kind: "quiet", icon: "error_outline", onClick: () => session.openNode(nodeId, "error") }) : null,
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
function drawPorts(id, node, spec, session) {
  const inputs = spec?.inputs ?? [];
  const outputs = spec?.outputs ?? [];
  return h("div", { class: "ed-ports" }, [
    ...inputs.map((port) => drawInput(port, node, session)),
    inputs.length && outputs.length ? h("hr") : null,
    ...outputs.map((port) =>
      h("button", { type: "button", class: "ed-port", "data-tip": port.description || `Show ${port.name}`, onClick: () => session.openPort(id, port.name) }, [
        typeMark(port.type),
        h("span", { class: "ed-port-name" }, port.name),
        h("span", { class: "ed-muted" }, port.type),
        icon("chevron_right"),
      ]),
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
  const wires = (Array.isArray(value) ? value : value ? [value] : []).map((wire) => (typeof wire === "string" ? wire : wire.from));
  return h("div", { class: "ed-port", "data-tip": port.description || undefined }, [
    typeMark(port.type),
    h("span", { class: "ed-port-name" }, port.name),
    wires.length
      ? h(
          "span",
          { class: "ed-port-sources" },
          wires.map((wire) => h("button", { type: "button", class: "ed-link", onClick: () => session.focusNode(wire.slice(0, wire.lastIndexOf("."))) }, session.titleOf(wire.slice(0, wire.lastIndexOf("."))))),
        )
      : h("span", { class: port.optional ? "ed-muted" : "ed-port-missing" }, port.optional ? "optional" : "not connected"),
  ]);
}

/** @param {ModuleSpec} spec */
function drawAbout(spec) {
  const [summary, ...more] = String(spec.documentation || spec.summary || "").split(/\n\s*\n/);
  const second = more.find((part) => part.trim() && !/^(Args|Returns|Raises|Example|Source|Attributes)s?:/.test(part.trim()));
  return h("div", { class: "ed-about-text" }, [
    h("p", (summary || "This module has no description.").trim()),
    second ? h("p", { class: "ed-muted" }, second.trim().replace(/\s+/g, " ")) : null,
    h("p", [h("code", spec.id), " ", spec.version]),
    h("a", { class: "ed-link", href: `/library/${encodeURIComponent(spec.id)}`, target: "_blank", rel: "noopener" }, ["Read it in the library", icon("open_in_new")]),
  ]);
}

/**
 * @param {HTMLElement | null} root
 * @param {string} name
 */
function showField(root, name) {
  const field = root?.querySelector(`[data-parameter="${CSS.escape(name)}"]`);
  if (!field) return;
  field.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (field.querySelector("input, select, textarea, .ed-segments button, .ed-switch"))?.focus();
}

