// The columns on a wire, as far as they are known: those of the artifact the last run put on it.

import { computed, shallowRef, watch } from "vue";
import { useEditor } from "../editor_context.js";

/**
 * @import {KnownColumn} from "../column_rules.js"
 * @import {GraphDocument, InputValue, StepRun} from "../../types.js"
 */

/**
 * Columns of the table wired to an input port, or null while nobody knows them.
 *
 * @param {() => string} nodeId
 * @param {() => string | null | undefined} port absent: the node's first wired input
 */
export function useKnownColumns(nodeId, port) {
  const { session, state, api } = useEditor();
  /** @type {import("vue").ShallowRef<KnownColumn[] | null>} */
  const columns = shallowRef(null);
  const digest = computed(() => {
    void state.statusTick;
    return wiredDigest(state.document, (id) => session.stepOf(id), nodeId(), port());
  });
  watch(
    digest,
    async (value) => {
      if (!value) {
        columns.value = null;
        return;
      }
      const answer = await api.columns(value).catch(() => null);
      if (digest.value === value) columns.value = answer;
    },
    { immediate: true },
  );
  return columns;
}

/**
 * The digest of the table that the last run put on the wire into a port.
 *
 * @param {GraphDocument} document
 * @param {(id: string) => StepRun | undefined} stepOf
 * @param {string} nodeId
 * @param {string | null | undefined} port
 * @returns {string | null}
 */
export function wiredDigest(document, stepOf, nodeId, port) {
  const inputs = document.nodes?.[nodeId]?.inputs ?? {};
  const input = port ? inputs[port] : Object.values(inputs)[0];
  const source = sourceOf(input);
  if (!source) return null;
  const at = source.lastIndexOf(".");
  const artifact = stepOf(source.slice(0, at))?.outputs?.[source.slice(at + 1)];
  return artifact?.type === "Table" ? artifact.digest : null;
}

/**
 * @param {InputValue | undefined} input
 * @returns {string | null}
 */
function sourceOf(input) {
  const wire = Array.isArray(input) ? input[0] : input;
  if (!wire) return null;
  return typeof wire === "string" ? wire : wire.from;
}
