// The bottom panel: results of the opened node, and the list of problems.

import { computed, defineComponent, h, watch } from "vue";
import { StepView } from "../results/step_view.js";
import { categoryColor, emptyState, icon, iconButton, keys } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
import { PlanPanel } from "./plan_panel.js";
import { Problems } from "./problems.js";

/** Emits `toggle`, `tall`. Prop: `open`. */
export const ResultsPanel = defineComponent({
  name: "ResultsPanel",
  props: { open: { type: Boolean, required: true } },
  emits: ["toggle", "tall"],
  setup(props, { emit }) {
    const { session, state, ui, layout, api, actions } = useEditor();
    const problems = computed(() => ({
      count: state.diagnostics.length,
      worst: state.diagnostics.some((item) => (item.severity ?? "error") === "error") ? "error" : "warning",
    }));
    const nodeId = computed(() => {
      const opened = ui.opened?.nodeId;
      return opened && state.document.nodes?.[opened] ? opened : null;
    });
    const step = computed(() => {
      void state.statusTick;
      return nodeId.value ? (session.stepOf(nodeId.value) ?? null) : null;
    });

    watch(
      () => [...state.selection.nodes],
      ([only, ...more]) => {
        if (only && more.length === 0 && only !== ui.opened?.nodeId)
          ui.opened = { nodeId: only, port: null, tab: null, tick: Date.now() };
      },
    );

    watch(
      () => state.plan === null,
      (isGone) => {
        if (isGone && ui.bottomTab === "plan") ui.bottomTab = "results";
      },
    );

    /** @param {string} tab */
    function choose(tab) {
      if (props.open && ui.bottomTab === tab) return emit("toggle");
      ui.bottomTab = tab;
      if (!props.open) emit("toggle");
    }

    /** The node that an error is about; of a subgraph, the one inside. @param {string} id */
    function showCulprit(id) {
      if (session.modules.isSubgraph(state.document.nodes[id])) session.subgraphs.goToTrouble(id);
      else session.focusNode(id);
    }

    return () =>
      h(
        "section",
        { class: ["ed-results", { "ed-results-closed": !props.open }], "aria-label": "Results and problems" },
        [
          h("div", { class: "ed-results-bar" }, [
            h("div", { class: "ed-tabs", role: "tablist" }, [
              tab("Results", ui.bottomTab === "results" && props.open, () => choose("results")),
              state.plan ? tab("Plan", ui.bottomTab === "plan" && props.open, () => choose("plan")) : null,
              tab(
                "Problems",
                ui.bottomTab === "problems" && props.open,
                () => choose("problems"),
                problems.value.count
                  ? h("span", { class: `ed-pill ed-pill-${problems.value.worst}` }, String(problems.value.count))
                  : null,
              ),
            ]),
            props.open && ui.bottomTab === "results" && nodeId.value
              ? drawSubject(nodeId.value, session)
              : h("span", { class: "ed-spacer" }),
            props.open
              ? iconButton(layout.tall ? "close_fullscreen" : "open_in_full", layout.tall ? "Smaller" : "Larger", {
                  onClick: () => emit("tall"),
                })
              : null,
            iconButton(
              props.open ? "expand_more" : "expand_less",
              hint(props.open ? "Hide results" : "Show results", "panels.results", actions),
              { onClick: () => emit("toggle") },
            ),
          ]),
          props.open
            ? h("div", { class: "ed-results-body" }, [drawBody()])
            : null,
        ],
      );

    /** @param {string} node @param {{parameter: string, line: number}} place */
    function showLine(node, { parameter, line }) {
      session.openNode(node, "properties");
      ui.focusField = { node, name: parameter, line, tick: Date.now() };
    }

    function drawBody() {
      if (ui.bottomTab === "problems") return h(Problems);
      return ui.bottomTab === "plan" ? h(PlanPanel) : drawResults();
    }

    function drawResults() {
      if (!nodeId.value) return drawNothingOpened(session.statuses.size > 0);
      const node = state.document.nodes[nodeId.value];
      return h(StepView, {
        key: nodeId.value,
        api,
        runId: state.run?.id ?? "",
        stepId: session.stepId(nodeId.value),
        step: /** @type {any} */ (step.value),
        titles: sourceTitles(nodeId.value, session),
        outputs: session.modules.specOf(node)?.outputs ?? [],
        wish: /** @type {any} */ (ui.opened),
        inside: session.subgraphs.stepsInside(nodeId.value) ?? undefined,
        onShowNode: () => showCulprit(/** @type {string} */ (nodeId.value)),
        onShowLine: (/** @type {{parameter: string, line: number}} */ place) => showLine(/** @type {string} */ (nodeId.value), place),
      });
    }
  },
});

/**
 * @param {string} label
 * @param {boolean} chosen
 * @param {() => void} choose
 * @param {any} [extra]
 */
function tab(label, chosen, choose, extra) {
  return h("button", { type: "button", role: "tab", "aria-selected": String(chosen), onClick: choose }, [label, extra]);
}

/**
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 */
function drawSubject(nodeId, session) {
  const spec = session.modules.specOf(session.document.nodes[nodeId]);
  return h("div", { class: "ed-results-subject", style: { "--category": categoryColor(spec?.category ?? "") } }, [
    icon(spec?.icon || "extension"),
    h(
      "button",
      {
        type: "button",
        class: "ed-subject-name",
        "data-tip": "Show the node",
        onClick: () => session.focusNode(nodeId),
      },
      session.titleOf(nodeId),
    ),
  ]);
}

/**
 * What people call the node behind each input port.
 *
 * @param {string} nodeId
 * @param {import("../session.js").EditorSession} session
 * @returns {Record<string, string>}
 */
function sourceTitles(nodeId, session) {
  const inputs = Object.entries(session.document.nodes[nodeId]?.inputs ?? {});
  return Object.fromEntries(
    inputs.map(([port, input]) => {
      const wire = Array.isArray(input) ? input[0] : input;
      const source = typeof wire === "string" ? wire : (wire?.from ?? "");
      return [port, session.titleOf(source.slice(0, source.lastIndexOf(".")))];
    }),
  );
}

/** @param {boolean} hasRun */
function drawNothingOpened(hasRun) {
  if (hasRun)
    return emptyState(
      "ads_click",
      "Choose what to look at",
      "Click an output port of a node, or select a node, to see its result here.",
    );
  return h("div", { class: "ed-empty" }, [
    icon("play_circle_outline"),
    h("p", { class: "ed-empty-title" }, "Not run yet"),
    h("p", { class: "ed-empty-text" }, [
      "Run the pipeline with ",
      keys("Ctrl+Enter"),
      ". Every output is kept and can be looked at here.",
    ]),
  ]);
}
