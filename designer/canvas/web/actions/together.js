/**
 * Actions for work with others: named versions, and links to a node.
 *
 * @import {Action, ActionContext} from "./registry.js"
 */
import { targetNodes } from "./targets.js";

/** @type {Action[]} */
export const TOGETHER_ACTIONS = [
  { id: "together.name_version", title: "Name this version", group: "Panels", icon: "bookmark_add", keys: ["Ctrl+S"], where: "always", isOff: hasNoPage, run: ({ page }) => page?.nameVersion() },
  { id: "together.copy_link", title: "Copy a link to the node", group: "Panels", icon: "link", isOff: isNotOne, run: copyLink },
];

/** @param {ActionContext} context */
function hasNoPage({ session, page }) {
  return !page || !session.together.isPossible || session.isFixed;
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
