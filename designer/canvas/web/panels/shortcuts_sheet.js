// The sheet of keys and gestures, opened by `?`: every key can be changed here.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref } from "vue";
import { chordOf, keysText } from "../actions/chords.js";
import { button, icon, iconButton, keys } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { GESTURES } from "./gesture_list.js";

/**
 * @import {Action} from "../actions/registry.js"
 */

const GROUPS = /** @type {const} */ (["Draw", "Subgraphs", "Arrange", "Select", "Look around", "Run", "Panels"]);
/** A second chord must follow within this time to make a sequence. */
const SEQUENCE_MS = 900;

/** Emits `close`. */
export const ShortcutsSheet = defineComponent({
  name: "ShortcutsSheet",
  emits: ["close"],
  setup(_props, { emit }) {
    const { actions, session, act } = useEditor();
    /** @type {import("vue").Ref<HTMLDialogElement | null>} */
    const dialog = ref(null);
    const query = ref("");
    const tick = ref(0);
    /** The action whose keys are being pressed, and what has been pressed. */
    const recording = ref("");
    const pressed = ref("");
    let timer = 0;

    const shown = computed(() => {
      void tick.value;
      const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      const all = actions.list().filter((action) => !action.isHidden);
      return all.filter((action) => words.every((word) => sayable(action).includes(word)));
    });

    /** @param {Action} action */
    const sayable = (action) => `${action.title} ${action.group} ${actions.keysOf(action.id).map(keysText).join(" ")}`.toLowerCase();

    const changed = () => (tick.value += 1);
    onMounted(() => {
      actions.addEventListener("keys", changed);
      void nextTick(() => dialog.value?.showModal());
    });
    onBeforeUnmount(() => {
      clearTimeout(timer);
      actions.removeEventListener("keys", changed);
    });

    /** @param {string} id */
    function record(id) {
      recording.value = id;
      pressed.value = "";
    }

    function finish() {
      clearTimeout(timer);
      if (recording.value && pressed.value) actions.rebind(recording.value, [pressed.value]);
      recording.value = "";
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      event.stopPropagation();
      if (!recording.value) return;
      event.preventDefault();
      const chord = chordOf(event);
      if (chord === "Escape") recording.value = "";
      else if (chord === "Backspace" && !pressed.value) {
        actions.rebind(recording.value, []);
        recording.value = "";
      } else if (chord) {
        pressed.value = pressed.value ? `${pressed.value} ${chord}` : chord;
        clearTimeout(timer);
        if (pressed.value.includes(" ")) finish();
        else timer = window.setTimeout(finish, SEQUENCE_MS);
      }
    }

    /** @param {Action} action */
    function drawKeys(action) {
      if (action.browserKeys) return h("span", { class: "ed-chords ed-rebind" }, action.browserKeys.map(keys));
      if (recording.value === action.id)
        return h("span", { class: "ed-recording", role: "status", tabindex: -1, ref: focus }, pressed.value ? `${keysText(pressed.value)} …` : "Press the keys");
      const own = actions.keysOf(action.id);
      const isOwn = Object.hasOwn(actions.own, action.id);
      const rivals = own.flatMap((item) => actions.rivals(action.id, item));
      return [
        rivals.length
          ? h("span", { class: "ed-severity ed-severity-warning", "data-tip": `Also: ${rivals.map(({ title }) => title).join(", ")}`, role: "img", "aria-label": `Also used by ${rivals.map(({ title }) => title).join(", ")}` }, [icon("warning")])
          : null,
        isOwn ? iconButton("undo", "Back to the default keys", { onClick: () => actions.rebind(action.id, null) }) : null,
        h(
          "button",
          { type: "button", class: ["ed-rebind", { "ed-rebind-own": isOwn }], "aria-label": `Keys of ${action.title}: ${own.map(keysText).join(" or ") || "none"}. Change.`, onClick: () => record(action.id) },
          own.length ? own.map((item) => h("span", { class: "ed-chords" }, item.split(" ").map(keys))) : h("span", { class: "ed-muted" }, "none"),
        ),
      ];
    }

    return () =>
      h(
        "dialog",
        {
          ref: dialog,
          class: "ed-sheet",
          "aria-label": "Keys and gestures",
          onClose: () => emit("close"),
          onKeydown,
          onClick: (/** @type {MouseEvent} */ event) => event.target === dialog.value && dialog.value?.close(),
          onCancel: (/** @type {Event} */ event) => recording.value && event.preventDefault(),
        },
        [
          h("div", { class: "ed-sheet-head" }, [
            h("h2", "Keys and gestures"),
            h("label", { class: "ed-search" }, [
              icon("search"),
              h("input", {
                type: "search", placeholder: "Search actions and keys", "aria-label": "Search actions and keys", value: query.value,
                onInput: (/** @type {Event} */ event) => (query.value = /** @type {HTMLInputElement} */ (event.target).value),
              }),
            ]),
            h("span", { class: "ed-spacer" }),
            button("Take the tour", { kind: "quiet", icon: "explore", onClick: () => act("help.tour") }),
            Object.keys(actions.own).length ? button("Reset all keys", { kind: "quiet", icon: "restart_alt", onClick: () => actions.resetKeys() }) : null,
            iconButton("close", "Close (Esc)", { onClick: () => dialog.value?.close() }),
          ]),
          session.readOnly ? null : h("p", { class: "ed-sheet-note" }, "Click on keys to change them: press one chord, or two in a row. Esc leaves them as they are, Backspace takes them away."),
          h("div", { class: "ed-sheet-groups" }, [
            ...GROUPS.map((group) => drawGroup(group, shown.value.filter((action) => action.group === group), drawKeys)),
            query.value ? null : h("section", { key: "gestures" }, [h("h3", "Mouse and touch"), h("dl", GESTURES.map(([gesture, text]) => h("div", [h("dt", text), h("dd", { class: "ed-gesture" }, gesture)])))]),
            shown.value.length === 0 ? h("p", { class: "ed-muted" }, `No action matches “${query.value}”.`) : null,
          ]),
        ],
      );
  },
});

/** Keys are heard where the focus is. @param {any} element */
function focus(element) {
  element?.focus();
}

/**
 * @param {string} title
 * @param {Action[]} items
 * @param {(action: Action) => any} drawKeys
 */
function drawGroup(title, items, drawKeys) {
  if (items.length === 0) return null;
  return h("section", { key: title }, [
    h("h3", title),
    h("dl", items.map((action) => h("div", { key: action.id }, [h("dt", action.title), h("dd", drawKeys(action))]))),
  ]);
}
