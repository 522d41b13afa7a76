/**
 * Opens a sample inside the pipeline at hand: one step, which Undo takes back.
 *
 * @import {EditorSession} from "../session.js"
 * @import {ArtifactApi} from "../results/artifact_api.js"
 */
import { fillWith } from "../document/filling.js";

/** @param {EditorSession} session @param {ArtifactApi} api @param {string} id @returns {Promise<boolean>} whether it was opened; not where something was drawn meanwhile */
export async function openSample(session, api, id) {
  const { document } = await api.copySample(id);
  if (Object.keys(session.root.nodes).length > 0) return false;
  return session.editRoot(`Open the sample “${document.name ?? id}”`, fillWith(session.root, document));
}
