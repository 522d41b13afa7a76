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
  { id: "view.back", title: "Back to where the view was", group: "Look around", icon: "arrow_back", keys: ["Ctrl+Shift+ArrowLeft"], isOff: ({ view }) => !view.history.can(-1), run: ({ view }) => view.history.go(-1) },
  { id: "view.forward", title: "Forward", group: "Look around", icon: "arrow_forward", keys: ["Ctrl+Shift+ArrowRight"], isOff: ({ view }) => !view.history.can(1), run: ({ view }) => view.history.go(1) },
  { id: "view.minimap", title: "Show or hide the minimap", group: "Look around", icon: "map", run: ({ view }) => view.settings.set("minimap", view.minimap.canvas.hidden ? "on" : "off") },
  { id: "view.snap", title: "Snap to grid and neighbours", group: "Look around", icon: "grid_4x4", isOn: ({ view }) => view.settings.snaps, run: ({ view }) => view.settings.set("snap", view.settings.snaps ? "off" : "on") },
  { id: "view.wheel", title: "Mouse wheel zooms", group: "Look around", icon: "mouse", isOn: ({ view }) => view.settings.wheel !== "pan", run: ({ view }) => view.settings.set("wheel", view.settings.wheel === "pan" ? "zoom" : "pan") },
  { id: "view.letters", title: "Letters of the types at ports", group: "Look around", icon: "text_fields", isOn: ({ view }) => view.settings.letters, run: ({ view }) => view.settings.set("letters", view.settings.letters ? "off" : "on") },
  { id: "view.frames", title: "Draw at most 30 frames per second", group: "Look around", icon: "speed", isOn: ({ view }) => view.settings.frameMs > 0, run: ({ view }) => view.settings.set("frames", view.settings.frameMs > 0 ? "auto" : "30") },
  { id: "view.zoom_out", title: "Zoom out", group: "Look around", icon: "zoom_out", keys: ["-"], run: ({ view }) => view.zoomTo(view.viewport.zoom / ZOOM_STEP) },
];
