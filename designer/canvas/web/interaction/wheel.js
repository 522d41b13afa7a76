/**
 * Wheel and trackpad: pinch and Ctrl+wheel zoom, a mouse wheel zooms, two fingers scroll.
 *
 * @import {CanvasView} from "../canvas_view.js"
 */

const STICKY_MS = 250;
const LINE_PX = 40;

/**
 * @param {CanvasView} view
 * @returns {() => void} stops listening
 */
export function listenToWheel(view) {
  const decide = createWheelReader();
  const onWheel = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    const { kind, dx, dy } = decide(event, event.timeStamp);
    if (kind === "zoom") {
      const speed = event.ctrlKey && Math.abs(dy) < 50 ? 0.01 : 0.0016;
      view.viewport.zoomTo(view.viewport.zoom * Math.exp(-dy * speed), view.screenPoint(event));
    } else view.viewport.pan(-dx, -dy);
    view.machine.viewMoved();
    view.moved();
  };
  view.root.addEventListener("wheel", onWheel, { passive: false });
  return () => view.root.removeEventListener("wheel", onWheel);
}

/**
 * Tells a mouse's wheel from two fingers by the size and direction of its steps, and stays with
 * the answer while the movement lasts. `localStorage["designer.wheel"]` = `zoom` or `pan` decides
 * instead, because nobody can tell the two apart for sure.
 */
export function createWheelReader(setting = wheelSetting()) {
  let last = -Infinity;
  let lastKind = "zoom";
  /**
   * @param {{deltaX: number, deltaY: number, deltaMode: number, ctrlKey: boolean, metaKey?: boolean, shiftKey?: boolean}} event
   * @param {number} now ms
   * @returns {{kind: "zoom" | "pan", dx: number, dy: number}}
   */
  return (event, now) => {
    const scale = event.deltaMode === 0 ? 1 : LINE_PX;
    const [dx, dy] = [event.deltaX * scale, event.deltaY * scale];
    if (event.ctrlKey || event.metaKey) return { kind: "zoom", dx, dy };
    if (event.shiftKey) return { kind: "pan", dx: dx || dy, dy: dx ? dy : 0 };
    const isFresh = now - last > STICKY_MS;
    last = now;
    if (isFresh) lastKind = setting === "auto" ? guess(event) : setting;
    else if (setting === "auto" && event.deltaX !== 0) lastKind = "pan";
    return { kind: lastKind === "pan" ? "pan" : "zoom", dx, dy };
  };
}

/** @param {{deltaX: number, deltaY: number, deltaMode: number}} event */
function guess({ deltaX, deltaY, deltaMode }) {
  if (deltaMode !== 0) return "zoom";
  return deltaX === 0 && Math.abs(deltaY) >= 40 ? "zoom" : "pan";
}

function wheelSetting() {
  try {
    return localStorage.getItem("designer.wheel") ?? "auto";
  } catch {
    return "auto";
  }
}
