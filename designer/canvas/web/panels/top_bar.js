// The editor's top bar: where we are, whether it is saved, undo, run, theme, help.

import { computed, defineComponent, h } from "vue";
import { icon, iconButton } from "./atoms.js";
import { hint, useEditor } from "./editor_context.js";
import { InlineName } from "./inline_name.js";
import { PeopleHere } from "./people_here.js";
import { RunControl } from "./run_control.js";
import { RunState } from "./run_state.js";
import { isDark, toggleTheme, useTheme } from "./theme.js";

const PLACES = [
  { title: "Pipelines", href: "/pipelines", icon: "account_tree" },
  { title: "Runs", href: "/runs", icon: "history" },
  { title: "Library", href: "/library", icon: "widgets" },
  { title: "Targets", href: "/targets", icon: "dns" },
  { title: "Environments", href: "/environments", icon: "inventory_2" },
  { title: "Settings", href: "/settings", icon: "settings" },
];

export const TopBar = defineComponent({
  name: "TopBar",
  setup() {
    const { session, state, ui, actions } = useEditor();
    const theme = useTheme();
    const saved = computed(() => savedState(state.connection));

    return () =>
      h("header", { class: "ed-top" }, [
        h(
          "a",
          {
            class: "ed-logo",
            href: "/pipelines",
            "aria-label": "Designer, all pipelines",
            "data-tip": "All pipelines",
          },
          [logo()],
        ),
        h(
          "nav",
          { class: "ed-nav", "aria-label": "Designer" },
          PLACES.map((place) =>
            h(
              "a",
              {
                href: place.href,
                "aria-label": place.title,
                class: { "ed-nav-here": place.href === "/pipelines" },
                "data-tip": place.title,
              },
              [icon(place.icon), h("span", place.title)],
            ),
          ),
        ),
        h("span", { class: "ed-divider" }),
        h(InlineName, {
          value: state.document.name ?? "",
          placeholder: "Untitled pipeline",
          label: "Pipeline name",
          readOnly: session.readOnly,
          onCommit: (/** @type {string} */ name) => renamePipeline(session, name),
        }),
        session.readOnly
          ? h(
              "span",
              { class: "ed-badge", "data-tip": "A past run as it was; nothing here can be changed." },
              "read only",
            )
          : h("span", { class: `ed-saved ed-saved-${saved.value.kind}`, role: "status", "data-tip": saved.value.tip }, [
              icon(saved.value.icon),
              h("span", saved.value.text),
            ]),
        h(PeopleHere),
        h("span", { class: "ed-spacer" }),
        session.readOnly
          ? null
          : h("div", { class: "ed-group" }, [
              iconButton("undo", hint("Undo", "draw.undo", actions), { disabled: !state.canUndo, onClick: () => session.undo() }),
              iconButton("redo", hint("Redo", "draw.redo", actions), { disabled: !state.canRedo, onClick: () => session.redo() }),
            ]),
        h(RunState),
        session.readOnly
          ? h("a", { class: "ed-button ed-button-plain", href: `/pipelines/${session.pipelineId}` }, [
              icon("edit"),
              h("span", "Open the pipeline"),
            ])
          : h(RunControl),
        h("div", { class: "ed-group" }, [
          iconButton(
            isDark(theme.value) ? "light_mode" : "dark_mode",
            isDark(theme.value) ? "Light theme" : "Dark theme",
            { onClick: toggleTheme },
          ),
          iconButton("help_outline", hint("Keys and gestures", "panels.keys", actions), { onClick: () => (ui.help = !ui.help) }),
        ]),
      ]);
  },
});

/**
 * @param {import("../session.js").EditorSession} session
 * @param {string} name
 */
function renamePipeline(session, name) {
  const before = session.document.name;
  /** @type {any} */
  const change = { path: ["name"], after: name };
  if (before !== undefined) change.before = before;
  session.edit("Rename pipeline", [change]);
}

/**
 * @param {{state: string, waiting: number}} connection
 * @returns {{kind: string, icon: string, text: string, tip: string}}
 */
export function savedState({ state, waiting }) {
  const edits = waiting === 1 ? "1 edit waiting" : `${waiting} edits waiting`;
  if (state === "offline") {
    const text = waiting ? `Offline · ${edits}` : "Offline";
    return {
      kind: "offline",
      icon: "cloud_off",
      text,
      tip: "Go on working: edits are kept in this browser and sent when the server is back.",
    };
  }
  if (waiting) return { kind: "saving", icon: "sync", text: "Saving", tip: `${edits} for the server's word` };
  return { kind: "saved", icon: "cloud_done", text: "Saved", tip: "Every edit is on disk." };
}

function logo() {
  return h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [
    h("path", { d: "M7 7.5h5.5a4.5 4.5 0 0 1 0 9H7", fill: "none", stroke: "currentColor", "stroke-width": 2 }),
    h("circle", { cx: 5.5, cy: 7.5, r: 2.6, fill: "currentColor" }),
    h("circle", { cx: 5.5, cy: 16.5, r: 2.6, fill: "currentColor" }),
    h("circle", { cx: 17.5, cy: 12, r: 2.6, fill: "var(--surface)", stroke: "currentColor", "stroke-width": 2 }),
  ]);
}
