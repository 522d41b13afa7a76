// The box that adds a module where the pointer is: opened by a double click, Tab, `/`, or a wire dropped on nothing.

import { computed, defineComponent, h, nextTick, onMounted, ref, shallowRef, watch } from "vue";
import { bestPorts, fittingPorts, spliceFit, wireSource } from "../document/joining.js";
import { splitSource } from "../document/wires.js";
import { portTitle } from "../document/edits.js";
import { NODE_HEIGHT, nodeWidth, portOffset } from "../scene/geometry.js";
import { categoryColor, icon, keys, typeMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { allChoices, chooseModules } from "./module_choice.js";
import { noteUse, toggleFavourite, useModuleMemory } from "./module_memory.js";
import { categoryTitle, versionToAdd } from "./palette_model.js";
import { marked } from "./pick_box.js";

/**
 * @import {Choice, Habits} from "./module_choice.js"
 * @import {Join, WireEnd} from "../document/joining.js"
 * @import {ModuleSpec, Point, Port} from "../types.js"
 *
 * @typedef {{node: string, port: string, side: "input" | "output"}} WireStart
 * @typedef {{at: Point, screen: Point, start?: WireStart | null, wire?: string}} QuickAddRequest
 *   `at`: where the node goes on the canvas; `screen`: where the box goes, from the stage's corner; `start`: the end
 *   of a wire that waits for the node; `wire`: the wire it goes into
 */

const WIDTH = 340;
const HEIGHT = 400;
const NEXT_ROW = 112;
/** @type {Habits} */
const NOTHING = { after: {}, before: {} };
/** What was learned last; it is asked for again with every opening and changes rarely. @type {Habits} */
let learned = NOTHING;

/** Props: `request`, `stage` (size of the canvas). Emits `close` with whether a node was added. */
export const QuickAdd = defineComponent({
  name: "QuickAdd",
  props: { request: { type: Object, required: true }, stage: { type: Object, required: true } },
  emits: ["close"],
  setup(props, { emit }) {
    const { session, state } = useEditor();
    const memory = useModuleMemory();
    const request = shallowRef(/** @type {QuickAddRequest} */ (props.request));
    const query = ref("");
    const active = ref(0);
    const showsAll = ref(false);
    const habits = shallowRef(learned);
    /** A chosen module whose port has to be chosen too. @type {import("vue").ShallowRef<{choice: Choice, ports: Port[], keepsOpen: boolean} | null>} */
    const asking = shallowRef(null);
    /** @type {import("vue").Ref<HTMLInputElement | null>} */
    const input = ref(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const list = ref(null);
    let hasAdded = false;

    onMounted(() => {
      input.value?.focus({ preventScroll: true });
      session.transport.suggestions?.().then((answer) => (habits.value = learned = answer), () => undefined);
    });

    const end = computed(() => endOf(request.value));
    const choices = computed(() => {
      void state.modulesTick;
      void state.document;
      return allChoices(session.modules.cards(), session.subgraphs.usable(), end.value, (name) => session.modules.subgraphs.spec(name)).map(fitsWire);
    });
    const sections = computed(() =>
      chooseModules(query.value, { choices: choices.value, end: hasCondition() ? END_ANY : null, place: placeOf(), habits: habits.value, memory, showsAll: showsAll.value }));
    const flat = computed(() => sections.value.flatMap((section) => section.choices));
    watch([query, showsAll, request], () => (active.value = 0));
    watch(active, () => void nextTick(() => list.value?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })));

    const hasCondition = () => Boolean(end.value || request.value.wire);

    /** @param {Choice} choice */
    function fitsWire(choice) {
      const types = request.value.wire ? wireTypes(request.value.wire) : null;
      return types ? { ...choice, fits: spliceFit(specOf(choice), types) !== null } : choice;
    }

    /** @param {Choice} choice @returns {ModuleSpec | null} */
    const specOf = (choice) => (choice.subgraph ? session.modules.subgraphs.spec(choice.subgraph) : (choice.card?.spec ?? null));

    /** @param {string} wire */
    function wireTypes(wire) {
      const ends = session.wires.ends(wire);
      return ends && { output: ends.output.type, input: ends.input.type };
    }

    /** @param {QuickAddRequest} from @returns {WireEnd | null} */
    function endOf({ start }) {
      if (!start) return null;
      const ports = session.modules.portsOf(session.document, start.node);
      const port = (start.side === "output" ? ports.outputs : ports.inputs).find(({ name }) => name === start.port);
      return port ? { side: start.side, type: port.type } : null;
    }

    /** Where habits are looked up: the waiting wire, or the selected node's first output. */
    function placeOf() {
      const { start, wire } = request.value;
      if (start) return `${session.document.nodes[start.node]?.module}.${start.port}`;
      const [node, port] = wire ? splitSource(wireSource(session.document, wire) ?? "") : selectedOutput();
      return node && port ? `${session.document.nodes[node]?.module}.${port}` : "";
    }

    function selectedOutput() {
      const [only, ...more] = state.selection.nodes;
      if (!only || more.length) return [];
      return [only, session.modules.portsOf(session.document, only).outputs[0]?.name];
    }

    /** @param {Choice | undefined} choice @param {boolean} keepsOpen */
    function choose(choice, keepsOpen) {
      if (!choice) return;
      if (!end.value || !choice.fits) return add(choice, joinOf(choice, null), keepsOpen);
      const fitting = fittingPorts(specOf(choice), end.value);
      const usual = fitting.find(({ port }) => port.name === choice.port);
      const best = usual ? [usual.port] : bestPorts(fitting);
      if (best.length === 1) return add(choice, joinOf(choice, best[0] ?? null), keepsOpen);
      asking.value = { choice, ports: best, keepsOpen };
      active.value = 0;
    }

    /** @param {Choice} choice @param {Port | null} port @returns {Join | null} */
    function joinOf(choice, port) {
      const { start, wire } = request.value;
      if (wire) {
        const types = wireTypes(wire);
        const fit = types && spliceFit(specOf(choice), types);
        return fit ? { wire, ...fit } : null;
      }
      if (!start || !port) return null;
      if (start.side === "output") return { from: `${start.node}.${start.port}`, port: port.name };
      const target = session.modules.portsOf(session.document, start.node).inputs.find(({ name }) => name === start.port);
      return { to: { node: start.node, port: start.port, many: target?.many ?? false }, port: port.name };
    }

    /** @param {Choice} choice @param {Join | null} join @param {boolean} keepsOpen */
    function add(choice, join, keepsOpen) {
      const spec = specOf(choice);
      if (!spec) return;
      const corner = cornerAt(spec, request.value.at, join);
      const id = choice.subgraph
        ? session.place({ subgraph: choice.subgraph }, { name: choice.subgraph, title: spec.title, ...corner, join })
        : session.addNode(choice.id, { version: choice.card ? versionToAdd(choice.card) : undefined, ...corner, join });
      if (!id) return;
      hasAdded = true;
      if (!choice.subgraph) noteUse(choice.id);
      if (keepsOpen) goOnFrom(id);
      else emit("close", true);
    }

    /** The box stays, and what is added next follows the new node. @param {string} id */
    function goOnFrom(id) {
      const [output] = session.modules.portsOf(session.document, id).outputs;
      const place = session.document.layout?.nodes?.[id];
      const at = place ? { x: place.x + 104, y: place.y + NEXT_ROW } : request.value.at;
      request.value = { ...request.value, at, wire: undefined, start: output ? { node: id, port: output.name, side: "output" } : null };
      query.value = "";
      asking.value = null;
      input.value?.focus({ preventScroll: true });
    }

    function back() {
      if (asking.value) asking.value = null;
      else emit("close", hasAdded);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      const items = asking.value ? asking.value.ports.length : flat.value.length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) active.value = (active.value + step + items) % Math.max(1, items);
      else if (event.key === "Enter") enter(event.shiftKey);
      else if (event.key === "Escape") back();
      else if (event.key === "Tab") showsAll.value = !showsAll.value;
      else return void event.stopPropagation();
      event.preventDefault();
      event.stopPropagation();
    }

    /** @param {boolean} keepsOpen */
    function enter(keepsOpen) {
      const wait = asking.value;
      if (!wait) return choose(flat.value[active.value], keepsOpen);
      add(wait.choice, joinOf(wait.choice, wait.ports[active.value] ?? null), keepsOpen || wait.keepsOpen);
    }

    /** @param {FocusEvent} event */
    function onFocusout(event) {
      const box = /** @type {HTMLElement} */ (event.currentTarget);
      if (event.relatedTarget instanceof Node && box.contains(event.relatedTarget)) return;
      if (document.hasFocus()) emit("close", hasAdded);
    }

    return () =>
      h(
        "div",
        { class: "ed-quick", role: "dialog", "aria-label": "Add a module", style: boxPlace(request.value.screen, props.stage), onKeydown, onFocusout, tabindex: -1 },
        [
          h("label", { class: "ed-search" }, [
            icon("add"),
            h("input", {
              ref: input, type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "quick-list", "aria-activedescendant": `quick-${active.value}`,
              "aria-label": "Search modules to add", placeholder: asking.value ? "Which port?" : "Add a module", value: query.value, readonly: Boolean(asking.value),
              onInput: (/** @type {Event} */ event) => (query.value = /** @type {HTMLInputElement} */ (event.target).value),
            }),
          ]),
          hasCondition() && !asking.value ? drawCondition() : null,
          h("div", { ref: list, id: "quick-list", class: "ed-quick-list", role: "listbox", "aria-label": asking.value ? "Ports" : "Modules" }, asking.value ? drawPorts(asking.value) : drawSections()),
          h("div", { class: "ed-quick-foot" }, asking.value
            ? [keys("Enter"), "connect", keys("Escape"), "back"]
            : [keys("Enter"), "add", keys("Shift+Enter"), "add and go on", h("span", { class: "ed-spacer" }), keys("Escape"), "close"]),
        ],
      );

    function drawCondition() {
      const type = end.value?.type ?? session.wires.ends(request.value.wire ?? "")?.output.type ?? "Any";
      const words = request.value.wire ? "Goes into the wire" : end.value?.side === "output" ? `Takes ${type}` : `Gives ${type}`;
      return h("div", { class: "ed-quick-condition" }, [
        typeMark(type),
        h("span", words),
        h("span", { class: "ed-spacer" }),
        h("button", { type: "button", class: "ed-link", "aria-pressed": String(showsAll.value), onClick: () => (showsAll.value = !showsAll.value) }, showsAll.value ? "Only what fits" : "Show all"),
        keys("Tab"),
      ]);
    }

    function drawSections() {
      if (flat.value.length === 0)
        return h("p", { class: "ed-quick-none" }, [
          query.value ? `No module matches “${query.value}”` : "No module fits here", hasCondition() && !showsAll.value ? ". Press Tab to see all." : ".",
        ]);
      let at = 0;
      return sections.value.map((section) =>
        h("div", { key: section.title, role: "group", "aria-label": section.title || "Found" }, [
          section.title ? h("div", { class: "ed-quick-title" }, section.title) : null,
          ...section.choices.map((choice) => drawChoice(choice, at++)),
        ]));
    }

    /** @param {Choice} choice @param {number} index */
    function drawChoice(choice, index) {
      const isFavourite = memory.favourites.includes(choice.id);
      return h(
        "div",
        {
          key: `${choice.id}.${index}`, id: `quick-${index}`, role: "option", "aria-selected": String(index === active.value), class: ["ed-quick-item", { "ed-quick-off": hasCondition() && !choice.fits }],
          style: { "--category": categoryColor(choice.category) }, title: choice.summary,
          onPointermove: () => (active.value = index),
          onPointerdown: (/** @type {PointerEvent} */ event) => event.preventDefault(),
          onClick: (/** @type {MouseEvent} */ event) => choose(choice, event.shiftKey),
        },
        [
          icon(choice.icon, "ed-module-icon"),
          h("span", { class: "ed-quick-name" }, marked(choice.title, query.value)),
          query.value ? h("span", { class: "ed-muted" }, categoryTitle(choice.category)) : null,
          choice.subgraph
            ? null
            : h("span", {
                class: ["ed-star", { "ed-star-on": isFavourite }], "aria-hidden": "true", title: isFavourite ? "Remove from the favourites" : "Make it a favourite",
                onPointerdown: (/** @type {PointerEvent} */ event) => event.preventDefault(),
                onClick: (/** @type {MouseEvent} */ event) => {
                  event.stopPropagation();
                  toggleFavourite(choice.id);
                },
              }, [icon(isFavourite ? "star" : "star_border")]),
        ],
      );
    }

    /** @param {{choice: Choice, ports: Port[], keepsOpen: boolean}} wait */
    function drawPorts({ choice, ports, keepsOpen }) {
      return [
        h("div", { class: "ed-quick-title" }, `Ports of ${choice.title}`),
        ...ports.map((port, index) =>
          h("div", {
            key: port.name, id: `quick-${index}`, role: "option", "aria-selected": String(index === active.value), class: "ed-quick-item",
            onPointermove: () => (active.value = index),
            onPointerdown: (/** @type {PointerEvent} */ event) => event.preventDefault(),
            onClick: () => add(choice, joinOf(choice, port), keepsOpen),
          }, [typeMark(port.type), h("span", { class: "ed-quick-name" }, portTitle(port)), h("span", { class: "ed-muted" }, port.type)])),
      ];
    }
  },
});

/** Any end: what fits has been found out for each choice already. @type {WireEnd} */
const END_ANY = { side: "output", type: "Any" };

/**
 * The corner of a new node whose joined port lies at a point; without a join its middle does.
 *
 * @param {ModuleSpec} spec
 * @param {Point} at
 * @param {Join | null} join
 * @returns {Point}
 */
function cornerAt(spec, at, join) {
  const [inputs, outputs] = [spec.inputs ?? [], spec.outputs ?? []];
  const width = nodeWidth(inputs.length, outputs.length);
  if (join && "from" in join) {
    return { x: at.x - portOffset(width, inputs.findIndex(({ name }) => name === join.port), inputs.length), y: at.y };
  }
  if (join && "to" in join) {
    return { x: at.x - portOffset(width, outputs.findIndex(({ name }) => name === join.port), outputs.length), y: at.y - NODE_HEIGHT };
  }
  return { x: at.x - width / 2, y: at.y - NODE_HEIGHT / 2 };
}

/**
 * Where the box stands: below the pointer, above it where there is more room.
 *
 * @param {Point} screen
 * @param {any} stage
 */
function boxPlace(screen, stage) {
  const left = Math.max(8, Math.min(screen.x - 24, stage.width - WIDTH - 8));
  const [below, above] = [stage.height - screen.y - 16, screen.y - 16];
  const place = below >= Math.min(HEIGHT, above) ? { top: `${screen.y + 8}px` } : { bottom: `${stage.height - screen.y + 8}px` };
  return { left: `${left}px`, ...place, width: `${WIDTH}px`, maxHeight: `${Math.min(HEIGHT, Math.max(below, above))}px` };
}
