/**
 * Actions for work with others: comments, named versions, and links to a node.
 *
 * @import {Action, ActionContext} from "./registry.js"
 * @import {Subject} from "../working_together.js"
 */
import { subjectKey } from "../document/comment_threads.js";
import { targetNodes } from "./targets.js";

/** @type {Action[]} */
export const TOGETHER_ACTIONS = [
  { id: "together.comment", title: "Comment", group: "Panels", icon: "add_comment", keys: ["Shift+C", "Ctrl+Alt+M"], where: "page", titleNow: commentTitle, isOff: cannotComment, isAbsent: hasNoComments, run: (context) => context.page?.comment(subjectOf(context)) },
  { id: "together.comments", title: "Show or hide the comments", group: "Panels", icon: "forum", keys: ["5"], where: "page", isOff: hasNoComments, isAbsent: hasNoComments, run: ({ page }) => page?.showComments({ isKeyboard: true }) },
  { id: "together.comments_on", title: "Show the comments on the node", group: "Panels", icon: "mode_comment", isOff: hasNoneOn, isAbsent: hasNoneOn, run: showOn },
  { id: "together.name_version", title: "Name this version", group: "Panels", icon: "bookmark_add", keys: ["Ctrl+S"], where: "always", isOff: hasNoPage, run: ({ page }) => page?.nameVersion() },
  { id: "together.copy_link", title: "Copy a link to the node", group: "Panels", icon: "link", isOff: isNotOne, run: copyLink },
];

/** @param {ActionContext} context */
function hasNoPage({ session, page }) {
  return !page || !session.together.isPossible || session.isFixed;
}

/** @param {ActionContext} context */
function hasNoComments({ session, page }) {
  return !page || !session.together.isPossible;
}

/** What a comment would be about: the one node that is chosen, without one the pipeline. @param {ActionContext} context @returns {Subject | null} */
function subjectOf(context) {
  const [only, ...more] = targetNodes(context);
  if (only === undefined) return { scope: "", node: "" };
  return more.length > 0 ? null : context.session.together.subjectOf(only);
}

/** @param {ActionContext} context */
function cannotComment(context) {
  return hasNoComments(context) || subjectOf(context) === null;
}

/** @param {ActionContext} context */
function commentTitle(context) {
  return targetNodes(context).length > 0 ? "Comment" : "Comment on the pipeline";
}

/** @param {ActionContext} context */
function hasNoneOn(context) {
  const [only, ...more] = targetNodes(context);
  return hasNoComments(context) || more.length > 0 || !context.session.comments.inView.has(only ?? "");
}

/** @param {ActionContext} context */
function showOn(context) {
  const subject = subjectOf(context);
  if (subject) context.page?.showComments({ place: subjectKey(subject) });
}

/** @param {ActionContext} context */
function isNotOne(context) {
  const [only, ...more] = targetNodes(context);
  return more.length > 0 || !context.session.together.subjectOf(only ?? "");
}

/** @param {ActionContext} context */
async function copyLink(context) {
  const { session } = context;
  const [id] = targetNodes(context);
  const link = session.together.linkTo(id, location.href);
  try {
    await navigator.clipboard.writeText(link);
    session.notify({ kind: "info", message: `The link to '${session.titleOf(id)}' is copied.` });
  } catch {
    session.notify({ kind: "info", message: `The browser does not let the page copy. The link is ${link}` });
  }
}
