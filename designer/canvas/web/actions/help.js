/**
 * Actions that explain: the help of a module, the tour. Known before all others, so that Esc closes
 * the help first.
 *
 * @import {Action, ActionContext} from "./registry.js"
 * @import {ModuleSpec} from "../types.js"
 */
import { targetNodes } from "./targets.js";

/** @type {Action[]} */
export const HELP_ACTIONS = [
  { id: "help.close", title: "Close the help", group: "Panels", keys: ["Escape"], where: "page", isHidden: true, isOff: ({ page }) => !page?.isHelpOpen(), run: ({ page }) => page?.closeHelp() },
  { id: "help.module", title: "Help on the module", group: "Panels", icon: "help_outline", keys: ["F1"], where: "always", run: explain },
  { id: "help.tour", title: "Take the tour", group: "Panels", icon: "explore", where: "page", isOff: ({ page }) => !page, run: ({ page }) => page?.startTour() },
];

/** The module under the pointer or the focus in the palette, else that of the selected node, else the sheet of keys. @param {ActionContext} context */
function explain(context) {
  const { page } = context;
  const spec = specInPalette(context) ?? specOfTarget(context);
  if (spec) page?.showModuleHelp(spec);
  else page?.toggleHelp();
}

/** @param {ActionContext} context @returns {ModuleSpec | null} */
function specInPalette({ session }) {
  const row = document.querySelector("[data-module]:hover") ?? document.activeElement?.closest("[data-module]");
  const id = row instanceof HTMLElement ? row.dataset.module : undefined;
  return id ? session.modules.spec(id) : null;
}

/** @param {ActionContext} context @returns {ModuleSpec | null} */
function specOfTarget(context) {
  const { session } = context;
  const [only] = targetNodes(context);
  return only ? session.modules.specOf(session.document.nodes[only]) : null;
}
