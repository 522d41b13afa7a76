/**
 * A hash grid over rectangles: which of thousands are near a place, without looking at the rest.
 *
 * @import {Rect} from "../types.js"
 */

const CELL = 512;

export class HashGrid {
  constructor() {
    /** @type {Map<number, number[]>} */
    this.cells = new Map();
    /** @type {number[]} the cell of each slot, NaN where the slot is not in the grid */
    this.cellOf = [];
    /** Largest extent of a rectangle: how far outside its cell one may reach. */
    this.reachX = 0;
    this.reachY = 0;
  }

  /**
   * Puts a rectangle in, or moves it.
   *
   * @param {number} slot
   * @param {Rect} rect
   */
  set(slot, rect) {
    this.reachX = Math.max(this.reachX, rect.width);
    this.reachY = Math.max(this.reachY, rect.height);
    const cell = keyOf(Math.floor(rect.x / CELL), Math.floor(rect.y / CELL));
    if (this.cellOf[slot] === cell) return;
    this.remove(slot);
    this.cellOf[slot] = cell;
    const list = this.cells.get(cell);
    if (list) list.push(slot);
    else this.cells.set(cell, [slot]);
  }

  /** @param {number} slot */
  remove(slot) {
    const cell = this.cellOf[slot];
    const list = this.cells.get(cell);
    if (!list) return;
    list[list.indexOf(slot)] = list[list.length - 1];
    list.pop();
    if (list.length === 0) this.cells.delete(cell);
    this.cellOf[slot] = NaN;
  }

  /**
   * The slots whose rectangle may touch `rect`; the caller compares exactly.
   *
   * @param {Rect} rect
   * @param {(slot: number) => void} visit
   */
  query(rect, visit) {
    const left = Math.floor((rect.x - this.reachX) / CELL);
    const right = Math.floor((rect.x + rect.width) / CELL);
    const top = Math.floor((rect.y - this.reachY) / CELL);
    const bottom = Math.floor((rect.y + rect.height) / CELL);
    if ((right - left + 1) * (bottom - top + 1) >= this.cells.size) {
      for (const list of this.cells.values()) for (const slot of list) visit(slot);
      return;
    }
    for (let column = left; column <= right; column++) {
      for (let row = top; row <= bottom; row++) {
        const list = this.cells.get(keyOf(column, row));
        if (list) for (const slot of list) visit(slot);
      }
    }
  }
}

/** @param {number} column @param {number} row */
function keyOf(column, row) {
  return column * 2_097_152 + row;
}
