/**
 * Where the view has been: back and forward through places it rested at, across subgraphs.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @typedef {{scope: readonly string[], x: number, y: number, zoom: number}} Place
 */

const REST_MS = 700;
const MOST = 50;

export class ViewHistory {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    /** @type {Place[]} */
    this.places = [];
    this.at = -1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** The view moved; where it comes to rest is a place to come back to. */
  note() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#keep(), REST_MS);
  }

  /** @param {-1 | 1} step */
  go(step) {
    if (this.at === this.places.length - 1) this.#keep();
    const place = this.places[this.at + step];
    if (!place) return;
    this.at += step;
    clearTimeout(this.timer);
    this.view.session.goTo(place.scope);
    Object.assign(this.view.viewport, { x: place.x, y: place.y, zoom: place.zoom });
    this.view.isUntouched = false;
    this.view.draw();
  }

  /** @param {-1 | 1} step */
  can(step) {
    return this.places[this.at + step] !== undefined || (step < 0 && this.at >= 0 && this.#isElsewhere());
  }

  #keep() {
    clearTimeout(this.timer);
    if (!this.#isElsewhere()) return;
    this.places = [...this.places.slice(0, this.at + 1), this.#here()].slice(-MOST);
    this.at = this.places.length - 1;
  }

  /** @returns {Place} */
  #here() {
    const { session, viewport } = this.view;
    return { scope: session.scope, x: viewport.x, y: viewport.y, zoom: viewport.zoom };
  }

  /** Whether the view is not where the history stands. */
  #isElsewhere() {
    const last = this.places[this.at];
    const here = this.#here();
    if (!last || last.scope.join("/") !== here.scope.join("/")) return true;
    return Math.hypot(last.x - here.x, last.y - here.y) > 40 || Math.abs(Math.log(last.zoom / here.zoom)) > 0.1;
  }
}
