// Code: highlighted by the bundled editor, in the panel or in a large window; a plain text field until it has loaded.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowRef, watch } from "vue";
import { button, iconButton } from "../atoms.js";
import { useEditor } from "../editor_context.js";
import { currentTheme, watchTheme } from "../theme.js";
import { completeColumns } from "./column_completion.js";

/**
 * @import {Field} from "../form_model.js"
 * @import {NamedTable} from "./column_completion.js"
 */

const EDITOR_MODULE = "nicegui-codemirror";

/** Props: `field`, `id`, `disabled`, `nodeId`, `reveal` ({line, isLarge, tick}: go there now). Emits `commit` with the text when the field is left. */
export const CodeControl = defineComponent({
  name: "CodeControl",
  props: {
    field: { type: Object, required: true },
    id: { type: String, required: true },
    disabled: Boolean,
    nodeId: { type: String, required: true },
    reveal: { type: Object, default: null },
  },
  emits: ["commit"],
  setup(props, { emit }) {
    const { session } = useEditor();
    const large = ref(false);
    /** @type {import("vue").Ref<HTMLDialogElement | null>} */
    const dialog = ref(null);
    const field = computed(() => /** @type {Field} */ (props.field));
    const text = computed(() => String(field.value.value ?? ""));

    async function enlarge() {
      large.value = true;
      await nextTick();
      dialog.value?.showModal();
    }

    watch(
      () => props.reveal?.tick,
      () => props.reveal?.isLarge && !large.value && enlarge(),
      { immediate: true },
    );

    /** @param {string} value */
    const commit = (value) => value !== text.value && emit("commit", value);
    const editor = () =>
      h(CodeEditor, {
        id: props.id,
        text: text.value,
        language: field.value.spec.language ?? "",
        label: field.value.title,
        disabled: props.disabled,
        tables: () => tablesInto(session, props.nodeId),
        reveal: props.reveal,
        onCommit: commit,
      });

    return () =>
      h("div", { class: "ed-code" }, [
        large.value ? h("p", { class: "ed-hint" }, "Open in the large window") : editor(),
        h("div", { class: "ed-code-bar" }, [
          h(
            "span",
            { class: "ed-hint" },
            field.value.spec.language === "sql" ? "SQL" : field.value.spec.language === "python" ? "Python" : "Code",
          ),
          button("Enlarge", { kind: "quiet", icon: "open_in_full", onClick: enlarge }),
        ]),
        large.value
          ? h(
              "dialog",
              {
                ref: dialog,
                class: "ed-sheet ed-code-sheet",
                "aria-label": field.value.title,
                onClose: () => (large.value = false),
                onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
              },
              [
                h("div", { class: "ed-sheet-head" }, [
                  h("h2", field.value.title),
                  iconButton("close", "Close (Esc)", { onClick: () => dialog.value?.close() }),
                ]),
                editor(),
              ],
            )
          : null,
      ]);
  },
});

/**
 * The tables that a node's program gets, as far as their columns are known.
 *
 * @param {import("../../session.js").EditorSession} session
 * @param {string} nodeId
 * @returns {NamedTable[]}
 */
function tablesInto(session, nodeId) {
  return session.modules.portsOf(session.document, nodeId).inputs.flatMap(({ name }) => {
    const schema = session.wires.schemaInto(nodeId, name);
    return schema?.type === "Table" ? [{ name, columns: schema.columns ?? [] }] : [];
  });
}

/** Props: `text`, `language`, `label`, `disabled`, `tables`, `reveal`. Emits `commit` when focus leaves with another text. */
const CodeEditor = defineComponent({
  name: "CodeEditor",
  props: {
    id: String,
    text: { type: String, required: true },
    language: { type: String, required: true },
    label: { type: String, required: true },
    disabled: Boolean,
    tables: { type: Function, required: true },
    reveal: { type: Object, default: null },
  },
  emits: ["commit"],
  setup(props, { emit }) {
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const host = ref(null);
    /** @type {import("vue").ShallowRef<any>} */
    const view = shallowRef(null);
    /** @type {(line: number) => void} */
    let goTo = () => {};
    let gone = false;
    let stopFollowing = () => {};

    onMounted(async () => {
      const library = await import(/* @vite-ignore */ EDITOR_MODULE).catch(() => null);
      if (!library || gone || !host.value) return;
      const opened = await openEditor(library, host.value, props, (value) => emit("commit", value));
      goTo = opened.goTo;
      view.value = opened.view;
      stopFollowing = opened.stop;
    });
    watch(
      () => props.text,
      (text) => {
        const editor = view.value;
        if (editor && editor.state.doc.toString() !== text)
          editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
      },
    );
    watch(
      [() => props.reveal?.tick, view],
      () => {
        if (view.value && props.reveal?.line) goTo(props.reveal.line);
      },
      { flush: "post" },
    );
    onBeforeUnmount(() => {
      gone = true;
      stopFollowing();
      const editor = view.value;
      if (!editor) return;
      const text = editor.state.doc.toString();
      editor.destroy();
      if (!props.disabled && text !== props.text) emit("commit", text);
    });

    return () =>
      h("div", { class: "ed-code-editor" }, [
        h("div", { ref: host }),
        view.value
          ? null
          : h("textarea", {
              id: props.id,
              class: "ed-input ed-mono",
              rows: 8,
              value: props.text,
              disabled: props.disabled,
              "aria-label": props.label,
              spellcheck: false,
              onChange: (/** @type {Event} */ event) =>
                emit("commit", /** @type {HTMLTextAreaElement} */ (event.target).value),
              onKeydown: insertTab,
            }),
      ]);
  },
});

/**
 * @param {any} library
 * @param {HTMLElement} parent
 * @param {{text: string, language: string, label: string, disabled: boolean, tables: Function}} options
 * @param {(text: string) => void} commit
 */
async function openEditor(library, parent, { text, language, label, disabled, tables }, commit) {
  const {
    Compartment,
    EditorView,
    EditorState,
    basicSetup,
    keymap,
    indentWithTab,
    languages,
    oneDarkHighlightStyle,
    syntaxHighlighting,
  } = library;
  const wanted = languages?.find((/** @type {any} */ item) => item.name.toLowerCase() === language);
  const support = await wanted?.load().catch(() => null);
  const completing = [{ autocomplete: (/** @type {any} */ context) => completeColumns(language, tables(), context) }];
  const colours = new Compartment();
  const coloursOf = () => (currentTheme() === "dark" ? syntaxHighlighting(oneDarkHighlightStyle) : []);
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      basicSetup,
      keymap.of([indentWithTab]),
      colours.of(coloursOf()),
      EditorState.readOnly.of(disabled),
      EditorState.languageData.of(() => completing),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.domEventHandlers({
        blur: (/** @type {FocusEvent} */ _event, /** @type {any} */ view) => commit(view.state.doc.toString()),
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") event.stopPropagation();
          return false;
        },
      }),
      ...(support ? [support] : []),
    ],
  });
  const stop = watchTheme(() => view.dispatch({ effects: colours.reconfigure(coloursOf()) }));
  const goTo = (/** @type {number} */ number) => {
    const { from, to } = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
    view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  };
  return { view, stop, goTo };
}

/** @param {KeyboardEvent} event */
function insertTab(event) {
  event.stopPropagation();
  if (event.key !== "Tab" || event.shiftKey) return;
  event.preventDefault();
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  area.setRangeText("    ", area.selectionStart, area.selectionEnd, "end");
}
