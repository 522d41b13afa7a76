// Properties of a frame or a note: what it says, its colour, and for a frame where the nodes in it run.

import { computed, defineComponent, h, ref, watch } from "vue";
import { FRAME_COLOURS, insideFrame, markOf, parseMark, setMark } from "../document/annotations.js";
import { button, icon } from "./atoms.js";
import { TargetControl } from "./controls/target_control.js";
import { useEditor } from "./editor_context.js";

/**
 * @import {Change} from "../types.js"
 */

/** Props: `mark`, its key in a selection. */
export const MarkProperties = defineComponent({
  name: "MarkProperties",
  props: { mark: { type: String, required: true } },
  setup(props) {
    const { session, state } = useEditor();
    const at = computed(() => parseMark(props.mark));
    const isFrame = computed(() => at.value.kind === "frames");
    const held = computed(() => /** @type {any} */ (markOf(state.document.layout, props.mark)) ?? {});
    const inside = computed(() => (isFrame.value ? insideFrame(state.document, at.value.id).nodes : []));

    /** @param {string} label @param {object} fields */
    function set(label, fields) {
      const after = Object.fromEntries(Object.entries({ ...held.value, ...fields }).filter(([, value]) => value !== undefined));
      session.edit(label, [setMark(session.document, at.value.kind, at.value.id, /** @type {any} */ (after))]);
    }

    /** @param {string} target */
    function runOn(target) {
      /** @type {Change[]} */
      const changes = inside.value.map((id) => (target ? { path: ["nodes", id, "run", "target"], after: target } : { path: ["nodes", id, "run", "target"] }));
      session.edit(target ? `Run ${inside.value.length} nodes on ${target}` : "Run on the default target", changes);
    }

    return () =>
      h("div", { class: "ed-node-properties" }, [
        h("div", { class: "ed-section-body ed-first" }, [
          isFrame.value
            ? h(TextField, { label: "Title", value: held.value.title ?? "", onCommit: (/** @type {string} */ title) => set("Rename frame", { title: title.trim() || undefined }) })
            : h(TextField, { label: "Text", value: held.value.text ?? "", isLong: true, hint: "Markdown: **strong**, *emphasis*, - lists, # headings, links.", onCommit: (/** @type {string} */ text) => set("Write note", { text }) }),
          drawColours(),
          isFrame.value ? drawInside() : null,
        ]),
      ]);

    function drawColours() {
      const chosen = held.value.colour ?? (isFrame.value ? "blue" : "amber");
      return h("div", { class: "ed-field" }, [
        h("div", { class: "ed-field-head" }, [h("span", "Colour")]),
        h("div", { class: "ed-swatches", role: "radiogroup", "aria-label": "Colour" },
          FRAME_COLOURS.map((name) =>
            h("button", {
              key: name, type: "button", role: "radio", class: "ed-swatch", "aria-checked": String(name === chosen), "aria-label": name, "data-tip": name, disabled: session.readOnly,
              style: { "--mark": `var(--mark-${name})` }, onClick: () => set("Colour", { colour: name }),
            }, name === chosen ? [icon("check")] : []))),
      ]);
    }

    function drawInside() {
      const ids = inside.value;
      const targets = [...new Set(ids.map((id) => state.document.nodes[id]?.run?.target ?? ""))];
      const label = "Compute target of the nodes in it";
      return [
        h("p", { class: "ed-hint" }, ids.length === 1 ? "One node lies in it." : `${ids.length} nodes lie in it. Drag nodes in and out; the frame takes them along when it moves.`),
        ids.length
          ? h("div", { class: "ed-field" }, [
              h("label", { class: "ed-field-head", for: "frame-target" }, [h("span", label)]),
              h(TargetControl, { id: "frame-target", label, values: targets, disabled: session.readOnly, onCommit: runOn }),
              h("p", { class: "ed-hint" }, "Sets it on each of them."),
            ])
          : null,
        ids.length ? button("Select them", { icon: "select_all", onClick: () => session.select(ids) }) : null,
      ];
    }
  },
});

/** Props: `label`, `value`, `hint`, `isLong`. Emits `commit`. */
const TextField = defineComponent({
  name: "MarkTextField",
  props: { label: { type: String, required: true }, value: { type: String, default: "" }, hint: { type: String, default: "" }, isLong: Boolean },
  emits: ["commit"],
  setup(props, { emit }) {
    const { session } = useEditor();
    const text = ref(props.value);
    watch(() => props.value, (value) => (text.value = value));
    return () =>
      h("div", { class: "ed-field" }, [
        h("label", { class: "ed-field-head" }, [
          h("span", props.label),
        ]),
        h(props.isLong ? "textarea" : "input", {
          class: "ed-input", "aria-label": props.label, rows: props.isLong ? 8 : undefined, value: text.value, disabled: session.readOnly,
          onInput: (/** @type {any} */ event) => (text.value = event.target.value),
          onChange: () => text.value !== props.value && emit("commit", text.value),
          onKeydown: (/** @type {KeyboardEvent} */ event) => {
            event.stopPropagation();
            if (event.key === "Enter" && !props.isLong) /** @type {HTMLElement} */ (event.target).blur();
          },
        }),
        props.hint ? h("p", { class: "ed-hint" }, props.hint) : null,
      ]);
  },
});
