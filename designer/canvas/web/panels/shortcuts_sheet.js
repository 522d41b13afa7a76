// The sheet of keys and gestures, opened by `?`.

import { defineComponent, h, nextTick, onMounted, ref } from "vue";
import { iconButton, keys } from "./atoms.js";

/** @type {{title: string, rows: [string[], string][]}[]} */
const GROUPS = [
  {
    title: "Draw",
    rows: [
      [["/"], "Search the modules"],
      [["Enter"], "Edit the selected node"],
      [["F2"], "Rename the selected node"],
      [["Ctrl+D"], "Duplicate"],
      [["Delete"], "Delete"],
      [["Ctrl+Delete"], "Delete and reconnect the neighbours"],
      [["Ctrl+M"], "Disable, enable"],
      [["Ctrl+C", "Ctrl+V"], "Copy, paste"],
      [["Ctrl+Z", "Ctrl+Y"], "Undo, redo"],
    ],
  },
  {
    title: "Select and move",
    rows: [
      [["Drag"], "Select by a box"],
      [["Shift+Click"], "Add to the selection"],
      [["Ctrl+A"], "Select all"],
      [["←", "→", "↑", "↓"], "Walk the graph"],
      [["Ctrl+←"], "Move the selected nodes"],
      [["Esc"], "Step back"],
    ],
  },
  {
    title: "Look around",
    rows: [
      [["Space+Drag"], "Pan; so does the middle button"],
      [["Ctrl+Wheel"], "Zoom at the pointer; so does a pinch"],
      [["F"], "Fit the selection"],
      [["Shift+F"], "Fit everything"],
      [["0"], "Zoom to 100 %"],
    ],
  },
  {
    title: "Run",
    rows: [
      [["Ctrl+Enter"], "Run all"],
      [["Shift+Enter"], "Run to the selection"],
      [["Alt+Enter"], "Run from the selection"],
      [["Ctrl+."], "Stop"],
    ],
  },
  {
    title: "Panels",
    rows: [
      [["1"], "Modules"],
      [["2"], "Properties"],
      [["3"], "Results"],
      [["?"], "This sheet"],
    ],
  },
];

/** Emits `close`. */
export const ShortcutsSheet = defineComponent({
  name: "ShortcutsSheet",
  emits: ["close"],
  setup(_props, { emit }) {
    /** @type {import("vue").Ref<HTMLDialogElement | null>} */
    const dialog = ref(null);
    onMounted(() => nextTick(() => dialog.value?.showModal()));

    return () =>
      h(
        "dialog",
        {
          ref: dialog,
          class: "ed-sheet",
          "aria-label": "Keys and gestures",
          onClose: () => emit("close"),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
          onClick: (/** @type {MouseEvent} */ event) => event.target === dialog.value && dialog.value?.close(),
        },
        [
          h("div", { class: "ed-sheet-head" }, [
            h("h2", "Keys and gestures"),
            iconButton("close", "Close (Esc)", { onClick: () => dialog.value?.close() }),
          ]),
          h(
            "div",
            { class: "ed-sheet-groups" },
            GROUPS.map((group) =>
              h("section", [
                h("h3", group.title),
                h(
                  "dl",
                  group.rows.map(([chords, text]) => h("div", [h("dt", chords.map(keys)), h("dd", text)])),
                ),
              ]),
            ),
          ),
        ],
      );
  },
});
