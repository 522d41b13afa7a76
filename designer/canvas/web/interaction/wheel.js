/**
 * Wheel and trackpad: pinch and Ctrl+wheel always zoom; what a plain wheel does is a setting, asked
 * for when a mouse's wheel is turned for the first time.
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
  const decide = createWheelReader(() => view.settings.wheel);
  const onWheel = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    const { kind, dx, dy, isMouse } = decide(event, event.timeStamp);
    if (kind === "zoom") {
      const speed = event.ctrlKey && Math.abs(dy) < 50 ? 0.01 : 0.0016;
      view.viewport.zoomTo(view.viewport.zoom * Math.exp(-dy * speed), view.screenPoint(event));
    } else view.viewport.pan(-dx, -dy);
    view.machine.viewMoved();
    view.moved();
    if (isMouse && !view.settings.isWheelChosen) view.question.ask();
  };
  view.root.addEventListener("wheel", onWheel, { passive: false });
  return () => view.root.removeEventListener("wheel", onWheel);
}

/**
 * Tells a mouse's wheel from two fingers by the size and direction of its steps, and stays with
 * the answer while the movement lasts. `zoom` or `pan` as setting decides instead, because nobody
 * can tell the two apart for sure.
 *
 * @param {() => string} setting `auto`, `zoom` or `pan`
 */
export function createWheelReader(setting) {
  let last = -Infinity;
  let isMouse = true;
  /**
   * @param {{deltaX: number, deltaY: number, deltaMode: number, ctrlKey: boolean, metaKey?: boolean, shiftKey?: boolean}} event
   * @param {number} now ms
   * @returns {{kind: "zoom" | "pan", dx: number, dy: number, isMouse: boolean}} `isMouse`: a plain turn of a mouse's wheel
   */
  return (event, now) => {
    const scale = event.deltaMode === 0 ? 1 : LINE_PX;
    const [dx, dy] = [event.deltaX * scale, event.deltaY * scale];
    if (event.ctrlKey || event.metaKey) return { kind: "zoom", dx, dy, isMouse: false };
    if (event.shiftKey) return { kind: "pan", dx: dx || dy, dy: dx ? dy : 0, isMouse: false };
    if (now - last > STICKY_MS) isMouse = looksLikeMouse(event);
    else if (event.deltaX !== 0) isMouse = false;
    last = now;
    const chosen = setting();
    const kind = chosen === "auto" ? (isMouse ? "zoom" : "pan") : chosen === "pan" ? "pan" : "zoom";
    return { kind, dx, dy, isMouse };
  };
}

/** @param {{deltaX: number, deltaY: number, deltaMode: number}} event */
function looksLikeMouse({ deltaX, deltaY, deltaMode }) {
  return deltaMode !== 0 || (deltaX === 0 && Math.abs(deltaY) >= 40);
}
