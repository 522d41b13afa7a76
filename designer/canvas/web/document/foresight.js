/**
 * What the server knows of every node's outputs before a run, kept up to date by what it pushes.
 * Nodes are named as steps are: by their id in the flat graph.
 *
 * @typedef {{name: string, type?: string, other_types?: string[], role?: string, categorical?: boolean | null, detail?: string, is_certain?: boolean}} ColumnSchema
 * @typedef {{type: "Table", columns?: ColumnSchema[], more?: string[], rows?: number | null}} TableSchema
 * @typedef {TableSchema | {type: "UntrainedModel" | "Model" | "Transform", [key: string]: any}} PortSchema
 * @typedef {{inputs?: {[port: string]: string[]}, outputs?: {[port: string]: PortSchema}, run?: number, why?: string}} NodeForesight
 */
import { splitSource } from "./wires.js";

export class Foresight {
  constructor() {
    /** @type {Map<string, NodeForesight>} */
    this.nodes = new Map();
  }

  /** @param {{[step: string]: NodeForesight}} nodes everything that is known */
  replace(nodes) {
    this.nodes = new Map(Object.entries(nodes));
  }

  /** @param {[string, NodeForesight | null][]} entries what is known anew; `null` for a node that is gone */
  take(entries) {
    for (const [step, known] of entries) {
      if (known) this.nodes.set(step, known);
      else this.nodes.delete(step);
    }
  }

  /** What is known of an output. @param {string} source `step.port` @returns {PortSchema | null} */
  on(source) {
    const [step, port] = splitSource(source);
    return this.nodes.get(step)?.outputs?.[port] ?? null;
  }

  /** Why nothing, or not everything, is known of an output. @param {string} source `step.port` */
  why(source) {
    return this.nodes.get(splitSource(source)[0])?.why ?? "";
  }

  /** The outputs that feed a port, through bypassed nodes and the borders of subgraphs. @param {string} step @param {string} port */
  sources(step, port) {
    return this.nodes.get(step)?.inputs?.[port] ?? [];
  }

  /** The run whose stored outputs tell what is known of a node; 0 where none was needed. @param {string} step */
  run(step) {
    return this.nodes.get(step)?.run ?? 0;
  }
}

/** Whether anything is known of a table's columns. @param {PortSchema | null} schema @returns {schema is TableSchema} */
export function isKnownTable(schema) {
  return schema?.type === "Table" && ((schema.columns ?? []).length > 0 || !isOpen(schema));
}

/** Whether columns of any name may come besides. @param {TableSchema} schema */
export function isOpen(schema) {
  return (schema.more ?? []).includes("");
}

/**
 * A column's type in a word or two: `Int64`, `Datetime`, `Int64 or Float64`.
 *
 * @param {{type?: string, other_types?: readonly string[]}} column
 */
export function typeWord({ type = "", other_types = [] }) {
  const words = [type, ...other_types].filter(Boolean).map((word) => word.replace(/\(.*$/s, ""));
  const distinct = [...new Set(words)];
  if (distinct.length > 2) return `${distinct[0]} or other`;
  return distinct.join(" or ");
}
