// Problems that one click can mend, each as an edit that undo takes back.

import { rootedChanges, scopedDocument } from "../document/scope.js";
import { placeOf } from "./diagnostics.js";

/**
 * @import {Change, Diagnostic} from "../types.js"
 * @import {EditorSession} from "../session.js"
 */

/** A node pins other bytes of a module version than this workspace has. */
const OTHER_BYTES = "M005";

/**
 * The edit that mends problems of one kind, or null when there is none.
 *
 * @param {readonly Diagnostic[]} diagnostics
 * @param {EditorSession} session
 * @returns {{label: string, run: () => void} | null}
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
