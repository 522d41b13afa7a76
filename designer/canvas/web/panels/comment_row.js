// One thread in the list: where it is, when and by whom something was last said, and the words it begins with.

import { h } from "vue";
import { isOpen, lastAt, present } from "../document/comment_threads.js";
import { formatAge } from "../results/format.js";
import { icon } from "./atoms.js";
import { markdownWords } from "./markdown.js";

/**
 * @import {Comments} from "../comments.js"
 * @import {CommentThread} from "../document/comment_threads.js"
 */

const EXCERPT = 140;

/**
 * @param {CommentThread} thread
 * @param {{comments: Comments, isCurrent: boolean, onOpen: (event: MouseEvent) => void}} how
 */
export function threadRow(thread, { comments, isCurrent, onOpen }) {
  const { title, inside } = comments.placeOf(thread);
  const said = present(thread);
  const last = said[said.length - 1];
  return h("li", { key: thread.id }, [
    h("button", { type: "button", class: "ed-thread-row", "aria-current": String(isCurrent), "data-thread": thread.id, onClick: onOpen }, [
      h("span", { class: "ed-thread-line" }, [
        icon(isOpen(thread) ? "mode_comment" : "check_circle"),
        h("span", { class: "ed-thread-title" }, title),
        inside ? h("span", { class: "ed-hint ed-thread-inside" }, `in ${inside}`) : null,
        comments.whereNow(thread) ? null : h("span", { class: "ed-hint" }, "deleted"),
        h("span", { class: "ed-spacer" }),
        h("span", { class: "ed-hint" }, formatAge(lastAt(thread), Date.now() / 1000)),
      ]),
      h("span", { class: "ed-thread-line ed-thread-said" }, [
        h("span", { class: "ed-thread-excerpt" }, `${last.author}: ${markdownWords(last.text).slice(0, EXCERPT)}`),
        said.length > 1 ? h("span", { class: "ed-thread-count" }, [String(said.length), h("span", { class: "ed-hidden" }, "comments")]) : null,
      ]),
    ]),
  ]);
}
