/**
 * The world in canvas coordinates: frames, wires, nodes as chips or as painted cards.
 *
 * @import {CanvasView} from "../canvas_view.js"
 * @import {Rect} from "../types.js"
 * @import {CardFlags, CardLook} from "./card_painter.js"
 * @import {WireEmphasis} from "./wire_painter.js"
 */
import { paintBackground } from "./background.js";
import { paintCard, paintTurningRing, repaintCard } from "./card_painter.js";
import { paintChips } from "./chip_painter.js";
import { paintExpanded } from "./expanded_painter.js";
import { grown, intersects, NODE_HEIGHT } from "./geometry.js";
import { paintFrames, paintNotes } from "./mark_painter.js";
import { VISUAL_STATES } from "./node_state.js";
import { paintWires, wireSteps } from "./wire_painter.js";

/** How far what belongs to a card stands around it: names of its ports. */
const CARD_REACH = 80;
/** Painted in one step. */
const CARDS_AT_ONCE = 4;
const CHIPS_AT_ONCE = 60;

export class WorldPainter {
  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
    this.steps = this.#steps.bind(this);
  }

  /** What lies under the nodes. @param {CanvasRenderingContext2D} context @param {Rect} rect @param {boolean} isMoving */
  paintGround(context, rect, isMoving) {
    const { zoom } = this.view.viewport;
    this.#paintFrames(context, rect, zoom);
    paintWires(context, this.view.scene, this.#wires(rect, zoom, isMoving));
  }

  /** @param {CanvasRenderingContext2D} context @param {Rect} rect @param {number} zoom */
  #paintFrames(context, rect, zoom) {
    const { scene, session, marks, colours, writing } = this.view;
    paintFrames(context, marks, { rect, zoom, colours, selected: session.selection.marks, hidden: writing });
    paintExpanded(context, scene, { view: session.view, zoom, colours });
  }

  /**
   * Everything, step by step.
   *
   * @param {CanvasRenderingContext2D} context in canvas coordinates
   * @param {import("./moving_picture.js").Taken} taken
   * @returns {Generator<void, void>}
   */
  *#steps(context, { rect, zoom, ratio, isNear }) {
    const { scene, marks, colours, session } = this.view;
    this.#paintBackground(context, rect, { zoom, ratio });
    this.#paintFrames(context, rect, zoom);
    yield;
    yield* wireSteps(context, scene, this.#wires(rect, zoom, !isNear));
    const slots = isNear ? this.#inOrder(scene.inside(grown(rect, CARD_REACH))) : scene.inside(rect);
    const most = isNear ? CARDS_AT_ONCE : CHIPS_AT_ONCE;
    for (let first = 0; first < slots.length; first += most) {
      const some = slots.slice(first, first + most).filter((slot) => scene.ids[slot]);
      if (isNear) this.paintCards(context, some, zoom);
      else this.paintChips(context, some, zoom);
      yield;
    }
    if (!isNear) paintNotes(context, marks, { rect, zoom, colours, selected: session.selection.marks });
  }

  /** @param {CanvasRenderingContext2D} context in canvas coordinates @param {Rect} rect @param {{zoom: number, ratio: number}} how */
  #paintBackground(context, rect, { zoom, ratio }) {
    const base = context.getTransform();
    const area = { x: rect.x * base.a + base.e, y: rect.y * base.a + base.f, width: rect.width * base.a, height: rect.height * base.a };
    context.setTransform(1, 0, 0, 1, 0, 0);
    paintBackground(context, { x: base.e / ratio, y: base.f / ratio, zoom }, this.view.colours, ratio, area);
    context.setTransform(base);
  }

  /** Selected nodes lie on top, the one under the pointer above all. @param {number[]} slots */
  #inOrder(slots) {
    const { scene, session, hoveredNode } = this.view;
    const height = (/** @type {number} */ slot) => (scene.ids[slot] === hoveredNode ? 2 : session.selection.nodes.has(scene.ids[slot]) ? 1 : 0);
    return slots.sort((a, b) => height(a) - height(b) || a - b);
  }

  /** @param {CanvasRenderingContext2D} context in canvas coordinates @param {readonly number[]} slots @param {number} [zoom] */
  paintChips(context, slots, zoom = this.view.viewport.zoom) {
    const { scene, session, colours, found } = this.view;
    paintChips(context, scene, { slots: [...slots], zoom, colours, selected: session.selection.nodes, found });
  }

  /** @param {CanvasRenderingContext2D} context in canvas coordinates @param {readonly number[]} slots @param {number} [zoom] */
  paintCards(context, slots, zoom = this.view.viewport.zoom) {
    const { scene, layer } = this.view;
    for (const slot of slots) paintCard(context, layer.faceOf(slot), { x: scene.x[slot], y: scene.y[slot] }, this.#look(slot, zoom));
  }

  /** What a run has changed on them; what has no ground of its own waits for the view to rest. @param {CanvasRenderingContext2D} context in canvas coordinates @param {readonly number[]} slots @param {number} zoom */
  repaintCards(context, slots, zoom) {
    const { scene, layer } = this.view;
    for (const slot of slots) {
      const face = layer.faceOf(slot);
      if (face.kind === "node" || face.kind === "subgraph") repaintCard(context, face, { x: scene.x[slot], y: scene.y[slot] }, this.#look(slot, zoom));
    }
  }

  /** The rings of running nodes go on turning in a picture. @param {CanvasRenderingContext2D} context in canvas coordinates @param {Rect} rect */
  turnRings(context, rect) {
    const { scene, layer } = this.view;
    const running = VISUAL_STATES.indexOf("running");
    for (const slot of scene.inside(rect)) {
      if (scene.state[slot] !== running) continue;
      paintTurningRing(context, layer.faceOf(slot), { x: scene.x[slot], y: scene.y[slot] }, this.#look(slot, this.view.viewport.zoom));
    }
  }

  /** Whether a note lies on a node: cards cover notes, which a picture under the notes could not. @param {Rect} rect */
  hasCoveredNotes(rect) {
    const { scene, marks } = this.view;
    if (marks.notes.size === 0) return false;
    return marks.notesIn(rect).some(({ rect: note }) => scene.inside(grown(note, 8)).some((slot) => intersects(grown(note, 8), { ...scene.rect(slot), height: NODE_HEIGHT })));
  }

  /** @param {number} slot @param {number} zoom @returns {CardLook} */
  #look(slot, zoom) {
    const { colours, settings } = this.view;
    return { colours, zoom, letters: settings.letters, now: Number(document.timeline.currentTime ?? 0), flags: this.#flags(this.view.scene.ids[slot]) };
  }

  /** @param {string} id @returns {CardFlags} */
  #flags(id) {
    const { session, hoveredNode, found, layer } = this.view;
    return { isSelected: session.selection.nodes.has(id), isHovered: id === hoveredNode, isFound: found.has(id), hasFocus: layer.focused === id };
  }

  /** @param {Rect} rect @param {number} zoom @param {boolean} isMoving */
  #wires(rect, zoom, isMoving) {
    return { rect, zoom, colours: this.view.colours, emphasis: this.#emphasis(), isMoving };
  }

  /** @returns {WireEmphasis} */
  #emphasis() {
    const { scene, session, hoveredWires, hiddenWire } = this.view;
    const selected = new Set();
    for (const key of session.selection.wires) {
      const wire = scene.wireIndex.get(key);
      if (wire !== undefined) selected.add(wire);
    }
    return { selected, hovered: hoveredWires, hidden: hiddenWire };
  }
}
