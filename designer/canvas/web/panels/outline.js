// The outline: the graph as a tree, for the keyboard, for screen readers and for graphs too large to look at.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowReactive, watch } from "vue";
import { parseRowKey, outlineRows, rowKey, rowsAround, rowWindow, typedAhead, wiresBySource, wiresOfRow, workOrder } from "../document/outline.js";
import { problemsOfView } from "../document/problem_places.js";
import { stateOfNode } from "../scene/face.js";
import { GLYPHS } from "../scene/status_glyphs.js";
import { categoryColor, emptyState, icon, keys, severityMark, typeTag } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { problemsOf, rowTitle, rowWords } from "./outline_words.js";

/**
 * @import {OutlineRow} from "../document/outline.js"
 * @import {Port} from "../types.js"
 */

const ROW_PX = 28;
const TYPING_MS = 900;

/** Emits `choose` with a row whose port is to be connected, `add` with the row behind which a module goes, `leave`. */
export const Outline = defineComponent({
  name: "GraphOutline",
  emits: ["choose", "add", "leave"],
  setup(_props, { emit, expose }) {
    const { session, state, actions } = useEditor();
    /** Open nodes as step ids, so that every scope keeps its own. */
    const opened = shallowReactive(new Set(/** @type {string[]} */ ([])));
    const view = shallowReactive({ top: 0, height: 600 });
    const active = ref("");
    const renaming = ref("");
    /** The name as it is typed: rows are drawn again meanwhile. */
    const name = ref("");
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const tree = ref(null);
    const typed = { text: "", at: 0 };
    let lastIndex = 0;

    const order = computed(() => workOrder(state.document));
    const leaving = computed(() => wiresBySource(state.document));
    const problems = computed(() => {
      void state.diagnostics;
      return problemsOfView(session.diagnostics, session.view, session.here);
    });
    const rows = computed(() => {
      void state.modulesTick;
      const { document } = state;
      return outlineRows(document, order.value, {
        portsOf: (id) => session.modules.portsOf(document, id),
        isSubgraph: (id) => Boolean(document.nodes[id]?.subgraph),
        isOpen: (id) => opened.has(session.stepId(id)),
      });
    });
    const indexOf = computed(() => new Map(rows.value.map((row, index) => [row.key, index])));
    const activeIndex = () => indexOf.value.get(active.value) ?? Math.min(lastIndex, rows.value.length - 1);
    const hasFocus = () => tree.value !== null && tree.value.contains(document.activeElement);

    /** @param {number} wished @param {{isAdding?: boolean}} [how] */
    function goTo(wished, { isAdding = false } = {}) {
      const index = Math.max(0, Math.min(rows.value.length - 1, wished));
      const row = rows.value[index];
      if (!row) return;
      setActive(index);
      if (row.kind === "node" && isAdding) session.select([...session.selection.nodes, row.node]);
      else if (row.kind === "node") session.focusNode(row.node);
      else session.select([], wiresOfRow(state.document, leaving.value, row).map(({ key }) => key));
      void focusActive();
    }

    /** @param {number} index */
    function setActive(index) {
      lastIndex = index;
      active.value = rows.value[index]?.key ?? "";
      const box = tree.value;
      if (!box) return;
      const [top, bottom] = [index * ROW_PX, (index + 1) * ROW_PX];
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
      view.top = box.scrollTop;
    }

    async function focusActive() {
      await nextTick();
      const row = tree.value?.querySelector("[tabindex='0']");
      if (row instanceof HTMLElement) row.focus({ preventScroll: true });
      else tree.value?.focus({ preventScroll: true });
    }

    /** @param {OutlineRow} row @param {boolean} isOpen */
    function setOpen(row, isOpen) {
      if (row.kind === "inside") return session.subgraphs.setExpanded(row.node, isOpen);
      if (isOpen) opened.add(session.stepId(row.node));
      else opened.delete(session.stepId(row.node));
    }

    /** The canvas, undo or somebody else chose: the outline goes along. */
    function followSelection() {
      const { nodes, wires } = session.selection;
      const row = rows.value[indexOf.value.get(active.value) ?? -1];
      if (nodes.size > 0 ? row?.kind === "node" && nodes.has(row.node) : wires.size === 0 || row?.port) return;
      const node = [...nodes].at(-1);
      const key = node ?? inputKey([...wires].at(-1) ?? "");
      for (const id of rowsAround(state.document, parseRowKey(key).node)) opened.add(session.stepId(id));
      const index = indexOf.value.get(key);
      if (index === undefined) return;
      const isHere = hasFocus();
      setActive(index);
      if (isHere) void focusActive();
    }

    /** @param {string} wire */
    function inputKey(wire) {
      const found = wire && session.wires.find(wire);
      return found ? rowKey(found.target, "input", found.port) : "";
    }

    watch(() => state.selection, followSelection);
    watch(() => state.scope, () => (active.value = ""));
    watch(rows, () => {
      if (indexOf.value.has(active.value)) return void (lastIndex = activeIndex());
      const wasHere = hasFocus();
      setActive(activeIndex());
      if (wasHere && !renaming.value) void focusActive();
    });

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      const row = rows.value[activeIndex()];
      if (event.defaultPrevented || event.target instanceof HTMLInputElement || actions.isWaiting) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isPlain || !(walk(event, row) || (row && act(event, row)) || typeAhead(event))) return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** @param {KeyboardEvent} event @param {OutlineRow | undefined} row @returns {boolean} whether the key moved */
    function walk({ key, shiftKey }, row) {
      const index = activeIndex();
      const page = Math.max(1, Math.floor(view.height / ROW_PX) - 1);
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.value.length, End: rows.value.length }[key];
      if (steps !== undefined) goTo(index + steps, { isAdding: shiftKey && Math.abs(steps) === 1 });
      else if (key === "ArrowRight" && row) goIn(row, index);
      else if (key === "ArrowLeft" && row) goOut(row);
      else return false;
      return true;
    }

    /** @param {OutlineRow} row @param {number} index */
    function goIn(row, index) {
      if (row.isOpen === false) setOpen(row, true);
      else if (rows.value[index + 1]?.parent === row.key) goTo(index + 1);
    }

    /** @param {OutlineRow} row */
    function goOut(row) {
      if (row.isOpen) setOpen(row, false);
      else if (row.parent) goTo(indexOf.value.get(row.parent) ?? 0);
    }

    /** @param {KeyboardEvent} event @param {OutlineRow} row @returns {boolean} whether the key did something here */
    function act({ key, shiftKey }, row) {
      if (key === "Enter" && !shiftKey && row.kind === "inside") session.enter(row.node);
      else if (key === "Enter" && !shiftKey && row.port && !session.readOnly) emit("choose", row);
      else if (key === " " && row.kind === "node") toggle(row.node);
      else if (key === "/" && !session.readOnly) emit("add", row);
      else if (key === "Escape") emit("leave");
      else return false;
      return true;
    }

    /** @param {string} id */
    function toggle(id) {
      const nodes = new Set(session.selection.nodes);
      if (!nodes.delete(id)) nodes.add(id);
      session.select(nodes);
    }

    /** Letters find a row; other signs are keys of actions. @param {KeyboardEvent} event */
    function typeAhead({ key, timeStamp }) {
      const isGoing = timeStamp - typed.at < TYPING_MS && typed.text !== "";
      if (key.length !== 1 || !(isGoing ? /[^/?]/u : /\p{L}/u).test(key)) return false;
      typed.text = isGoing ? typed.text + key : key;
      typed.at = timeStamp;
      const index = typedAhead(rows.value, (row) => rowTitle(session, row), activeIndex(), typed.text);
      if (index >= 0) goTo(index);
      return true;
    }

    /** @param {OutlineRow} row @param {boolean} isKept */
    function endRename(row, isKept) {
      if (!renaming.value) return;
      renaming.value = "";
      const text = name.value.trim();
      const module = session.modules.specOf(session.document.nodes[row.node])?.title;
      if (isKept && text !== session.titleOf(row.node)) session.rename(row.node, text === module ? "" : text);
      void focusActive();
    }

    expose({
      hasFocus,
      focus: () => {
        if (!indexOf.value.has(active.value)) setActive(Math.max(0, activeIndex()));
        return focusActive();
      },
      /** @param {string} id @returns {boolean} whether the name is edited here */
      rename(id) {
        if (!hasFocus() || !indexOf.value.has(id)) return false;
        name.value = session.titleOf(id);
        renaming.value = id;
        return true;
      },
    });

    /** @type {ResizeObserver | null} */
    let observer = null;
    onMounted(() => {
      followSelection();
      if (!tree.value) return;
      observer = new ResizeObserver(() => (view.height = tree.value?.clientHeight ?? 600));
      observer.observe(tree.value);
    });
    onBeforeUnmount(() => observer?.disconnect());

    return () => {
      void state.statusTick;
      void state.plan;
      void state.breakpointTick;
      void state.commentTick;
      const all = rows.value;
      const { first, last } = rowWindow(view, ROW_PX, all.length);
      const current = activeIndex();
      const shown = all.slice(first, last).map((row, index) => ({ row, index: first + index }));
      if (current >= 0 && (current < first || current >= last)) shown.push({ row: all[current], index: current });
      return h("section", { class: "ed-outline", "aria-label": "Outline" }, [
        h(
          "div",
          {
            ref: tree, class: "ed-outline-tree", role: all.length ? "tree" : undefined, "aria-label": all.length ? "Nodes in the order of the work" : undefined,
            "aria-multiselectable": all.length ? "true" : undefined, "data-canvas-keys": "", tabindex: all.length ? -1 : 0,
            onScroll: () => (view.top = tree.value?.scrollTop ?? 0), onKeydown: all.length ? onKeydown : onEmptyKey,
          },
          all.length
            ? [h("div", { class: "ed-outline-rows", role: "presentation", style: { height: `${all.length * ROW_PX}px` } }, shown.map(({ row, index }) => drawRow(row, index, index === current)))]
            : [emptyState("account_tree", "Nothing is drawn yet", "Press / and type the name of a module.")],
        ),
        drawFoot(all[current]),
      ]);
    };

    /** @param {KeyboardEvent} event */
    function onEmptyKey(event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        emit("leave");
      }
    }

    /** @param {OutlineRow} row @param {number} index @param {boolean} isActive */
    function drawRow(row, index, isActive) {
      const wires = wiresOfRow(state.document, leaving.value, row);
      const words = rowWords(session, row, { problems: problems.value, wires });
      const isNode = row.kind === "node";
      const isSelected = isNode ? state.selection.nodes.has(row.node) : wires.length > 0 && wires.every(({ key }) => state.selection.wires.has(key));
      return h(
        "div",
        {
          key: row.key, id: `outline-${row.key.replaceAll("\n", "-")}`, role: "treeitem", class: ["ed-outline-row", `ed-outline-${row.kind}`],
          style: { top: `${index * ROW_PX}px`, "--depth": row.level - 1 }, tabindex: isActive ? 0 : -1, "data-row": row.key.replaceAll("\n", "/"), "data-node": isNode ? row.node : undefined,
          "aria-level": row.level, "aria-posinset": row.position, "aria-setsize": row.siblings, "aria-label": words.label,
          "aria-expanded": row.isOpen === null ? undefined : String(row.isOpen), "aria-selected": String(isSelected),
          onClick: (/** @type {MouseEvent} */ event) => goTo(index, { isAdding: event.shiftKey || event.ctrlKey || event.metaKey }),
          onDblclick: () => (isNode ? session.openNode(row.node, "properties") : row.port && !session.readOnly ? emit("choose", row) : row.kind === "inside" && session.enter(row.node)),
        },
        [
          h("span", { class: "ed-outline-turn", onClick: (/** @type {Event} */ event) => row.isOpen !== null && (event.stopPropagation(), setOpen(row, !row.isOpen)) },
            row.isOpen === null ? [] : [icon(row.isOpen ? "expand_more" : "chevron_right")]),
          ...(isNode ? drawNode(row, words) : drawPort(row.port, words)),
        ],
      );
    }

    /** @param {OutlineRow} row @param {import("./outline_words.js").RowWords} words */
    function drawNode(row, words) {
      const node = session.document.nodes[row.node] ?? {};
      const spec = session.modules.specOf(node);
      const shown = node.terminal ? "idle" : stateOfNode(session, row.node);
      const [worst] = problemsOf(problems.value.get(row.node));
      if (renaming.value === row.node) return [drawField(row)];
      return [
        h("span", { class: "ed-outline-icon", style: { color: categoryColor(spec?.category ?? "") } }, [icon(spec?.icon || (node.subgraph ? "account_tree" : "extension"))]),
        h("span", { class: "ed-outline-title" }, words.title),
        worst ? h("span", { class: "ed-outline-problem", "data-tip": worst.message }, [severityMark(worst.severity ?? "error")]) : null,
        shown === "idle"
          ? null
          : h("span", { class: `ed-outline-state ed-state-${shown}` }, [
              h("svg", { width: 12, height: 12, viewBox: "0 0 16 16", "aria-hidden": "true" }, [h("path", { d: GLYPHS[shown], fill: "currentColor", "fill-rule": "evenodd" })]),
              words.note,
            ]),
      ];
    }

    /** @param {Port | null} port @param {import("./outline_words.js").RowWords} words */
    function drawPort(port, words) {
      return [
        port ? typeTag(port.type) : icon("login"),
        h("span", { class: "ed-outline-title" }, words.title),
        h("span", { class: ["ed-outline-note", { "ed-outline-missing": words.isMissing }] }, words.note),
      ];
    }

    /** @param {OutlineRow} row */
    function drawField(row) {
      return h("input", {
        class: "ed-input ed-outline-field", "aria-label": "Name of the node", value: name.value, spellcheck: false, maxlength: 200,
        onInput: (/** @type {Event} */ event) => (name.value = /** @type {HTMLInputElement} */ (event.target).value),
        onVnodeMounted: (/** @type {any} */ { el }) => el.select(),
        onKeydown: (/** @type {KeyboardEvent} */ event) => {
          event.stopPropagation();
          if (event.key === "Enter" || event.key === "Escape") endRename(row, event.key === "Enter");
        },
        onBlur: () => endRename(row, true),
      });
    }

    /** What the keys do on the row that has the focus. @param {OutlineRow | undefined} row */
    function drawFoot(row) {
      const enter = row?.kind === "inside" ? "go inside" : row?.port ? "connect" : "properties";
      const parts = [...(row && (!row.port || !session.readOnly) ? [keys("Enter"), enter] : []), ...(session.readOnly ? [] : [keys("/"), "add"])];
      return h("div", { class: "ed-outline-foot" }, parts);
    }
  },
});
