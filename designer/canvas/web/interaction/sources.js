/**
 * Data that comes to the canvas becomes a source node: a pasted table, the path or address of a
 * file, a file dropped from the desktop.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Point} from "../types.js"
 * @import {Incoming} from "../document/incoming.js"
 */
import { nodeOf } from "../document/edits.js";
import { isTableFile, labelOf } from "../document/incoming.js";
import { NODE_HEIGHT, NODE_WIDTH } from "../scene/geometry.js";

const ENTER = "data_input_output.enter_data_manually";
const IMPORT = "data_input_output.import_data";
const LARGE = 200_000;
const STEP = 96;

/** @param {CanvasView} view @param {Incoming} incoming @param {Point} at @returns {boolean} whether a node was added, or is on its way */
export function addSource(view, incoming, at) {
  if (incoming.kind === "url") return place(view, IMPORT, { data_source: "URL", url: incoming.url }, { label: labelOf(incoming.url.split(/[?#]/)[0]), at });
  if (incoming.kind === "file") return place(view, IMPORT, { path: incoming.path }, { label: labelOf(incoming.path), at });
  const { format, text } = incoming;
  if (text.length <= LARGE) return place(view, ENTER, format === "CSV" ? { data: text } : { data_format: format, data: text }, { label: "Pasted table", at });
  void addFiles(view, [new File([text], format === "CSV" ? "pasted.csv" : "pasted.tsv")], at);
  return true;
}

/** Brings files into the workspace, one source node each. @param {CanvasView} view @param {readonly File[]} files @param {Point} at */
export async function addFiles(view, files, at) {
  const { session } = view;
  const known = files.filter(({ name }) => isTableFile(name));
  const unknown = files.filter(({ name }) => !isTableFile(name));
  if (unknown.length > 0) {
    session.notify({ kind: "error", message: `'${unknown[0].name}' is no table that Import Data reads.`, remedy: "Drop CSV, TSV, Parquet, Arrow, JSON lines or Excel files." });
  }
  for (const [i, file] of known.entries()) {
    const key = `upload.${file.name}`;
    const upload = session.transport.upload(file, (progress) => session.notify({ kind: "info", key, message: `Copying ${file.name}`, progress, action: { label: "Cancel", run: () => upload.cancel() } }));
    try {
      const { path } = await upload.done;
      session.notify({ kind: "info", key, message: "" });
      place(view, IMPORT, { path }, { label: labelOf(file.name), at: { x: at.x, y: at.y + i * STEP } });
    } catch (error) {
      const { message, remedy } = /** @type {Error & {remedy?: string}} */ (error);
      session.notify({ kind: "error", key, message, remedy });
    }
  }
}

/** @param {CanvasView} view @param {string} module @param {{[name: string]: unknown}} parameters @param {{label: string, at: Point}} how */
function place({ session, announcer }, module, parameters, { label, at }) {
  const spec = session.modules.spec(module);
  if (!spec) {
    session.notify({ kind: "error", message: `Module '${module}' has no usable version.`, remedy: "Open the library and set its default version." });
    return true;
  }
  const id = session.place({ ...nodeOf(spec), label, parameters }, { name: label, title: spec.title, x: at.x - NODE_WIDTH / 2, y: at.y - NODE_HEIGHT / 2 });
  if (id) announcer.say(`${label} added.`);
  return id !== "";
}
