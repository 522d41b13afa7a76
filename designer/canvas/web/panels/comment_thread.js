// One thread of comments: what was said, by whom, when; the answer, and what settles it.

import { defineComponent, h, ref, watch } from "vue";
import { isOpen } from "../document/comment_threads.js";
import { formatAge } from "../results/format.js";
import { button, icon, iconButton } from "./atoms.js";
import { CommentField } from "./comment_field.js";
import { useEditor } from "./editor_context.js";
import { markdownVnodes, parseMarkdown } from "./markdown.js";

/** @import {Comment, CommentThread} from "../document/comment_threads.js" */

/** Props: `thread`, `focus` (grows when the answer should have the keyboard). Emits `leave`, `show`, `said` with what is announced. */
export const CommentThreadView = defineComponent({
  name: "CommentThreadView",
  props: { thread: { type: Object, required: true }, focus: { type: Number, default: 0 } },
  emits: ["leave", "show", "said"],
  setup(props, { emit }) {
    const { session, state } = useEditor();
    const { comments } = session;
    /** The comment that is being written anew. */
    const editing = ref("");
    const editFocus = ref(0);
    watch(
      () => props.thread.id,
      () => (editing.value = ""),
    );

    /** @param {() => Promise<unknown>} ask @param {string} said */
    async function attempt(ask, said) {
      try {
        await ask();
        emit("said", said);
      } catch (/** @type {any} */ error) {
        session.notify({ kind: "error", message: error?.message || "The server did not answer.", remedy: error?.remedy || "Try again when the editor is online." });
      }
    }

    /** @param {CommentThread} thread */
    function settle(thread) {
      const isResolved = isOpen(thread);
      void attempt(() => comments.settle(thread.id, isResolved), isResolved ? "Resolved." : "Open again.");
    }

    /** What was deleted can be said again. @param {CommentThread} thread @param {Comment} comment */
    async function remove(thread, { id, text }) {
      await attempt(() => comments.remove(thread.id, id), "Comment deleted.");
      const again = () => void attempt(() => (comments.thread(thread.id) ? comments.reply(thread.id, text) : comments.start(thread, text)), "Comment written again.");
      session.notify({ kind: "info", message: "The comment is deleted.", action: { label: "Write it again", run: again } });
    }

    async function copyLink() {
      const link = comments.linkTo(/** @type {CommentThread} */ (props.thread), location.href);
      const isCopied = await navigator.clipboard.writeText(link).then(() => true, () => false);
      session.notify({ kind: "info", message: isCopied ? "The link to the comment is copied." : `The browser does not let the page copy. The link is ${link}` });
    }

    return () => {
      // What the node is called, and whether it is there, follows the document.
      void state.document;
      const thread = /** @type {CommentThread} */ (props.thread);
      const { title, inside } = comments.placeOf(thread);
      const isThere = comments.whereNow(thread) !== null;
      return h("section", { class: "ed-thread", "aria-label": `Comments on ${title}` }, [
        h("header", { class: "ed-thread-head" }, [
          thread.node && isThere
            ? h("button", { type: "button", class: "ed-thread-place", "data-tip": "Show the node", onClick: () => emit("show") }, title)
            : h("span", { class: "ed-thread-place" }, title),
          inside ? h("span", { class: "ed-hint" }, `inside ${inside}`) : null,
          isThere ? null : h("span", { class: "ed-badge" }, "deleted node"),
          h("span", { class: "ed-spacer" }),
          iconButton("link", "Copy a link to the comment", { onClick: copyLink }),
          button(isOpen(thread) ? "Resolve" : "Open again", { icon: isOpen(thread) ? "check_circle" : "undo", onClick: () => settle(thread) }),
        ]),
        h("div", { class: "ed-thread-scroll" }, [
          h("ol", { class: "ed-thread-comments" }, thread.comments.map((comment) => drawComment(thread, comment))),
          isOpen(thread) ? null : h("p", { class: "ed-thread-settled" }, [icon("check_circle"), `Resolved by ${thread.resolved_by || "somebody"}, ${age(thread.resolved_at)}. An answer opens it again.`]),
          h(CommentField, {
            draft: `reply ${thread.id}`, label: "Answer", placeholder: "Answer", action: "Answer", focus: props.focus,
            send: (/** @type {string} */ text) => comments.reply(thread.id, text), onLeave: () => emit("leave"), onSent: () => emit("said", "Answer sent."),
          }),
        ]),
      ]);
    };

    /** @param {CommentThread} thread @param {Comment} comment */
    function drawComment(thread, comment) {
      const { id, author, text, created_at, edited_at, deleted_at } = comment;
      if (deleted_at) return h("li", { key: id, class: "ed-comment ed-muted" }, `${author} deleted a comment.`);
      const isOwn = comments.isOwn(comment);
      return h("li", { key: id, class: "ed-comment", "data-comment": id }, [
        h("div", { class: "ed-comment-head" }, [
          h("strong", author),
          h("time", { class: "ed-hint", datetime: new Date(created_at * 1000).toISOString(), "data-tip": new Date(created_at * 1000).toLocaleString() }, age(created_at)),
          edited_at ? h("span", { class: "ed-hint", "data-tip": new Date(edited_at * 1000).toLocaleString() }, "edited") : null,
          h("span", { class: "ed-spacer" }),
          isOwn && editing.value !== id
            ? [
                iconButton("edit", "Edit the comment", { class: "ed-small-button", onClick: () => ((editing.value = id), (editFocus.value += 1)) }),
                iconButton("delete", "Delete the comment", { class: "ed-small-button", onClick: () => remove(thread, comment) }),
              ]
            : null,
        ]),
        editing.value === id
          ? h(CommentField, {
              draft: `edit ${id}`, label: "Edit the comment", action: "Save", start: text, canCancel: true, focus: editFocus.value,
              send: (/** @type {string} */ changed) => comments.edit(thread.id, id, changed),
              onLeave: () => emit("leave"), onCancel: () => (editing.value = ""), onSent: () => ((editing.value = ""), emit("said", "Comment changed.")),
            })
          : h("div", { class: "ed-comment-body" }, markdownVnodes(parseMarkdown(text), h)),
      ]);
    }
  },
});

/** @param {number | null | undefined} at */
function age(at) {
  return formatAge(at, Date.now() / 1000);
}
