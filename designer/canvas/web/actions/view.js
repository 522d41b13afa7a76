/**
 * Actions that move the view and nothing else.
 *
 * @import {Action} from "./registry.js"
 */

const ZOOM_STEP = 1.25;

/** @type {Action[]} */
export const VIEW_ACTIONS = [
  { id: "view.fit", title: "Fit the selection", group: "Look around", icon: "center_focus_strong", keys: ["F"], run: ({ session, view }) => view.fit(session.selection.nodes) },
  { id: "view.fit_all", title: "Show everything", group: "Look around", icon: "fit_screen", keys: ["Shift+F", "Home"], run: ({ view }) => view.fit() },
  { id: "view.actual", title: "Zoom to 100 %", group: "Look around", icon: "crop_free", keys: ["0"], run: ({ view }) => view.zoomTo(1) },
  { id: "view.zoom_in", title: "Zoom in", group: "Look around", icon: "zoom_in", keys: ["Plus", "="], run: ({ view }) => view.zoomTo(view.viewport.zoom * ZOOM_STEP) },
  { id: "view.zoom_out", title: "Zoom out", group: "Look around", icon: "zoom_out", keys: ["-"], run: ({ view }) => view.zoomTo(view.viewport.zoom / ZOOM_STEP) },
];
