/**
 * The document a person works on: what the server confirmed, with the own operations that it has
 * not confirmed yet applied on top. Remote operations slide in underneath. Pure but for its fields.
 *
 * @import {Diagnostic, GraphDocument, Operation} from "../types.js"
 */
import { applyChanges, RefusedChange } from "./operations.js";
import { renameNodes } from "./renaming.js";

export class WorkingCopy {
  /** @param {GraphDocument} document @param {number} revision */
  constructor(document, revision) {
    this.confirmed = document;
    this.revision = revision;
    /** @type {Operation[]} own operations that the confirmed document does not hold yet */
    this.pending = [];
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
    this.revision = revision;
    this.#replay();
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
    this.revision = revision;
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
