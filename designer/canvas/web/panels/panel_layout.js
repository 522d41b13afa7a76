// Sizes and open states of the panels, remembered in this browser.

import { reactive, watch } from "vue";

/**
 * @typedef {{open: boolean, size: number}} PanelState
 * @typedef {{palette: PanelState, properties: PanelState, results: PanelState, tall: boolean, left: LeftTab, sections: Record<string, boolean>, isNarrow: boolean}} PanelLayout
 *   `isNarrow`: the side panels lie over the canvas, one at a time
 * @typedef {"modules" | "outline"} LeftTab  what the panel on the left shows
 * @typedef {"palette" | "properties" | "results"} PanelName
 */

const STORAGE_KEY = "designer.editor.layout";
const CANVAS_MIN_PX = 320;
/** A small screen, or a large text: below this two panels would leave no canvas. */
export const NARROW = "(max-width: 900px)";

/** @type {Record<PanelName, {minimum: number, maximum: number}>} */
const LIMITS = {
  palette: { minimum: 184, maximum: 420 },
  properties: { minimum: 264, maximum: 640 },
  results: { minimum: 132, maximum: 1200 },
};

/** @returns {PanelLayout} */
function defaultLayout() {
  return {
    palette: { open: true, size: 232 },
    properties: { open: true, size: 320 },
    results: { open: false, size: 320 },
    tall: false,
    left: "modules",
    sections: {},
    isNarrow: false,
  };
}

/**
 * The layout of this browser: what was remembered, completed with the defaults. What happens while the
 * window is narrow is not remembered, and what was open before comes back with the width.
 *
 * @param {Storage | undefined} storage
 * @param {MediaQueryList} narrow
 * @returns {PanelLayout}
 */
export function usePanelLayout(storage, narrow) {
  const layout = reactive(readLayout(storage?.getItem(STORAGE_KEY) ?? null));
  const adapt = () => {
    const remembered = readLayout(storage?.getItem(STORAGE_KEY) ?? null);
    layout.isNarrow = narrow.matches;
    for (const name of /** @type {const} */ (["palette", "properties"])) layout[name].open = !narrow.matches && remembered[name].open;
  };
  if (narrow.matches) adapt();
  narrow.addEventListener("change", adapt);
  const sides = [layout.palette, layout.properties];
  sides.forEach((side, index) =>
    watch(
      () => side.open && layout.isNarrow,
      (isOver) => isOver && (sides[1 - index].open = false),
      { flush: "sync" },
    ),
  );
  watch(
    () => layout.results.open,
    (isOpen) => isOpen && clearCanvas(layout),
    { flush: "sync" },
  );
  watch(layout, ({ isNarrow, ...kept }) => isNarrow || storage?.setItem(STORAGE_KEY, JSON.stringify(kept)), { deep: true });
  return layout;
}

/** Puts away what lies over the canvas. @param {PanelLayout} layout */
export function clearCanvas(layout) {
  if (layout.isNarrow) layout.palette.open = layout.properties.open = false;
}

/**
 * Reads remembered text; anything odd in it gives the default instead.
 *
 * @param {string | null} text
 * @returns {PanelLayout}
 */
export function readLayout(text) {
  const layout = defaultLayout();
  let stored;
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    return layout;
  }
  for (const name of /** @type {PanelName[]} */ (["palette", "properties", "results"])) {
    const { open, size } = stored?.[name] ?? {};
    if (typeof open === "boolean") layout[name].open = open;
    if (Number.isFinite(size)) layout[name].size = clampSize(name, size, Infinity);
  }
  if (stored?.left === "outline") layout.left = "outline";
  if (stored?.sections && typeof stored.sections === "object") layout.sections = { ...stored.sections };
  return layout;
}

/**
 * A size within the panel's limits that leaves the canvas its room.
 *
 * @param {PanelName} name
 * @param {number} size
 * @param {number} available px of the editor in that direction without the other panels
 * @returns {number}
 */
export function clampSize(name, size, available) {
  const { minimum, maximum } = LIMITS[name];
  const room = Math.max(minimum, available - (name === "results" ? 120 : CANVAS_MIN_PX));
  return Math.round(Math.min(Math.max(size, minimum), maximum, room));
}
