// The editor: top bar, palette, canvas, properties, results; sizes, keys and what opens where.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowReactive, watch } from "vue";
import { CANVAS_ACTIONS } from "./actions/index.js";
import { PAGE_ACTIONS } from "./actions/page.js";
import { ActionRegistry, isOff } from "./actions/registry.js";
import { mountCanvas } from "./canvas_view.js";
import { portTitle } from "./document/edits.js";
import { keepCompare, readCompare } from "./document/what_changed.js";
import { linksFrom } from "./document/linking.js";
import { iconButton } from "./panels/atoms.js";
import { Breadcrumb } from "./panels/breadcrumb.js";
import { followSession, hint, listener, provideEditor } from "./panels/editor_context.js";
import { freePlace } from "./panels/free_place.js";
import { EmptyCanvas } from "./panels/empty_canvas.js";
import { actionItems, moduleItems, nodeItems, placeItems } from "./panels/command_palette.js";
import { FindBar } from "./panels/find_bar.js";
import { Palette } from "./panels/palette.js";
import { clampSize, usePanelLayout } from "./panels/panel_layout.js";
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
import { TopBar } from "./panels/top_bar.js";
import { createArtifactApi } from "./results/artifact_api.js";

/**
 * @import {EditorSession} from "./session.js"
 * @import {EditorContext} from "./panels/editor_context.js"
 * @import {PanelName} from "./panels/panel_layout.js"
 * @import {PickItem} from "./panels/pick_box.js"
 * @import {QuickAddRequest} from "./panels/quick_add.js"
 * @import {ModuleCard} from "./types.js"
 */

const TALL_SHARE = 0.72;

/** Props: `session`, a loaded EditorSession. */
export const Editor = defineComponent({
  name: "PipelineEditorShell",
  props: { session: { type: Object, required: true } },
  setup(props) {
    const session = /** @type {EditorSession} */ (props.session);
    const layout = usePanelLayout(globalThis.localStorage);
    const state = followSession(session);
    /** @type {EditorContext["ui"]} */
    const ui = shallowReactive({ opened: null, bottomTab: "results", focusField: null, help: false, quickAdd: null, choice: null, isFinding: false, publishing: "", isNaming: false, comparing: null });
    const toasts = createToasts();
    const actions = new ActionRegistry([...CANVAS_ACTIONS, ...PAGE_ACTIONS]);
    const page = {
      togglePanel: toggle,
      showProblems,
      showPlan,
      focusPalette,
      quickAdd,
      chooseLink,
      openCommands,
      openFind: () => (ui.isFinding = true),
      publishSubgraph: (/** @type {string} */ name) => (ui.publishing = name),
      toggleHelp: () => (ui.help = !ui.help),
      nameVersion: () => (ui.isNaming = true),
      toggleTheme,
    };
    provideEditor({ session, state, layout, toasts, ui, actions, act, api: createArtifactApi() });

    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const stage = ref(null);
    /** @type {import("vue").Ref<any>} */
    const palette = ref(null);
    /** @type {ReturnType<typeof mountCanvas> | null} */
    let canvas = null;
    const isEmpty = computed(() => Object.keys(state.document.nodes ?? {}).length === 0);

    onMounted(() => {
      if (!stage.value) return;
      canvas = mountCanvas(stage.value, session, actions);
      canvas.view.context.page = page;
      ui.comparing = readCompare(location.search);
      session.together.showLinked(location.search);
    });
    onBeforeUnmount(() => canvas?.destroy());

    const listen = listener(session);
    listen("open", (event) => openResult(event.detail));
    listen("scope", () => (ui.opened = null));
    listen("notice", (event) => addNotice(event.detail));

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

    function showProblems() {
      ui.bottomTab = "problems";
      layout.results.open = true;
    }

    function showPlan() {
      ui.bottomTab = "plan";
      layout.results.open = true;
    }

    /** @param {PanelName} name */
    function showPanel(name) {
      layout[name].open = true;
      keepSelectedInView();
    }

    /** @param {PanelName} name */
    function toggle(name) {
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
      void nextTick(() => palette.value?.focusSearch());
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
          canvas?.focus();
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
      canvas?.focus();
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
      canvas?.focus();
    }

    /** The inputs that an output of a node could feed. @param {string} id */
    function chooseLink(id) {
      const links = linksFrom(session.document, session.modules, id);
      const items = links.map((link) => ({
        id: `${link.source}>${link.target}.${link.input.name}`,
        title: session.titleOf(link.target),
        hint: `${portTitle(link.output)} → ${portTitle(link.input)}`,
        type: link.output.type,
        tags: [link.target, link.input.name],
        run: () => session.connect(link.source, link.target, link.input.name),
      }));
      choose({ label: `Connect ${session.titleOf(id)} to`, placeholder: `Connect ${session.titleOf(id)} to …`, none: "Nothing takes what this node gives", items });
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
        { ref: root, class: ["ed", { "ed-read-only": session.readOnly }], style: gridStyle(layout, session.readOnly) },
        [
          h(TopBar),
          session.readOnly
            ? null
            : layout.palette.open
              ? drawPalette()
              : rail("palette", "chevron_right", hint("Show modules", "panels.modules", actions), () => toggle("palette")),
          h("main", { class: "ed-stage", "aria-label": "Canvas" }, [
            h("div", { ref: stage, class: "ed-canvas" }),
            h(Breadcrumb),
            isEmpty.value && !ui.quickAdd ? h(EmptyCanvas) : null,
            ui.isFinding ? h(FindBar, { onClose: closeFind, onFound: (/** @type {string[]} */ ids) => canvas?.view.showFound(ids) }) : null,
            ui.quickAdd ? h(QuickAdd, { key: `${ui.quickAdd.request.screen.x},${ui.quickAdd.request.screen.y}`, request: ui.quickAdd.request, stage: canvas?.view.viewport ?? { width: 800, height: 600 }, onClose: ui.quickAdd.finish }) : null,
          ]),
          layout.properties.open
            ? drawProperties()
            : rail("properties", "chevron_left", hint("Show properties", "panels.properties", actions), () => toggle("properties")),
          drawResults(),
          ui.choice ? h("div", { class: "ed-pick-place" }, [h(PickBox, { ...ui.choice, onClose: closeChoice })]) : null,
          ui.publishing ? h(PublishSheet, { key: ui.publishing, name: ui.publishing, onClose: () => (ui.publishing = "") }) : null,
          ui.isNaming ? h(NameVersionSheet, { onClose: () => (ui.isNaming = false) }) : null,
          ui.help ? h(ShortcutsSheet, { onClose: () => (ui.help = false) }) : null,
          h(ToastList, { store: toasts }),
          root.value ? h(TooltipLayer, { root: root.value }) : null,
        ],
      );

    function drawPalette() {
      return h("div", { class: "ed-area-palette" }, [
        h(Palette, { ref: palette, onAdd: addModule, onCollapse: () => toggle("palette") }),
        h(ResizeHandle, {
          label: "Width of the modules",
          size: layout.palette.size,
          direction: 1,
          onResize: (/** @type {number} */ size) => resize("palette", size),
          onReset: () => resize("palette", 232),
        }),
      ]);
    }

    function drawProperties() {
      return h("div", { class: "ed-area-properties" }, [
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
        h(ResultsPanel, { open: layout.results.open, onToggle: () => toggle("results"), onTall: toggleTall }),
      ]);
    }
  },
});

/**
 * @param {import("./panels/panel_layout.js").PanelLayout} layout
 * @param {boolean} readOnly
 */
function gridStyle(layout, readOnly) {
  const results = layout.results.open
    ? layout.tall
      ? `${TALL_SHARE * 100}vh`
      : `min(${layout.results.size}px, 100vh - 180px)`
    : "33px";
  return {
    "--palette": readOnly ? "0px" : layout.palette.open ? `${layout.palette.size}px` : "36px",
    "--properties": layout.properties.open ? `${layout.properties.size}px` : "36px",
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
