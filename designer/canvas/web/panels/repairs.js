// Problems that one click can mend, each as an edit that undo takes back.

import { convertersFor } from "../document/converters.js";
import { insertConverter } from "../document/insert_converter.js";
import { rootedChanges, scopedDocument } from "../document/scope.js";
import { wiresInto } from "../document/wires.js";
import { placeOf } from "./diagnostics.js";

/**
 * @import {Change, Diagnostic} from "../types.js"
 * @import {EditorSession} from "../session.js"
 */

/** A node pins other bytes of a module version than this workspace has. */
const OTHER_BYTES = "M005";
/** The types of a wire's ends do not fit. */
const OTHER_TYPE = "P002";

/**
 * @typedef {{label: string, run: () => void}} Repair
 */

/**
 * The edits that mend one problem, best first; empty when there is none.
 *
 * @param {Diagnostic} diagnostic
 * @param {EditorSession} session
 * @returns {Repair[]}
 */
export function repairsOf(diagnostic, session) {
  const pinned = repairOf([diagnostic], session);
  return pinned ? [pinned] : conversionsOf(diagnostic, session);
}

/**
 * The edit that mends many problems of one kind at once, or null when there is none.
 *
 * @param {readonly Diagnostic[]} diagnostics
 * @param {EditorSession} session
 * @returns {Repair | null}
 */
export function repairOf(diagnostics, session) {
  if (session.readOnly) return null;
  const changes = diagnostics.filter((item) => item.code === OTHER_BYTES).flatMap((item) => pinChange(item, session));
  if (changes.length === 0) return null;
  const label =
    changes.length === 1 ? "Use the version that is here" : `Use the versions that are here on ${changes.length} nodes`;
  return { label, run: () => session.editRoot("Use the versions that are here", changes) };
}

/**
 * @param {Diagnostic} diagnostic
 * @param {EditorSession} session
 * @returns {Change[]}
 */
function pinChange(diagnostic, session) {
  const { definition, node } = placeOf(diagnostic.where ?? "");
  const digest = node ? session.modules.specOf(scopedDocument(session.root, definition).nodes[node])?.digest : undefined;
  return node && digest ? rootedChanges([{ path: ["nodes", node, "digest"], after: digest }], definition) : [];
}

/**
 * Modules to put into a wire whose ends do not fit, best first.
 *
 * @param {Diagnostic} diagnostic
 * @param {EditorSession} session
 * @returns {Repair[]}
 */
export function conversionsOf(diagnostic, session) {
  if (session.readOnly || diagnostic.code !== OTHER_TYPE) return [];
  const { definition, node, port, position } = placeOf(diagnostic.where ?? "");
  const document = scopedDocument(session.root, definition);
  const wire = node ? wiresInto(document, node).find((item) => item.port === port && item.position === position) : null;
  const output = wire && session.modules.portsOf(document, wire.node).outputs.find(({ name }) => name === wire.output);
  const input = wire && session.modules.portsOf(document, wire.target).inputs.find(({ name }) => name === wire.port);
  if (!output || !input) return [];
  return convertersFor(session.modules, output.type, input.type).map((converter) => ({
    label: `Insert ${converter.title} between`,
    run: () => insertBetween(session, definition, wire, converter),
  }));
}

/**
 * @param {EditorSession} session
 * @param {string} definition
 * @param {import("../document/wires.js").WireFact} wire
 * @param {import("../document/converters.js").Converter} converter
 */
function insertBetween(session, definition, wire, converter) {
  const { id, changes } = insertConverter(scopedDocument(session.root, definition), wire, converter);
  const isDone = session.editRoot(`Insert ${converter.title}`, rootedChanges(changes, definition));
  if (isDone && definition === session.definition) session.select([id]);
}
