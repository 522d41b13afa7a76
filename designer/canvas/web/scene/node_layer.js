/**
 * The nodes in view as DOM, keyed by id. Vue draws a card when its face changes; places, selection
 * and hover are set on the elements directly, because they change with every mouse move.
 *
 * @import {Face} from "./face.js"
 * @import {Scene} from "./scene.js"
 * @import {Viewport} from "./viewport.js"
 */
import { createApp, defineComponent, h, shallowReactive, shallowRef } from "vue";
import { LETTERS_ABOVE, NAMES_ABOVE } from "./card_ports_painter.js";
import { renderCard } from "./node_card.js";

const MOST_UNMOUNTED = 600;

export class NodeLayer {
  /**
   * @param {HTMLElement} parent
   * @param {Scene} scene
   * @param {(slot: number) => Face} makeFace
   */
  constructor(parent, scene, makeFace) {
    this.scene = scene;
    this.makeFace = makeFace;
    this.element = document.createElement("div");
    this.element.className = "dc-layer";
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-multiselectable", "true");
    this.element.setAttribute("aria-label", "Nodes in view");
    parent.append(this.element);
    /** @type {import("vue").ShallowRef<readonly string[]>} */
    this.mounted = shallowRef([]);
    /** @type {Map<string, Face>} */
    this.faces = shallowReactive(new Map());
    /** @type {Map<string, HTMLElement>} */
    this.elements = new Map();
    /** @type {ReadonlySet<string>} */
    this.selected = new Set();
    /** Flags that are kept for nodes out of view. @type {Map<string, ReadonlySet<string>>} */
    this.flags = new Map();
    this.isAway = false;
    /** Nodes whose elements wait for the view to rest. @type {Set<string>} */
    this.outdated = new Set();
    /** Faces of nodes that are only painted. @type {Map<string, Face>} */
    this.unmounted = new Map();
    /** The node that shows the focus of the keyboard. */
    this.focused = "";
    // All rings turn alike, so that painted ones can go on where elements stop.
    this.element.addEventListener("animationstart", ({ target }) => {
      if (target instanceof Element) for (const animation of target.getAnimations()) animation.startTime = 0;
    });
    this.app = createApp(this.#component());
    this.app.mount(this.element);
  }

  /**
   * Shows these nodes, new ones up to a budget: a hundred cards in one frame would be felt.
   *
   * @param {{inView: readonly number[], nearby: readonly number[], viewport: Viewport, budget: number}} what
   *   `nearby`: just outside the view; those that are mounted stay, others come when there is time
   * @returns {number[]} the slots in view that have to wait for a later frame
   */
  show({ inView, nearby, viewport, budget }) {
    this.follow(viewport);
    const { ids } = this.scene;
    const wanted = new Set();
    for (const slot of inView) wanted.add(ids[slot]);
    for (const slot of nearby) wanted.add(ids[slot]);
    const next = this.mounted.value.filter((id) => wanted.has(id));
    const isSmaller = next.length < this.mounted.value.length;
    const late = this.#mount(inView, next, budget);
    const room = budget - (inView.length - late.length);
    if (late.length === 0) this.#mount(nearby, next, Math.min(budget, Math.max(2, room)));
    if (isSmaller || next.length > this.mounted.value.length) {
      const stays = new Set(next);
      for (const id of this.mounted.value) if (!stays.has(id)) this.faces.delete(id);
      this.mounted.value = next;
    }
    return late;
  }

  /** Those that are mounted move with the view. @param {Viewport} viewport */
  follow({ x, y, zoom }) {
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    this.element.classList.toggle("dc-far", zoom < LETTERS_ABOVE);
    this.element.classList.toggle("dc-near", zoom >= NAMES_ABOVE);
  }

  /** @param {readonly number[]} slots @returns {number[]} those that are no elements now */
  missing(slots) {
    return slots.filter((slot) => !this.faces.has(this.scene.ids[slot]));
  }

  /** @param {readonly number[]} slots @param {string[]} next grows by what is mounted @param {number} budget @returns {number[]} what the budget does not cover */
  #mount(slots, next, budget) {
    const late = [];
    let left = budget;
    for (const slot of slots) {
      const id = this.scene.ids[slot];
      if (this.faces.has(id)) continue;
      if (left-- > 0) {
        this.#refresh(id);
        next.push(id);
      } else late.push(slot);
    }
    return late;
  }

  /** While a picture shows the nodes, the elements stay as they are for keys and screen readers, and are not painted. @param {boolean} isAway */
  setAway(isAway) {
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.element.classList.toggle("dc-away", isAway);
    if (!isAway) return this.#catchUp();
    this.setMoving(false);
    const { activeElement } = document;
    this.focused = activeElement instanceof HTMLElement && activeElement.matches(":focus-visible") ? (activeElement.dataset.node ?? "") : "";
  }

  #catchUp() {
    const late = [...this.outdated];
    this.outdated.clear();
    this.refresh(late);
  }

  /** A layer of its own is only shifted while the view pans; at rest it is sharp at every zoom. @param {boolean} isMoving */
  setMoving(isMoving) {
    const value = isMoving ? "transform" : "";
    if (this.element.style.willChange !== value) this.element.style.willChange = value;
  }

  hideAll() {
    if (this.mounted.value.length === 0) return;
    this.mounted.value = [];
    this.faces.clear();
    this.outdated.clear();
  }

  /** Draws the faces of these nodes again, where they are mounted; those that are away when they are back. @param {Iterable<string>} ids */
  refresh(ids) {
    for (const id of ids) {
      this.unmounted.delete(id);
      if (!this.faces.has(id)) continue;
      if (this.isAway) this.outdated.add(id);
      else this.#refresh(id);
    }
  }

  /** As a node looks now, whether it is mounted or not. @param {number} slot */
  faceOf(slot) {
    const id = this.scene.ids[slot];
    const known = (this.outdated.has(id) ? undefined : this.faces.get(id)) ?? this.unmounted.get(id);
    if (known) return known;
    if (this.unmounted.size >= MOST_UNMOUNTED) this.unmounted.clear();
    const face = this.makeFace(slot);
    this.unmounted.set(id, face);
    return face;
  }

  refreshAll() {
    this.unmounted.clear();
    this.refresh([...this.faces.keys()]);
  }

  /** Puts mounted elements where the scene has them. @param {Iterable<number>} slots */
  place(slots) {
    for (const slot of slots) {
      const element = this.elements.get(this.scene.ids[slot]);
      if (element) this.#position(element, slot);
    }
  }

  /** @param {ReadonlySet<string>} ids */
  select(ids) {
    for (const id of this.selected) if (!ids.has(id)) this.#flag(id, "data-selected", false);
    for (const id of ids) this.#flag(id, "data-selected", true);
    this.selected = ids;
  }

  /** @param {string} id @param {string} name @param {boolean} isOn */
  #flag(id, name, isOn) {
    const element = this.elements.get(id);
    element?.toggleAttribute(name, isOn);
    if (name === "data-selected") element?.setAttribute("aria-selected", String(isOn));
  }

  /** Sets a flag on exactly these nodes, also on those that come into view later. @param {string} name @param {ReadonlySet<string>} ids */
  flagAll(name, ids) {
    this.flags.set(name, ids);
    for (const [id, element] of this.elements) element.toggleAttribute(name, ids.has(id));
  }

  /** @param {string} id @param {"data-hover" | "data-target" | "data-refused"} name @param {boolean} isOn */
  mark(id, name, isOn) {
    this.#flag(id, name, isOn);
  }

  destroy() {
    this.app.unmount();
    this.element.remove();
  }

  /** @param {string} id */
  #refresh(id) {
    const slot = this.scene.index.get(id);
    if (slot !== undefined) this.faces.set(id, this.makeFace(slot));
  }

  /** @param {HTMLElement} element @param {number} slot */
  #position(element, slot) {
    element.style.left = `${this.scene.x[slot]}px`;
    element.style.top = `${this.scene.y[slot]}px`;
  }

  #component() {
    const layer = this;
    const Card = defineComponent({
      props: { id: { type: String, required: true } },
      setup(props) {
        return () => {
          const face = layer.faces.get(props.id);
          if (!face) return null;
          return h("div", {
            ref: (element) => layer.#attach(props.id, /** @type {HTMLElement | null} */ (element)),
            class: "dc-node", tabindex: 0, role: "option", "data-node": props.id, "aria-label": face.label,
            style: { width: `${face.width}px` },
          }, renderCard(face));
        };
      },
    });
    return { render: () => this.mounted.value.map((id) => h(Card, { key: id, id })) };
  }

  /** @param {string} id @param {HTMLElement | null} element */
  #attach(id, element) {
    if (!element) {
      this.elements.delete(id);
      return;
    }
    if (this.elements.get(id) === element) return;
    this.elements.set(id, element);
    const slot = this.scene.index.get(id);
    if (slot !== undefined) this.#position(element, slot);
    if (this.selected.has(id)) this.#flag(id, "data-selected", true);
    for (const [name, ids] of this.flags) if (ids.has(id)) element.toggleAttribute(name, true);
  }
}
