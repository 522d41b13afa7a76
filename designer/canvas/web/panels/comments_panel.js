// The threads of comments of the pipeline: which are open, where they are, and the one that is read or begun.

import { keysText } from "../actions/chords.js";
import { computed, defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { isOpen, lastAt, subjectKey } from "../document/comment_threads.js";
import { failedView, waitingView } from "../results/loading.js";
import { button, emptyState } from "./atoms.js";
import { CommentField } from "./comment_field.js";
import { threadRow } from "./comment_row.js";
import { CommentThreadView } from "./comment_thread.js";
import { hint, useEditor } from "./editor_context.js";

/**
 * @import {CommentThread} from "../document/comment_threads.js"
 * @import {Subject} from "../working_together.js"
 */

const EVERYWHERE = "everywhere";
/** @type {Subject} */
const PIPELINE = { scope: "", node: "" };

/** Emits `said` with what is announced. */
export const CommentsPanel = defineComponent({
  name: "CommentsPanel",
  emits: ["said"],
  setup(_props, { emit }) {
    const { session, state, ui, actions } = useEditor();
    const { comments, together } = session;
    const threads = computed(() => (void state.commentTick, comments.threads));
    const isShowingResolved = ref(false);
    const place = ref(EVERYWHERE);
    /** What is read or begun. */
    const opened = ref("");
    /** @type {import("vue").Ref<Subject | null>} */
    const begun = ref(null);
    const newFocus = ref(0);
    const replyFocus = ref(0);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);

    /** The place of a thread, as it is now. @param {CommentThread} thread */
    const keyOf = (thread) => subjectKey(comments.whereNow(thread) ?? thread);
    const inPlace = computed(() => (void state.document, threads.value.filter((thread) => place.value === EVERYWHERE || keyOf(thread) === place.value)));
    const counts = computed(() => ({ open: inPlace.value.filter(isOpen).length, resolved: inPlace.value.filter((thread) => !isOpen(thread)).length }));
    const shown = computed(() => inPlace.value.filter((thread) => isOpen(thread) !== isShowingResolved.value).sort((a, b) => lastAt(b) - lastAt(a)));
    const current = computed(() => threads.value.find(({ id }) => id === opened.value) ?? null);

    /** Something outside asks for a thread, a place or a new comment. */
    function obey() {
      const { thread, subject, place: asked, isKeyboard } = ui.commenting;
      // Asked once: the panel that is opened again begins nothing anew.
      Object.assign(ui.commenting, { thread: "", subject: null, place: "", isKeyboard: false });
      replyFocus.value = 0;
      if (asked) place.value = asked;
      const wanted = thread ? comments.thread(thread) : undefined;
      if (wanted) {
        isShowingResolved.value = !isOpen(wanted);
        if (place.value !== EVERYWHERE && place.value !== keyOf(wanted)) place.value = EVERYWHERE;
        opened.value = wanted.id;
      }
      begun.value = wanted ? null : subject;
      if (subject) newFocus.value += 1;
      else if (isKeyboard) focusList();
    }
    onMounted(obey);
    watch(() => ui.commenting, obey);

    /** Where a new comment goes: the only selected node, or the pipeline. @returns {Subject} */
    function subjectNow() {
      const [only, ...more] = state.selection.nodes;
      return (more.length === 0 && only && together.subjectOf(only)) || PIPELINE;
    }

    function begin() {
      begun.value = subjectNow();
      newFocus.value += 1;
    }

    /** By the keyboard the answer has the focus then. @param {CommentThread} thread @param {MouseEvent} event */
    function open(thread, { detail }) {
      begun.value = null;
      replyFocus.value = detail === 0 ? replyFocus.value + 1 : 0;
      opened.value = thread.id;
      show(thread);
    }

    /** @param {Subject} subject */
    function show(subject) {
      const now = comments.whereNow(subject);
      if (now) together.show(now);
    }

    /** Esc leaves a text where it is. */
    function focusList() {
      void nextTick(() => {
        const list = root.value?.querySelector(".ed-threads");
        const row = list?.querySelector("[aria-current=true]") ?? list?.querySelector("button") ?? root.value?.querySelector(".ed-comments-new, .ed-empty button");
        if (row instanceof HTMLElement) row.focus();
      });
    }

    /** @param {CommentThread} thread */
    function started(thread) {
      begun.value = null;
      replyFocus.value = 0;
      isShowingResolved.value = false;
      if (place.value !== EVERYWHERE) place.value = subjectKey(thread);
      opened.value = thread.id;
      emit("said", "Comment sent.");
      focusList();
    }

    /** @param {KeyboardEvent} event */
    function walk(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const rows = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
      const at = rows.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
      event.preventDefault();
      event.stopPropagation();
    }

    return () => {
      if (!comments.isKnown && state.commentTick >= 0) return comments.failure ? failedView(comments.failure, () => comments.load()) : waitingView("Reading the comments");
      if (threads.value.length === 0 && !begun.value) return drawFirst();
      return h("div", { ref: root, class: "ed-comments" }, [
        h("div", { class: "ed-comments-side" }, [
          h("div", { class: "ed-comments-filter" }, [drawStates(), drawPlaces()]),
          shown.value.length ? h("ul", { class: "ed-threads", "aria-label": isShowingResolved.value ? "Resolved threads" : "Open threads", onKeydown: walk }, shown.value.map(drawRow)) : drawNone(),
          h("div", { class: "ed-comments-add" }, [button(`Comment on ${wordsOf(subjectNow())}`, { icon: "add_comment", class: "ed-comments-new", onClick: begin, "data-tip": hint("Write a comment", "together.comment", actions) })]),
        ]),
        h("div", { class: "ed-comments-main" }, [drawMain()]),
      ]);
    };

    function drawMain() {
      const subject = begun.value;
      if (subject) return drawNew(subject);
      const thread = current.value;
      if (!thread) return emptyState("forum", "Choose a thread", "It opens here, and the canvas shows its node.");
      return h(CommentThreadView, {
        key: thread.id, thread, focus: replyFocus.value,
        onLeave: focusList, onShow: () => show(thread), onSaid: (/** @type {string} */ words) => emit("said", words),
      });
    }

    /** @param {Subject} subject */
    function drawNew(subject) {
      const { title, inside } = comments.placeOf(subject);
      const words = wordsOf(subject);
      return h("section", { class: "ed-thread", "aria-label": "New comment" }, [
        h("header", { class: "ed-thread-head" }, [
          h("span", { class: "ed-hint" }, "New comment on"),
          subject.node ? h("button", { type: "button", class: "ed-thread-place", "data-tip": "Show the node", onClick: () => show(subject) }, title) : h("span", { class: "ed-thread-place" }, "the pipeline"),
          inside ? h("span", { class: "ed-hint" }, `inside ${inside}`) : null,
        ]),
        h("div", { class: "ed-thread-scroll" }, [
          h(CommentField, {
            key: subjectKey(subject), draft: `new ${subjectKey(subject)}`, label: `Comment on ${words}`, placeholder: "A question, a reason, something to check. **Strong**, - lists and `code` work.",
            action: "Comment", canCancel: true, focus: newFocus.value,
            send: (/** @type {string} */ text) => comments.start(subject, text),
            onSent: started, onLeave: focusList, onCancel: () => ((begun.value = null), focusList()),
          }),
        ]),
      ]);
    }

    function drawFirst() {
      return h("div", { ref: root, class: "ed-comments-first" }, [
        emptyState("forum", "No comments yet", `Select a node and press ${keysText(actions.firstKeys("together.comment")) || "Comment"} to ask or explain something right there. Others see it at once; a run does not.`, [
          button(`Comment on ${wordsOf(subjectNow())}`, { icon: "add_comment", onClick: begin }),
        ]),
      ]);
    }

    function drawStates() {
      const choice = (/** @type {boolean} */ isResolved, /** @type {string} */ label) =>
        h("button", { type: "button", role: "radio", "aria-checked": String(isShowingResolved.value === isResolved), onClick: () => (isShowingResolved.value = isResolved) }, label);
      return h("div", { class: "ed-segments", role: "radiogroup", "aria-label": "Which threads" }, [
        choice(false, `Open ${counts.value.open}`),
        choice(true, `Resolved ${counts.value.resolved}`),
      ]);
    }

    function drawPlaces() {
      /** @type {Map<string, string>} */
      const places = new Map([[EVERYWHERE, "Everywhere"], [subjectKey(PIPELINE), "The pipeline as a whole"]]);
      for (const thread of threads.value) places.set(keyOf(thread), thread.node ? placeWords(thread) : "The pipeline as a whole");
      const now = subjectNow();
      if (now.node) places.set(subjectKey(now), placeWords(now));
      if (!places.has(place.value)) places.set(place.value, placeWords(subjectOfKey(place.value)));
      return h("select", { class: "ed-input ed-select", "aria-label": "Show comments on", value: place.value, onChange: (/** @type {Event} */ event) => (place.value = /** @type {HTMLSelectElement} */ (event.target).value) },
        [...places].map(([key, words]) => h("option", { key, value: key, selected: key === place.value }, words)));
    }

    /** @param {CommentThread} thread */
    function drawRow(thread) {
      const isCurrent = !begun.value && thread.id === opened.value;
      return threadRow(thread, { comments, isCurrent, onOpen: (event) => open(thread, event) });
    }

    function drawNone() {
      const words = isShowingResolved.value ? "Nothing is resolved here." : "Nothing is open here.";
      const elsewhere = threads.value.filter((thread) => isOpen(thread) !== isShowingResolved.value).length;
      return h("p", { class: "ed-hint ed-threads-none" }, [
        words,
        place.value !== EVERYWHERE && elsewhere > 0 ? [" ", h("button", { type: "button", class: "ed-link", onClick: () => (place.value = EVERYWHERE) }, `Show all ${elsewhere}`)] : null,
      ]);
    }

    /** @param {Subject} subject */
    function wordsOf(subject) {
      return subject.node ? `'${comments.placeOf(subject).title}'` : "the pipeline";
    }

    /** @param {Subject} subject */
    function placeWords(subject) {
      const { title, inside } = comments.placeOf(subject);
      return inside ? `${title} in ${inside}` : title;
    }
  },
});

/** @param {string} key @returns {Subject} */
function subjectOfKey(key) {
  const [scope, node = ""] = key.split("\n");
  return { scope, node };
}
