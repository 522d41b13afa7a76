/**
 * What a wire carries, as the card at the pointer shows it. Pure.
 *
 * @import {ArtifactRef, StepRun} from "../types.js"
 * @import {ColumnSchema, PortSchema} from "./foresight.js"
 *
 * @typedef {object} WireFacts
 * @property {string} type the port type
 * @property {string} size rows × columns and bytes, or what else there is to say of how much it is
 * @property {string} origin where that is known from: a run and its age, or that nothing ran yet
 * @property {string} before what the last run gave, where the pipeline was edited since
 * @property {ColumnSchema[]} columns the first ones, and labels and scores
 * @property {string} rest how many more there are
 * @property {string} why why nothing, or not everything, is known
 */
import { formatAge, formatBytes, formatNumber } from "../results/format.js";
import { isKnownTable } from "./foresight.js";

const SHOWN = 8;
const MOST_NAMED = 4;
const TOLD_ROLES = ["label", "score"];

/**
 * @param {object} known
 * @param {string} known.type the output's port type
 * @param {ArtifactRef | undefined} known.artifact what the last run put on the wire
 * @param {StepRun | undefined} known.step the step that did
 * @param {number | undefined} known.runNumber of the run that the step belongs to
 * @param {boolean} known.isStale the step was edited since
 * @param {PortSchema | null} known.schema what is known of the output now
 * @param {string} [known.why] why that is nothing, or not everything
 * @param {number} known.now seconds since the epoch
 * @returns {WireFacts}
 */
export function wireFacts({ type, artifact, step, runNumber, isStale, schema, why = "", now }) {
  const columns = isKnownTable(schema) ? (schema.columns ?? []) : [];
  const shown = columns.length > SHOWN + 1 ? telling(columns) : columns;
  const isForeseen = schema !== null && (schema.type !== "Table" || isKnownTable(schema));
  const stored = artifact ? storedSize(artifact) : "";
  const told = artifact ? storedOrigin(step, runNumber, now) : "";
  const isAhead = isForeseen && (!artifact || isStale);
  return {
    type,
    size: isAhead ? foreseenSize(schema) : stored,
    origin: isAhead ? "known before running" : artifact ? told : "not run yet",
    before: artifact && isStale ? [isAhead ? `the last run gave ${stored}` : "edited since", isAhead ? told : ""].filter(Boolean).join(", ") : "",
    columns: shown,
    rest: restOf(columns.length - shown.length, schema),
    why: columns.length > 0 || (artifact && !isStale) ? "" : why,
  };
}

/** The first columns, and labels and scores wherever they stand. @param {readonly ColumnSchema[]} columns */
function telling(columns) {
  const named = columns.slice(SHOWN).filter(({ role }) => role && TOLD_ROLES.includes(role)).slice(0, MOST_NAMED);
  return [...columns.slice(0, SHOWN - named.length), ...named];
}

/** @param {ArtifactRef} artifact */
function storedSize({ summary = {}, bytes }) {
  const { rows, columns, learner, kind, files } = summary;
  const what =
    typeof rows === "number" ? `${formatNumber(rows)} × ${formatNumber(columns)}`
    : typeof files === "number" ? `${formatNumber(files)} files`
    : String(learner ?? kind ?? "").replaceAll("_", " ");
  return [what, formatBytes(bytes)].filter(Boolean).join(" · ");
}

/** @param {PortSchema | null} schema */
function foreseenSize(schema) {
  if (schema?.type === "Table") return tableSize(schema);
  if (schema?.type === "Model" || schema?.type === "UntrainedModel") return String(schema.title ?? "");
  return schema?.type === "Transform" ? String(schema.transform ?? "").replaceAll("_", " ") : "";
}

/** @param {import("./foresight.js").TableSchema} schema */
function tableSize(schema) {
  const count = (schema.columns ?? []).length;
  if (!isKnownTable(schema)) return "";
  const isOpen = (schema.more ?? []).length > 0;
  const columns = isOpen ? `${formatNumber(count)} or more` : formatNumber(count);
  if (typeof schema.rows === "number") return `${formatNumber(schema.rows)} × ${columns}`;
  return `${columns} ${count === 1 && !isOpen ? "column" : "columns"}`;
}

/** @param {StepRun | undefined} step @param {number | undefined} number @param {number} now */
function storedOrigin(step, number, now) {
  const age = formatAge(step?.finished_at, now);
  return [step?.reused ? "reused" : "", age, number ? `from run ${number}` : ""].filter(Boolean).join(", ");
}

/** @param {number} hidden @param {PortSchema | null} schema */
function restOf(hidden, schema) {
  const isOpen = schema?.type === "Table" && (schema.more ?? []).length > 0;
  if (hidden > 0) return `${formatNumber(hidden)} more${isOpen ? ", and what only a run tells" : ""}`;
  return isOpen && isKnownTable(schema) ? "more that only a run tells" : "";
}
