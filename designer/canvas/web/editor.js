// The editor: top bar, palette, canvas, properties, results; sizes, keys and what opens where.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowReactive, watch } from "vue";
import { CANVAS_ACTIONS } from "./actions/index.js";
import { HELP_ACTIONS } from "./actions/help.js";
import { PAGE_ACTIONS } from "./actions/page.js";
import { ActionRegistry, isOff } from "./actions/registry.js";
import { mountCanvas } from "./canvas_view.js";
import { keepCompare, readCompare } from "./document/what_changed.js";
import { announceSession } from "./panels/announcements.js";
import { iconButton } from "./panels/atoms.js";
import { Breadcrumb } from "./panels/breadcrumb.js";
import { ClashCard } from "./panels/clash_card.js";
import { followSession, hint, listener, provideEditor } from "./panels/editor_context.js";
import { freePlace } from "./panels/free_place.js";
import { EmptyCanvas } from "./panels/empty_canvas.js";
import { actionItems, moduleItems, nodeItems, placeItems } from "./panels/command_palette.js";
import { FindBar } from "./panels/find_bar.js";
import { LeftPanel } from "./panels/left_panel.js";
import { sourceChoice, targetChoice } from "./panels/link_choices.js";
import { ModuleHelp } from "./panels/module_help.js";
import { openSample } from "./panels/opening_sample.js";
import { NARROW, clampSize, clearCanvas, usePanelLayout } from "./panels/panel_layout.js";
import { versionToAdd } from "./panels/palette_model.js";
import { PickBox } from "./panels/pick_box.js";
import { QuickAdd } from "./panels/quick_add.js";
import { Properties } from "./panels/properties.js";
import { NameVersionSheet } from "./panels/name_version_sheet.js";
import { PublishSheet } from "./panels/publish_sheet.js";
import { ResizeHandle } from "./panels/resize_handle.js";
import { ResultsPanel } from "./panels/results_panel.js";
import { ShortcutsSheet } from "./panels/shortcuts_sheet.js";
import { createToasts, ToastList } from "./panels/toasts.js";
import { TooltipLayer } from "./panels/tooltip.js";
import { toggleTheme } from "./panels/theme.js";
import { Tour } from "./panels/tour.js";
import { beginTourIn, noteTour, takesTour } from "./panels/tour_memory.js";
import { TopBar } from "./panels/top_bar.js";
import { createArtifactApi } from "./results/artifact_api.js";

/**
 * @import {EditorSession} from "./session.js"
 * @import {EditorContext} from "./panels/editor_context.js"
 * @import {PanelName} from "./panels/panel_layout.js"
 * @import {PickItem} from "./panels/pick_box.js"
 * @import {OutlineRow} from "./document/outline.js"
 * @import {QuickAddRequest} from "./panels/quick_add.js"
 * @import {ModuleCard, ModuleSpec} from "./types.js"
 */

const TALL_SHARE = 0.72;
const TOUR_SAMPLE = "breast_cancer";

/** Props: `session`, a loaded EditorSession. */
export const Editor = defineComponent({
  name: "PipelineEditorShell",
  props: { session: { type: Object, required: true } },
  setup(props) {
    const session = /** @type {EditorSession} */ (props.session);
    const layout = usePanelLayout(globalThis.localStorage, matchMedia(NARROW));
    const state = followSession(session);
    /** @type {EditorContext["ui"]} */
    const ui = shallowReactive({ opened: null, bottomTab: "results", focusField: null, help: false, quickAdd: null, choice: null, isFinding: false, publishing: "", moduleHelp: null, isTouring: false, isNaming: false, comparing: null, commenting: { thread: "", subject: null, place: "", isKeyboard: false } });
    const toasts = createToasts();
    const actions = new ActionRegistry([...HELP_ACTIONS, ...CANVAS_ACTIONS, ...PAGE_ACTIONS]);
    const page = {
      togglePanel: toggle,
      showProblems,
      showPlan,
      showComments,
      comment,
      focusPalette,
      quickAdd,
      toggleOutline,
      renameInOutline: (/** @type {string} */ id) => left.value?.renameInOutline(id) ?? false,
      focusProperties,
      goHome,
      chooseLink: (/** @type {string} */ id) => choose(targetChoice(session, id)),
      openCommands,
      openFind: () => (ui.isFinding = true),
      publishSubgraph: (/** @type {string} */ name) => (ui.publishing = name),
      toggleHelp: () => (ui.help = !ui.help),
      nameVersion: () => (ui.isNaming = true),
      toggleTheme,
      editCode,
      showModuleHelp: (/** @type {ModuleSpec} */ spec) => (ui.moduleHelp = spec),
      startTour,
      isHelpOpen: () => ui.moduleHelp !== null,
      closeHelp,
    };
    const api = createArtifactApi();
    provideEditor({ session, state, layout, toasts, ui, actions, act, api });

    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const stage = ref(null);
    /** @type {import("vue").Ref<any>} */
    const left = ref(null);
    /** @type {ReturnType<typeof mountCanvas> | null} */
    let canvas = null;
    const tourStep = ref("");
    const isEmpty = computed(() => Object.keys(state.document.nodes ?? {}).length === 0);

    /** Whether the keyboard was in the outline last, not on the canvas. */
    let isAtOutline = false;
    const hasLeft = () => !session.readOnly || layout.left === "outline";
    let stopAnnouncing = () => {};

    onMounted(() => {
      if (!stage.value) return;
      const { view } = (canvas = mountCanvas(stage.value, session, actions));
      view.context.page = page;
      stopAnnouncing = announceSession(session, (text) => view.announcer.say(text));
      ui.isTouring = takesTour(session.pipelineId);
      ui.comparing = readCompare(location.search);
      session.together.showLinked(location.search);
      session.comments.follow(location.search);
    });
    onBeforeUnmount(() => {
      stopAnnouncing();
      canvas?.destroy();
    });

    const listen = listener(session);
    listen("open", (event) => openResult(event.detail));
    listen("scope", () => (ui.opened = null));
    listen("notice", (event) => addNotice(event.detail));
    listener(session.comments)("show", (event) => showThread(event.detail));

    /** Does an action as its key would. @param {string} id */
    function act(id) {
      const context = canvas?.view.context;
      if (context && !isOff(actions.get(id), context)) actions.get(id).run(context);
    }

    /** @param {{node: string, port?: string, tab?: string}} detail */
    function openResult({ node, port, tab }) {
      if (tab === "properties") {
        session.select([node]);
        return showPanel("properties");
      }
      ui.opened = { nodeId: node, port: port ?? null, tab: tab ?? null, tick: Date.now() };
      ui.bottomTab = "results";
      layout.results.open = true;
      void keepInView(node);
    }

    /** @param {import("./session.js").Notice} notice */
    function addNotice({ kind, message, diagnostics = [], action, ...more }) {
      toasts.add({ ...more, kind, text: message, action: action ?? (diagnostics.length > 1 ? { label: "Show problems", run: showProblems } : undefined) });
    }

    /** @param {string} node @param {string} name of the parameter that holds the code */
    function editCode(node, name) {
      showPanel("properties");
      ui.focusField = { node, name, isLarge: true, tick: Date.now() };
    }

    /** On a sample, so that nothing of one's own is touched: in this pipeline where it is empty, else in a new one. */
    async function startTour() {
      noteTour();
      ui.help = false;
      try {
        if (session.readOnly || Object.keys(session.root.nodes).length > 0) {
          const { id } = await api.createPipeline({ sample: TOUR_SAMPLE });
          beginTourIn(id);
          return location.assign(`/pipelines/${encodeURIComponent(id)}`);
        }
        await openSample(session, api, TOUR_SAMPLE);
        await nextTick();
        canvas?.view.fit();
        ui.isTouring = true;
      } catch (error) {
        const { message, remedy } = /** @type {Error & {remedy?: string}} */ (error);
        toasts.add({ kind: "error", text: message, remedy });
      }
    }

    function leaveTour() {
      ui.isTouring = false;
      tourStep.value = "";
      canvas?.focus();
    }

    function closeHelp() {
      ui.moduleHelp = null;
      canvas?.focus();
    }

    function showProblems() {
      ui.bottomTab = "problems";
      layout.results.open = true;
    }

    function showPlan() {
      ui.bottomTab = "plan";
      layout.results.open = true;
    }

    /** A new comment on a node, or on the pipeline. @param {import("./working_together.js").Subject} subject */
    function comment(subject) {
      openComments({ subject });
      keepSelectedInView();
    }

    /** The threads: all, or those of one place. @param {{place?: string, isKeyboard?: boolean}} [how] */
    function showComments({ place = "", isKeyboard = false } = {}) {
      if (isKeyboard && layout.results.open && ui.bottomTab === "comments") return toggle("results");
      openComments({ place, isKeyboard });
    }

    /** @param {import("./document/comment_threads.js").CommentThread} thread */
    function showThread(thread) {
      openComments({ thread: thread.id });
      session.together.show(session.comments.whereNow(thread) ?? thread);
    }

    /** @param {Partial<EditorContext["ui"]["commenting"]>} asked */
    function openComments(asked) {
      ui.commenting = { thread: "", subject: null, place: "", isKeyboard: false, ...asked };
      ui.bottomTab = "comments";
      layout.results.open = true;
    }

    /** @param {PanelName} name */
    function showPanel(name) {
      layout[name].open = true;
      keepSelectedInView();
    }

    /** @param {PanelName} name */
    function toggle(name) {
      if (name === "palette" && layout.palette.open && layout.left === "outline" && !session.readOnly) return void (layout.left = "modules");
      layout[name].open = !layout[name].open;
      if (layout[name].open) keepSelectedInView();
    }

    function toggleTall() {
      layout.tall = !layout.tall;
      if (layout.tall) keepSelectedInView();
    }

    function keepSelectedInView() {
      const [only, ...more] = session.selection.nodes;
      if (only && more.length === 0) void keepInView(only);
    }

    /** After a panel took room: the node it is about must still be seen. @param {string} id */
    async function keepInView(id) {
      await nextTick();
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const box = stage.value?.getBoundingClientRect();
      const rect = canvas?.nodeRect(id);
      if (!box || !rect) return;
      const isHidden =
        rect.x + rect.width > box.right || rect.y + rect.height > box.bottom || rect.x < box.left || rect.y < box.top;
      if (isHidden) canvas?.view.reveal(id);
    }

    /** @param {PanelName} name @param {number} wished */
    function resize(name, wished) {
      const box = root.value?.getBoundingClientRect();
      const other = name === "palette" ? layout.properties : layout.palette;
      const available =
        name === "results" ? (box?.height ?? 800) - 44 : (box?.width ?? 1440) - (other.open ? other.size : 36);
      layout[name].size = clampSize(name, wished, available);
      if (name === "results") layout.tall = false;
    }

    function focusPalette() {
      layout.palette.open = true;
      layout.left = "modules";
      void nextTick(() => left.value?.focusSearch());
    }

    /** The outline is shown and gets the focus; from there it is put away. */
    function toggleOutline() {
      if (left.value?.isInOutline()) {
        layout.left = "modules";
        canvas?.focus();
        return;
      }
      layout.palette.open = true;
      layout.left = "outline";
      void nextTick(() => left.value?.focusOutline());
    }

    /** Where the keyboard was before a box or panel took it. */
    function goHome() {
      if (isAtOutline && layout.palette.open && layout.left === "outline") left.value?.focusOutline();
      else canvas?.focus();
    }

    /** @param {FocusEvent} event */
    function noteHome({ target }) {
      if (!(target instanceof Element)) return;
      if (target.closest("[data-canvas-keys]")) isAtOutline = true;
      else if (stage.value?.contains(target)) isAtOutline = false;
    }

    async function focusProperties() {
      await nextTick();
      const panel = root.value?.querySelector(".ed-properties-scroll");
      const field = panel?.querySelector("[data-parameter] :is(input, select, textarea, [role=switch], [role=radio], .cm-content)") ?? panel?.querySelector("input, button");
      if (field instanceof HTMLElement) field.focus();
    }

    /** Esc leaves the properties the way they were come to. @param {KeyboardEvent} event */
    function leaveProperties({ key, target }) {
      if (key !== "Escape") return;
      if (target instanceof HTMLSelectElement) target.blur();
      if (isAtOutline) setTimeout(() => document.activeElement === document.body && goHome());
    }

    /** What a port of the outline is connected to. @param {OutlineRow} row */
    function chooseForRow({ kind, node, port }) {
      choose(kind === "input" ? sourceChoice(session, node, port?.name ?? "") : targetChoice(session, node, port?.name));
    }

    /** A module goes below the node of a row, and into the wire that begins or ends at its port. @param {OutlineRow} row */
    function addBehind({ kind, node, port }) {
      const places = session.document.layout?.nodes ?? {};
      const here = places[node] ?? session.viewCentre();
      const corner = freePlace(Object.values(places), { x: here.x, y: here.y + (kind === "input" ? -112 : 112) });
      const start = port ? { node, port: port.name, side: /** @type {"input" | "output"} */ (kind) } : null;
      void quickAdd({ at: { x: corner.x + 104, y: corner.y + (kind === "input" ? 64 : kind === "output" ? 0 : 32) }, start });
    }

    /**
     * Opens the box that adds a module; without a place, where the pointer is on the canvas.
     *
     * @param {Partial<QuickAddRequest>} [request]
     * @returns {Promise<boolean>} whether something was added
     */
    function quickAdd(request = {}) {
      const view = canvas?.view;
      if (!view || session.readOnly) return Promise.resolve(false);
      ui.quickAdd?.finish(false);
      const at = request.at ?? view.pointerInView();
      return new Promise((resolve) => {
        const finish = (/** @type {boolean} */ hasAdded) => {
          ui.quickAdd = null;
          goHome();
          resolve(hasAdded);
        };
        ui.quickAdd = { request: { ...request, at, screen: request.screen ?? view.viewport.toScreen(at) }, finish };
      });
    }

    /**
     * Shows a box in which one thing is chosen by typing.
     *
     * @param {{label: string, placeholder?: string, none?: string, items: PickItem[], first?: string}} choice
     */
    function choose(choice) {
      ui.choice = choice;
    }

    function closeChoice() {
      if (!ui.choice) return;
      ui.choice = null;
      goHome();
    }

    function openCommands() {
      const context = canvas?.view.context;
      if (!context) return;
      const near = [...actionItems(actions, context), ...nodeItems(session), ...moduleItems(session)];
      const choice = { label: "Actions, nodes, modules, pipelines, runs", placeholder: "What do you want to do?", none: "Nothing is found", items: near };
      choose(choice);
      void placeItems(session).then((places) => ui.choice === choice && choose({ ...choice, items: [...near, ...places] }));
    }

    function closeFind() {
      ui.isFinding = false;
      goHome();
    }

    /** @param {ModuleCard} card */
    function addModule(card) {
      const places = state.document.layout?.nodes ?? {};
      const [selected, ...more] = session.selection.nodes;
      const above = selected && more.length === 0 ? places[selected] : undefined;
      const centre = session.viewCentre();
      const wished = above ? { x: above.x, y: above.y + 112 } : { x: centre.x - 104, y: centre.y - 32 };
      const id = session.addNode(card.id, { version: versionToAdd(card), ...freePlace(Object.values(places), wished) });
      if (id) void keepInView(id);
    }

    watch(
      () => ui.comparing,
      (comparing) => {
        keepCompare(comparing);
        if (comparing) ui.bottomTab = "changes";
        else if (ui.bottomTab === "changes") ui.bottomTab = "results";
        if (comparing) layout.results.open = true;
      },
    );

    watch(
      () => state.document.name,
      (name) => (document.title = `${name || "Untitled pipeline"} · Designer`),
      { immediate: true },
    );

    return () =>
      h(
        "div",
        { ref: root, class: ["ed", { "ed-read-only": session.readOnly }], style: gridStyle(layout, hasLeft()), onFocusin: noteHome, "data-tour": tourStep.value || undefined },
        [
          h(TopBar),
          !hasLeft()
            ? null
            : layout.palette.open
              ? drawLeft()
              : rail("palette", "chevron_right", layout.left === "outline" ? hint("Show the outline", "panels.outline", actions) : hint("Show modules", "panels.modules", actions), () => (layout.palette.open = true)),
          h("main", { class: "ed-stage", "aria-label": "Canvas" }, [
            h("div", { ref: stage, class: "ed-canvas", onPointerdown: () => clearCanvas(layout) }),
            h(Breadcrumb),
            h(ClashCard),
            ui.isTouring ? h(Tour, { onClose: leaveTour, onStep: (/** @type {string} */ id) => (tourStep.value = id) }) : null,
            isEmpty.value && !ui.quickAdd ? h(EmptyCanvas, { onFilled: () => canvas?.view.fit() }) : null,
            ui.isFinding ? h(FindBar, { onClose: closeFind, onFound: (/** @type {string[]} */ ids) => canvas?.view.showFound(ids) }) : null,
            ui.quickAdd ? h(QuickAdd, { key: `${ui.quickAdd.request.screen.x},${ui.quickAdd.request.screen.y}`, request: ui.quickAdd.request, stage: canvas?.view.viewport ?? { width: 800, height: 600 }, onClose: ui.quickAdd.finish }) : null,
          ]),
          layout.properties.open
            ? drawProperties()
            : rail("properties", "chevron_left", hint("Show properties", "panels.properties", actions), () => toggle("properties")),
          drawResults(),
          ui.choice ? h("div", { class: "ed-pick-place" }, [h(PickBox, { ...ui.choice, onClose: closeChoice })]) : null,
          ui.moduleHelp ? h(ModuleHelp, { class: layout.properties.open ? "" : "ed-help-beside", spec: ui.moduleHelp, onClose: closeHelp }) : null,
          ui.publishing ? h(PublishSheet, { key: ui.publishing, name: ui.publishing, onClose: () => (ui.publishing = "") }) : null,
          ui.isNaming ? h(NameVersionSheet, { onClose: () => (ui.isNaming = false) }) : null,
          ui.help ? h(ShortcutsSheet, { onClose: () => (ui.help = false) }) : null,
          h(ToastList, { store: toasts }),
          root.value ? h(TooltipLayer, { root: root.value }) : null,
        ],
      );

    function drawLeft() {
      return h("div", { class: "ed-area-palette" }, [
        h(LeftPanel, { ref: left, onAdd: addModule, onChoose: chooseForRow, onBehind: addBehind, onLeave: () => canvas?.focus(), onCollapse: () => (layout.palette.open = false) }),
        h(ResizeHandle, {
          label: "Width of the left panel",
          size: layout.palette.size,
          direction: 1,
          onResize: (/** @type {number} */ size) => resize("palette", size),
          onReset: () => resize("palette", 232),
        }),
      ]);
    }

    function drawProperties() {
      return h("div", { class: "ed-area-properties", onKeydownCapture: leaveProperties }, [
        h(ResizeHandle, {
          label: "Width of the properties",
          size: layout.properties.size,
          direction: -1,
          onResize: (/** @type {number} */ size) => resize("properties", size),
          onReset: () => resize("properties", 320),
        }),
        h(Properties, { onCollapse: () => toggle("properties") }),
      ]);
    }

    function drawResults() {
      return h("div", { class: "ed-area-results" }, [
        layout.results.open
          ? h(ResizeHandle, {
              label: "Height of the results",
              vertical: true,
              size: layout.results.size,
              direction: -1,
              onResize: (/** @type {number} */ size) => resize("results", size),
              onReset: () => resize("results", 320),
            })
          : null,
        h(ResultsPanel, { open: layout.results.open, onToggle: () => toggle("results"), onTall: toggleTall, onSaid: (/** @type {string} */ words) => canvas?.view.announcer.say(words) }),
      ]);
    }
  },
});

/**
 * @param {import("./panels/panel_layout.js").PanelLayout} layout
 * @param {boolean} hasLeft
 */
function gridStyle(layout, hasLeft) {
  const results = layout.results.open
    ? layout.tall
      ? `${TALL_SHARE * 100}vh`
      : `min(${layout.results.size}px, 100vh - 180px)`
    : "33px";
  const room = (/** @type {{open: boolean, size: number}} */ { open, size }) => (open && !layout.isNarrow ? `${size}px` : "36px");
  return {
    "--palette": !hasLeft ? "0px" : room(layout.palette),
    "--properties": room(layout.properties),
    "--palette-over": `${layout.palette.size}px`,
    "--properties-over": `${layout.properties.size}px`,
    "--results": results,
  };
}

/**
 * What stays of a panel that is put away.
 *
 * @param {string} area
 * @param {string} name
 * @param {string} label
 * @param {() => void} open
 */
function rail(area, name, label, open) {
  return h("div", { class: `ed-rail ed-area-${area}` }, [iconButton(name, label, { onClick: open })]);
}
