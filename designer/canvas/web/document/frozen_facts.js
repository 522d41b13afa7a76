/**
 * What frozen nodes hold: the document has the digests, the server knows when they were made and how
 * large they are. Asked once for each.
 *
 * @import {ArtifactRef, GraphDocument, GraphNode} from "../types.js"
 * @typedef {{artifact: ArtifactRef, run_id: string, run_number: number, step: string, port: string, at?: number | null}} Origin
 */
import { formatMemory } from "./meters.js";

export class FrozenFacts {
  /** @param {(digests: readonly string[]) => Promise<{[digest: string]: Origin}>} ask @param {() => void} onKnown */
  constructor(ask, onKnown) {
    this.ask = ask;
    this.onKnown = onKnown;
    /** @type {Map<string, Origin>} */
    this.origins = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
  }

  /** Asks about what is frozen in a document and not known yet. @param {GraphDocument} document */
  async follow(document) {
    const missing = frozenDigests(document).filter((digest) => !this.asked.has(digest));
    if (missing.length === 0) return;
    for (const digest of missing) this.asked.add(digest);
    const found = await this.ask(missing).catch(() => null);
    if (!found) {
      for (const digest of missing) this.asked.delete(digest);
      return;
    }
    for (const [digest, origin] of Object.entries(found)) this.origins.set(digest, origin);
    if (Object.keys(found).length > 0) this.onKnown();
  }

  /** @param {GraphNode} node @returns {{bytes: number, at: number | null, run: number} | null} `null` while nothing is known */
  of(node) {
    const origins = Object.values(node.state?.artifacts ?? {}).flatMap((digest) => this.origins.get(digest) ?? []);
    if (origins.length === 0) return null;
    const newest = origins.reduce((a, b) => (a.run_number >= b.run_number ? a : b));
    return { bytes: origins.reduce((sum, { artifact }) => sum + artifact.bytes, 0), at: newest.at ?? null, run: newest.run_number };
  }

  /** The line on a frozen node's face. @param {GraphNode} node */
  words(node) {
    const facts = this.of(node);
    if (!facts) return "Frozen";
    const made = facts.at ? new Date(facts.at * 1000).toLocaleDateString(undefined, { day: "numeric", month: "short" }) : "";
    return ["Frozen", made, formatSize(facts.bytes)].filter(Boolean).join(" · ");
  }
}

/** @param {number} bytes */
function formatSize(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : formatMemory(bytes);
}

/** @param {GraphDocument} document @returns {string[]} */
function frozenDigests(document) {
  const parts = [document.nodes, ...Object.values(document.subgraphs ?? {}).map(({ nodes }) => nodes ?? {})];
  return parts.flatMap((nodes) => Object.values(nodes)).flatMap(({ state }) => Object.values(state?.artifacts ?? {}));
}
