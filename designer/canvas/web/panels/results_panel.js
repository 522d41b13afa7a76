// The bottom panel: results of the opened node, and the list of problems.

import { computed, defineComponent, h, ref, watch } from "vue";
import { formatAge } from "../results/format.js";
import { failedView, useLoaded, waitingView } from "../results/loading.js";
import { isAsking, keepLooking, lookingAtNothing, readLooking } from "../results/looking_link.js";
import { RunChooser } from "../results/run_chooser.js";
import { StepView } from "../results/step_view.js";
import { button, categoryColor, emptyState, icon, iconButton, keys } from "./atoms.js";
import { Changes } from "./changes.js";
import { CommentsPanel } from "./comments_panel.js";
import { hint, useEditor } from "./editor_context.js";
import { PlanPanel } from "./plan_panel.js";
import { Problems } from "./problems.js";

/** Emits `toggle`, `tall`, and `said` with what is announced. Prop: `open`. */
export const ResultsPanel = defineComponent({
  name: "ResultsPanel",
  props: { open: { type: Boolean, required: true } },
  emits: ["toggle", "tall", "said"],
  setup(props, { emit }) {
    const { session, state, ui, layout, api, actions } = useEditor();
    const problems = computed(() => ({
      count: state.diagnostics.length,
      worst: state.diagnostics.some((item) => (item.severity ?? "error") === "error") ? "error" : "warning",
    }));
    const openThreads = computed(() => (void state.commentTick, session.comments.openCount));
    const nodeId = computed(() => {
      const opened = ui.opened?.nodeId;
      return opened && state.document.nodes?.[opened] ? opened : null;
    });
    const newest = computed(() => {
      void state.statusTick;
      return nodeId.value ? (session.stepOf(nodeId.value) ?? null) : null;
    });
    const stepId = computed(() => (nodeId.value ? session.stepId(nodeId.value) : ""));
    const isSubgraph = computed(() => Boolean(nodeId.value && state.document.nodes?.[nodeId.value]?.subgraph));
    /** The earlier run that is looked at; empty for the newest. */
    const atRun = ref("");
    const past = useLoaded(
      () => atRun.value,
      () => (atRun.value ? api.run(atRun.value) : null),
    );
    let asked = readLooking(location.search);

    watch(
      () => state.run?.id,
      () => lookAt(""),
    );
    watch(
      () => ui.opened,
      (opened) => {
        if (!opened || !nodeId.value) return;
        const isLinked = new URLSearchParams(location.search).get("node") === opened.nodeId;
        if (isAsking(asked) && isLinked) {
          const { port, atRun: run, ...looked } = asked;
          ui.opened = { ...opened, port: port || null, ...looked };
          atRun.value = run;
          layout.results.open = true;
        } else if (!isLinked || opened.port) {
          const { port, view = "", against = "", keys = null } = opened;
          keepLooking({ port: port ?? "", view, against, keys });
        }
        asked = lookingAtNothing();
      },
    );

    /** @param {string} run */
    function lookAt(run) {
      if (atRun.value === run) return;
      atRun.value = run;
      keepLooking({ atRun: run });
    }

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
              ui.comparing ? tab("What changed", ui.bottomTab === "changes" && props.open, () => choose("changes")) : null,
              tab(
                "Problems",
                ui.bottomTab === "problems" && props.open,
                () => choose("problems"),
                problems.value.count
                  ? h("span", { class: `ed-pill ed-pill-${problems.value.worst}` }, String(problems.value.count))
                  : null,
              ),
              session.together.isPossible
                ? tab(
                    "Comments",
                    ui.bottomTab === "comments" && props.open,
                    () => choose("comments"),
                    openThreads.value ? h("span", { class: "ed-pill ed-pill-comments" }, String(openThreads.value)) : null,
                  )
                : null,
            ]),
            props.open && ui.bottomTab === "results" && nodeId.value
              ? [drawSubject(nodeId.value, session), drawRun()]
              : null,
            h("span", { class: "ed-spacer" }),
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
      if (ui.bottomTab === "changes" && ui.comparing) return h(Changes);
      if (ui.bottomTab === "comments") return h(CommentsPanel, { onSaid: (/** @type {string} */ words) => emit("said", words) });
      return ui.bottomTab === "plan" ? h(PlanPanel) : drawResults();
    }

    function drawResults() {
      if (!nodeId.value) return drawNothingOpened(session.statuses.size > 0);
      const node = state.document.nodes[nodeId.value];
      const { value: run, error, waiting } = past.loaded.value;
      if (atRun.value && error) return failedView(error, past.reload);
      if (atRun.value && (waiting || !run)) return waitingView("Reading the run");
      const step = run ? (run.steps[stepId.value] ?? null) : newest.value;
      if (run && !step) return drawNotInRun(run.number ?? 0, () => lookAt(""));
      const spec = session.modules.specOf(node);
      return h(StepView, {
        key: nodeId.value,
        api,
        runId: isSubgraph.value ? "" : run ? run.id : session.runs.runOf(stepId.value),
        stepId: stepId.value,
        step: /** @type {any} */ (step),
        titles: sourceTitles(nodeId.value, session),
        outputs: [...session.modules.portsOf(state.document, nodeId.value).outputs],
        inputs: spec?.inputs ?? [],
        wish: /** @type {any} */ (ui.opened),
        pipelineId: isSubgraph.value ? "" : session.pipelineId,
        inside: session.subgraphs.stepsInside(nodeId.value) ?? undefined,
        onShowNode: () => showCulprit(/** @type {string} */ (nodeId.value)),
        onShowLine: (/** @type {{parameter: string, line: number}} */ place) => showLine(/** @type {string} */ (nodeId.value), place),
        onLook: (/** @type {import("../results/looking_link.js").Looking} */ looking) => keepLooking(looking),
      });
    }

    function drawRun() {
      if (isSubgraph.value || !session.pipelineId || !newest.value) return null;
      const run = atRun.value ? past.loaded.value.value : null;
      const age = formatAge(run?.finished_at ?? run?.started_at, Date.now() / 1000);
      return h("div", { class: ["ed-at-run", { "ed-at-run-past": atRun.value }] }, [
        h(RunChooser, {
          api,
          pipelineId: session.pipelineId,
          stepId: stepId.value,
          chosen: atRun.value || session.runs.runOf(stepId.value),
          text: atRun.value ? (run ? `As of run ${run.number}${age ? `, ${age}` : ""}` : "Earlier run") : session.runId ? `Run ${state.run?.number ?? ""}` : "Newest run",
          label: "Choose the run to look at",
          onChoose: (/** @type {import("../results/artifact_api.js").StepOfRun} */ { run: chosen }) =>
            lookAt(chosen.id === session.runs.runOf(stepId.value) ? "" : chosen.id),
        }),
        atRun.value
          ? iconButton("close", "Back to the newest run", { class: "ed-small-button", onClick: () => lookAt("") })
          : null,
      ]);
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

/** @param {number} number @param {() => void} back */
function drawNotInRun(number, back) {
  return emptyState("history_toggle_off", `Run ${number} had no such node`, "It was added later, or left out of that run.", [
    button("Back to the newest run", { onClick: back }),
  ]);
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
