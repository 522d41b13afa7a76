/**
 * Actions of the panels around the canvas.
 *
 * @import {Action} from "./registry.js"
 * @import {CanvasView} from "../canvas_view.js"
 */

/** @type {Action[]} */
export const PAGE_ACTIONS = [
  { id: "draw.add", title: "Add a module here", group: "Draw", icon: "add_box", keys: ["/"], where: "page", edits: true, run: ({ page }) => page?.quickAdd() },
  { id: "draw.add_by_tab", title: "Add a module here, by Tab", group: "Draw", keys: ["Tab"], edits: true, isHidden: true, yields: true, isOff: ({ view }) => !isBackground(view), run: ({ page }) => page?.quickAdd() },
  { id: "panels.commands", title: "All actions, nodes, modules, pipelines and runs", group: "Panels", icon: "terminal", keys: ["Ctrl+K", "Ctrl+Shift+P"], where: "always", run: ({ page }) => page?.openCommands() },
  { id: "panels.find", title: "Find in the pipeline", group: "Panels", icon: "search", keys: ["Ctrl+F"], where: "page", run: ({ page }) => page?.openFind() },
  { id: "panels.modules", title: "Show or hide the modules", group: "Panels", icon: "widgets", keys: ["1"], where: "page", run: ({ page }) => page?.togglePanel("palette") },
  { id: "panels.outline", title: "Go to the outline, or put it away", group: "Panels", icon: "format_list_bulleted", keys: ["4"], where: "page", run: ({ page }) => page?.toggleOutline() },
  { id: "panels.properties", title: "Show or hide the properties", group: "Panels", icon: "tune", keys: ["2"], where: "page", run: ({ page }) => page?.togglePanel("properties") },
  { id: "panels.results", title: "Show or hide the results", group: "Panels", icon: "table_view", keys: ["3"], where: "page", run: ({ page }) => page?.togglePanel("results") },
  { id: "panels.problems", title: "Show the problems", group: "Panels", icon: "error_outline", where: "page", run: ({ page }) => page?.showProblems() },
  { id: "panels.search_modules", title: "Search the modules", group: "Panels", icon: "search", where: "page", edits: true, run: ({ page }) => page?.focusPalette() },
  { id: "panels.keys", title: "Keys and gestures", group: "Panels", icon: "keyboard", keys: ["?"], where: "page", run: ({ page }) => page?.toggleHelp() },
  { id: "panels.theme", title: "Light or dark theme", group: "Panels", icon: "dark_mode", where: "page", run: ({ page }) => page?.toggleTheme() },
  { id: "panels.to_canvas", title: "Go to the canvas", group: "Panels", keys: ["Escape"], where: "page", isHidden: true, run: ({ page, view }) => (page ? page.goHome() : view.root.focus({ preventScroll: true })) },
];

/** Whether the canvas itself was clicked last; who walks the page by Tab goes on to the nodes. @param {CanvasView} view */
function isBackground({ root }) {
  return document.activeElement === root && !root.classList.contains("dc-keyboard");
}
