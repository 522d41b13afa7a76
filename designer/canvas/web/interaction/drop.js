/**
 * A module dragged from the palette becomes a node where it is dropped, or goes into the wire there;
 * a file from the desktop becomes a source node.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Join} from "../document/joining.js"
 */
import { spliceFit } from "../document/joining.js";
import { NODE_HEIGHT, NODE_WIDTH } from "../scene/geometry.js";
import { addFiles } from "./sources.js";
import { wireAt } from "../scene/hit_test.js";

export const MODULE_TYPE = "application/x-designer-module";

/** What is being dragged: browsers tell it only at the drop. @type {{module: string, version: string | null} | null} */
let dragged = null;

/** @param {{module: string, version: string | null} | null} item */
export function setDragged(item) {
  dragged = item;
}

/** @param {CanvasView} view @returns {() => void} */
export function listenToDrops(view) {
  const onOver = (/** @type {DragEvent} */ event) => {
    const types = event.dataTransfer?.types ?? [];
    if (view.session.readOnly || !event.dataTransfer || !(types.includes(MODULE_TYPE) || types.includes("Files"))) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    view.root.classList.toggle("dc-file-over", types.includes("Files"));
    if (types.includes(MODULE_TYPE)) show(joinAt(event));
  };
  const onDrop = (/** @type {DragEvent} */ event) => {
    view.root.classList.remove("dc-file-over");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0 && !view.session.readOnly) {
      event.preventDefault();
      return void addFiles(view, files, view.viewport.toCanvas(view.screenPoint(event)));
    }
    const text = event.dataTransfer?.getData(MODULE_TYPE);
    if (!text || view.session.readOnly) return;
    event.preventDefault();
    const { module, version } = JSON.parse(text);
    setDragged({ module, version });
    const join = joinAt(event);
    show(null);
    const { x, y } = view.viewport.toCanvas(view.screenPoint(event));
    const id = view.session.addNode(module, { version: version ?? undefined, x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2, join });
    if (id) view.announcer.say(`${view.session.titleOf(id)} added.`);
    view.root.focus({ preventScroll: true });
  };
  const onLeave = () => {
    view.root.classList.remove("dc-file-over");
    show(null);
  };

  /** @param {DragEvent} event @returns {(Join & {wire: string}) | null} */
  const joinAt = (event) => {
    const spec = dragged && view.session.modules.spec(dragged.module, dragged.version ?? undefined);
    if (!spec || view.keysDown.has("S")) return null;
    const wire = wireAt(view.scene, view.viewport.toCanvas(view.screenPoint(event)), NODE_HEIGHT / 2);
    const ends = wire >= 0 ? view.session.wires.ends(view.scene.wireKeys[wire]) : null;
    const fit = ends && spliceFit(spec, { output: ends.output.type, input: ends.input.type });
    return fit ? { wire: view.scene.wireKeys[wire], ...fit } : null;
  };
  const show = (/** @type {{wire: string} | null} */ join) => {
    const wire = join ? view.scene.wireIndex.get(join.wire) : undefined;
    if (view.overlay.splice === wire) return;
    view.overlay = wire === undefined ? {} : { splice: wire };
    view.draw();
  };

  view.root.addEventListener("dragover", onOver);
  view.root.addEventListener("dragleave", onLeave);
  view.root.addEventListener("drop", onDrop);
  return () => {
    view.root.removeEventListener("dragover", onOver);
    view.root.removeEventListener("dragleave", onLeave);
    view.root.removeEventListener("drop", onDrop);
  };
}
