// Everything about one node: its name and module, parameters, ports, how it runs, what came of it.

import { computed, defineComponent, h, nextTick, ref, watch } from "vue";
import { button, categoryColor, emptyState, icon, severityMark } from "./atoms.js";
import { problemsOfView } from "../document/problem_places.js";
import { placeOf } from "./diagnostics.js";
import { useEditor } from "./editor_context.js";
import { visibleFields } from "./form_model.js";
import { InlineName } from "./inline_name.js";
import { drawAbout, drawPorts, drawStep } from "./node_sections.js";
import { categoryTitle, kindWord } from "./palette_model.js";
import { ParameterField } from "./parameter_field.js";
import { drawPromotable } from "./promoting.js";
import { repairsOf } from "./repairs.js";
import { RunSettings } from "./run_settings.js";
import { section } from "./section.js";
import { VersionPicker } from "./version_picker.js";

/**
 * @import {Diagnostic, GraphNode, ModuleSpec, StepRun} from "../types.js"
 */

/** Props: `nodeId`. */
export const NodeProperties = defineComponent({
  name: "NodeProperties",
  props: { nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state, layout, ui, act } = useEditor();
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    const node = computed(() => state.document.nodes?.[props.nodeId]);
    const spec = computed(() => {
      void state.modulesTick;
      void state.document;
      return session.modules.specOf(node.value);
    });
    const problems = computed(() => {
      void state.document;
      return problemsOfView(state.diagnostics, session.view, session.here).get(props.nodeId) ?? { own: [], inside: [] };
    });
    const diagnostics = computed(() => problems.value.own);
    const fields = computed(() =>
      spec.value && node.value ? visibleFields(spec.value, node.value, diagnostics.value) : [],
    );
    const step = computed(() => {
      void state.statusTick;
      return session.stepOf(props.nodeId) ?? null;
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
      return h(
        "div",
        { ref: root, class: "ed-node-properties", style: { "--category": categoryColor(spec.value?.category ?? "") } },
        [
          drawHeader(props.nodeId, node.value, spec.value, session),
          session.modules.isSubgraph(node.value) ? drawSubgraphBar() : null,
          drawProblems(diagnostics.value, session),
          problems.value.inside.length ? drawInside(problems.value.inside) : null,
          section(layout, { name: "parameters", title: "Parameters", count: countText(fields.value) }, () =>
            drawFields(fields.value, props.nodeId, spec.value),
          ),
          node.value.subgraph && !session.here.published
            ? section(layout, { name: "promotable", title: "Parameters inside", openFirst: false }, () =>
                drawPromotable(session, String(node.value?.subgraph)),
              )
            : null,
          step.value
            ? section(layout, { name: "last_run", title: "Last run" }, () =>
                drawStep(/** @type {StepRun} */ (step.value), props.nodeId, session),
              )
            : null,
          section(layout, { name: "ports", title: "Inputs and outputs", openFirst: false }, () =>
            drawPorts(props.nodeId, node.value, spec.value, session),
          ),
          section(layout, { name: "run_settings", title: "Run settings", openFirst: false }, () =>
            h(RunSettings, { nodeId: props.nodeId }),
          ),
          spec.value?.id
            ? section(layout, { name: "about", title: "About", openFirst: false }, () =>
                drawAbout(/** @type {ModuleSpec} */ (spec.value)),
              )
            : null,
        ],
      );
    };

    /** What can be done with a subgraph as a whole. */
    function drawSubgraphBar() {
      const name = node.value?.subgraph;
      const uses = name ? session.subgraphs.countUses(name) : 1;
      const isOpen = node.value?.expanded;
      return h("div", { class: "ed-section-body ed-first" }, [
        uses > 1 ? h("p", { class: "ed-message" }, [icon("link"), h("span", `Linked: used ${uses} times. What is edited inside changes them all.`)]) : null,
        h("div", { class: "ed-actions" }, [
          button("Go inside", { icon: "login", onClick: () => act("subgraph.enter") }),
          name ? button(isOpen ? "Fold again" : "Expand in place", { icon: isOpen ? "unfold_less" : "unfold_more", onClick: () => act("subgraph.expand") }) : null,
          ...(session.readOnly ? [] : drawSubgraphEdits(Boolean(name), uses > 1)),
        ]),
      ]);
    }

    /** @param {boolean} isDrawnHere @param {boolean} isLinked */
    function drawSubgraphEdits(isDrawnHere, isLinked) {
      if (!isDrawnHere) return [button("Edit a copy", { icon: "edit", onClick: () => act("subgraph.copy") })];
      return [
        button("Unpack", { icon: "unarchive", onClick: () => act("subgraph.unpack") }),
        isLinked ? button("Make independent", { icon: "link_off", onClick: () => act("subgraph.independent") }) : null,
        button("Publish", { icon: "publish", onClick: () => act("subgraph.publish") }),
      ];
    }

    /** Problems of what lies inside, in one line that leads there. @param {Diagnostic[]} inside */
    function drawInside(inside) {
      const [first] = inside;
      return h("ul", { class: "ed-node-problems" }, [
        h("li", [
          severityMark(first.severity ?? "error"),
          h("div", [
            h("p", inside.length === 1 ? first.message : `${inside.length} problems inside. ${first.message}`),
            h("button", { type: "button", class: "ed-link", onClick: () => session.subgraphs.goToTrouble(props.nodeId) }, "Go there"),
          ]),
        ]),
      ]);
    }
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
    h("span", { class: "ed-node-icon" }, [icon(spec?.icon || "extension")]),
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
        node.subgraph ? null : h(VersionPicker, { nodeId: id }),
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
  if (node.subgraph) return node.label && spec ? `Subgraph · ${spec.title}` : "Subgraph";
  if (!spec) return node.module || "Subgraph";
  return [node.label ? spec.title : categoryTitle(spec.category), kindWord(spec)].filter(Boolean).join(" · ");
}

/**
 * Problems of the node that belong to no field.
 *
 * @param {Diagnostic[]} diagnostics
 * @param {import("../session.js").EditorSession} session
 */
function drawProblems(diagnostics, session) {
  const shown = diagnostics.filter((item) => placeOf(item.where ?? "").parameter === null);
  if (shown.length === 0) return null;
  return h(
    "ul",
    { class: "ed-node-problems" },
    shown.map((item) =>
      h("li", { key: item.code + item.where }, [
        severityMark(item.severity ?? "error"),
        h("div", [
          h("p", item.message),
          item.remedy ? h("p", { class: "ed-muted" }, item.remedy) : null,
          ...repairsOf(item, session).map(({ label, run }) => h("button", { type: "button", class: "ed-link", onClick: run }, label)),
        ]),
      ]),
    ),
  );
}

/** What waits to be set, and what differs from the default. @param {import("./form_model.js").Field[]} fields */
function countText(fields) {
  const missing = fields.filter((field) => field.missing).length;
  const changed = fields.filter((field) => field.changed && !field.missing).length;
  return [missing ? `${missing} to set` : "", changed ? `${changed} changed` : ""].filter(Boolean).join(" · ");
}

/**
 * @param {import("./form_model.js").Field[]} fields
 * @param {string} nodeId
 * @param {ModuleSpec | null} spec
 */
function drawFields(fields, nodeId, spec) {
  if (!spec)
    return emptyState(
      "help_outline",
      "This module is not known here",
      "Choose another version, or put the module back into the library.",
    );
  if (fields.length === 0)
    return h("p", { class: "ed-hint" }, spec.id ? "This module has nothing to set." : "Promote a parameter of a node inside to set it here.");
  return fields.map((field) => h(ParameterField, { key: field.name, field, nodeId }));
}

/**
 * @param {HTMLElement | null} root
 * @param {string} name
 */
function showField(root, name) {
  const field = root?.querySelector(`[data-parameter="${CSS.escape(name)}"]`);
  if (!field) return;
  field.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (
    field.querySelector("input, select, textarea, .ed-segments button, .ed-switch")
  )?.focus();
}
