// The columns on a wire: what is known of them before a run, else those of the artifact the last run put on it.

import { computed, shallowRef, watch } from "vue";
import { isKnownTable, isOpen } from "../../document/foresight.js";
import { useEditor } from "../editor_context.js";

/**
 * @import {KnownColumn} from "../column_rules.js"
 * @import {ColumnSchema, PortSchema} from "../../document/foresight.js"
 * @import {GraphDocument, InputValue, StepRun} from "../../types.js"
 *
 * @typedef {object} KnownTable
 * @property {KnownColumn[]} columns
 * @property {readonly string[]} more how the names of columns begin that may come besides
 * @property {boolean} isOld it is what the last run gave, which may have changed since
 */

/**
 * The table wired to an input port, or null while nobody knows its columns.
 *
 * @param {() => string} nodeId
 * @param {() => string | null | undefined} port absent: the node's first wired input
 * @returns {import("vue").ComputedRef<KnownTable | null>}
 */
export function useKnownTable(nodeId, port) {
  const { session, state } = useEditor();
  const schema = computed(() => {
    void state.schemasTick;
    void state.document;
    return session.wires.schemaInto(nodeId(), port());
  });
  const stored = useStoredColumns(nodeId, port);
  return computed(() => knownTable(schema.value, stored.value));
}

/**
 * Why the columns into a port are not known.
 *
 * @param {() => string} nodeId
 * @param {() => string | null | undefined} port
 * @returns {import("vue").ComputedRef<string>}
 */
export function useReason(nodeId, port) {
  const { session, state } = useEditor();
  return computed(() => {
    void state.schemasTick;
    void state.document;
    const source = session.wires.feeding(nodeId(), port());
    if (!source) return "Connect a table to choose from its columns.";
    return session.foresight.why(source) || "The columns are known once the node before this one has run.";
  });
}

/**
 * What is known now counts; what the last run gave helps out where that is not everything.
 *
 * @param {PortSchema | null} schema
 * @param {KnownColumn[] | null} stored
 * @returns {KnownTable | null}
 */
export function knownTable(schema, stored) {
  if (!isKnownTable(schema)) return stored ? { columns: stored, more: [], isOld: true } : null;
  const columns = (schema.columns ?? []).map(knownColumn);
  const names = new Set(columns.map(({ name }) => name));
  const besides = isOpen(schema) ? (stored ?? []).filter(({ name }) => !names.has(name)) : [];
  return { columns: [...columns, ...besides], more: schema.more ?? [], isOld: false };
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

/** @param {() => string} nodeId @param {() => string | null | undefined} port */
function useStoredColumns(nodeId, port) {
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

/** @param {ColumnSchema} column @returns {KnownColumn} */
function knownColumn({ name, type = "", other_types, role, categorical, is_certain }) {
  return { name, type, other_types, role, categorical, is_certain };
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
