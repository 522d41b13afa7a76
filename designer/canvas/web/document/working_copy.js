/**
 * The document a person works on: what the server confirmed, with the own operations that it has
 * not confirmed yet applied on top. Remote operations slide in underneath. Pure but for its fields.
 *
 * @import {GraphDocument, Operation} from "../types.js"
 */
import { applyChanges, RefusedChange } from "./operations.js";
import { renameNodes } from "./renaming.js";

export class WorkingCopy {
  /** @param {GraphDocument} document @param {number} revision */
  constructor(document, revision) {
    this.confirmed = document;
    this.revision = revision;
    /** The operation that led to the confirmed document; empty after a snapshot. */
    this.head = "";
    /** @type {Operation[]} own operations that the confirmed document does not hold yet */
    this.pending = [];
    /** The revisions of those that the server has accepted. @type {Map<string, number>} */
    this.accepted = new Map();
    this.document = document;
  }

  /**
   * Applies an own operation at once.
   *
   * @param {Operation} operation
   * @throws {RefusedChange}
   */
  push(operation) {
    this.document = applyChanges(this.document, operation.changes);
    this.pending.push(operation);
  }

  /** Takes up an own operation of an earlier page; one that no longer fits changes nothing. @param {Operation} operation */
  take(operation) {
    this.pending.push(operation);
    this.document = applyOrKeep(this.document, operation);
  }

  /**
   * Operations in the server's order, own ones among them, up to `revision`.
   *
   * @param {readonly Operation[]} operations
   * @param {number} revision
   */
  confirm(operations, revision) {
    const ids = new Set(operations.map((operation) => operation.id));
    this.pending = this.pending.filter((operation) => !ids.has(operation.id));
    for (const operation of operations) this.confirmed = applyOrKeep(this.confirmed, operation);
    this.head = operations.at(-1)?.id ?? this.head;
    this.#reached(revision);
  }

  /**
   * The server accepted an own operation as this revision; it stays pending until that arrives.
   *
   * @param {string} id
   * @param {number} revision
   */
  accept(id, revision) {
    if (!this.pending.some((operation) => operation.id === id)) return;
    this.accepted.set(id, revision);
    if (revision <= this.revision) this.#reached(this.revision);
  }

  /**
   * The server refused an own operation: it goes, and what was built on it stays where it can.
   *
   * @param {string} id
   */
  refuse(id) {
    this.pending = this.pending.filter((operation) => operation.id !== id);
    this.#replay();
  }

  /**
   * The server gave other ids to nodes that two people created under one name.
   *
   * @param {{[old: string]: string}} renamed
   */
  rename(renamed) {
    this.pending = this.pending.map((operation) => renameNodes(operation, renamed));
    this.#replay();
  }

  /**
   * Starts again from a snapshot and keeps what is pending.
   *
   * @param {GraphDocument} document
   * @param {number} revision
   */
  reset(document, revision) {
    this.confirmed = document;
    this.head = "";
    this.#reached(revision);
  }

  /** @param {number} revision */
  #reached(revision) {
    this.revision = revision;
    this.pending = this.pending.filter(({ id }) => (this.accepted.get(id) ?? Infinity) > revision);
    const left = new Set(this.pending.map(({ id }) => id));
    for (const id of this.accepted.keys()) if (!left.has(id)) this.accepted.delete(id);
    this.#replay();
  }

  #replay() {
    this.document = this.pending.reduce(applyOrKeep, this.confirmed);
  }
}

/** @param {GraphDocument} document @param {Operation} operation */
function applyOrKeep(document, operation) {
  try {
    return applyChanges(document, operation.changes);
  } catch (error) {
    if (error instanceof RefusedChange) return document;
    throw error;
  }
}
