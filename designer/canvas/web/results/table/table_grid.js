// The rows on screen with their head: scrolled, walked through by keys, selected, copied.

import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref, shallowReactive, watch } from "vue";
import { drawCell } from "./cells.js";
import { drawHead, HEAD_PX } from "./table_head.js";
import { ROW_PX, columnSpan, rowSpan } from "./row_window.js";
import { offsetShowing, scrollHeight } from "./scroll_place.js";
import { blockOf, moved, within } from "./selection.js";
import { useScrollPlace } from "./use_scroll_place.js";

/**
 * @import {PlacedColumn} from "./column_layout.js"
 * @import {CellBlock, CellPlace} from "./selection.js"
 * @import {Table} from "./use_table.js"
 */

const DIGIT_PX = 7.2;

/** Props: `table`, `chosen` (the column in depth), `found` (the row of the hit). Emits `open` (a cell), `copy`, `menu`, `profile`. */
export const TableGrid = defineComponent({
  name: "TableGrid",
  props: {
    table: { type: Object, required: true },
    chosen: { type: String, default: "" },
    found: { type: Object, default: null },
  },
  emits: ["open", "copy", "profile", "filter"],
  setup(props, { emit, expose }) {
    const table = /** @type {Table} */ (props.table);
    const view = shallowReactive({ offset: 0, bar: 0, left: 0, width: 800, height: 240 });
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const scroller = ref(null);

    const gutter = computed(() => Math.round(String(Math.max(0, table.state.value.rows - 1)).length * DIGIT_PX) + 20);
    const size = computed(() => ({ total: table.state.value.total, viewport: Math.max(0, view.height - HEAD_PX) }));
    const { scrollTo, followBar } = useScrollPlace(scroller, view, size);
    const span = computed(() => rowSpan({ ...view, viewport: size.value.viewport, total: size.value.total }));
    const side = computed(() => gutter.value + table.layout.value.pinnedWidth);
    const free = computed(() => {
      const { first, last } = columnSpan(table.layout.value.free, {
        scrollLeft: view.left,
        viewport: Math.max(0, view.width - side.value),
      });
      return table.layout.value.free.slice(first, last);
    });
    const places = computed(() => new Map(table.order.value.map(({ index: of }, at) => [of, at])));
    const extent = computed(() => ({
      rows: size.value.total,
      columns: table.order.value.length,
      page: Math.max(1, Math.floor(size.value.viewport / ROW_PX) - 1),
    }));

    watch(
      () => [span.value.first, span.value.last, free.value, table.state.value.query],
      () => table.source.value.need(span.value, [...table.layout.value.pinned, ...free.value].map(({ index }) => index)),
      { immediate: true },
    );
    watch(
      () => table.state.value.query,
      () => {
        table.selection.value = null;
        scrollTo(0);
      },
    );

    const observer = new ResizeObserver(measure);
    onMounted(() => scroller.value && observer.observe(scroller.value));
    onBeforeUnmount(() => observer.disconnect());

    function measure() {
      const element = scroller.value;
      if (!element) return;
      Object.assign(view, { left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight });
      followBar();
    }

    /** @param {WheelEvent} event */
    function onWheel(event) {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      if (scrollHeight(size.value) === size.value.total * ROW_PX) return;
      const unit = event.deltaMode === 1 ? ROW_PX : event.deltaMode === 2 ? size.value.viewport : 1;
      event.preventDefault();
      scrollTo(view.offset + event.deltaY * unit);
    }

    /** @param {number} row @param {number} [column] as shown */
    function reveal(row, column) {
      scrollTo(offsetShowing(row, view.offset, size.value));
      const placed = column === undefined ? undefined : table.order.value[column];
      if (!placed || placed.pinned || !scroller.value) return;
      const room = view.width - side.value;
      const { left, width } = placed;
      if (left < view.left) scroller.value.scrollLeft = left;
      else if (left + width > view.left + room) scroller.value.scrollLeft = Math.min(left, left + width - room);
    }

    /** @param {CellPlace} cursor @param {boolean} extend */
    function select(cursor, extend) {
      const anchor = extend ? (table.selection.value?.anchor ?? cursor) : cursor;
      table.selection.value = { cursor, anchor };
      reveal(cursor.row, cursor.column);
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      if (event.target !== scroller.value) return;
      const { selection } = table;
      const start = selection.value?.cursor ?? { row: Math.max(0, Math.ceil(view.offset / ROW_PX)), column: 0 };
      const place = event.altKey ? null : moved(event, start, extent.value);
      const isStep = event.key.startsWith("Arrow") && !event.ctrlKey && !event.metaKey;
      if (place && extent.value.rows > 0) select(selection.value || !isStep ? place : start, event.shiftKey);
      else if (event.key === "Enter" && selection.value) emit("open", selection.value.cursor);
      else if (event.key === "Escape" && selection.value) selection.value = null;
      else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && selection.value) emit("copy");
      else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") selectAll();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    function selectAll() {
      const { rows, columns } = extent.value;
      if (rows && columns)
        table.selection.value = { anchor: { row: 0, column: 0 }, cursor: { row: rows - 1, column: columns - 1 } };
    }

    /** The cell under the pointer. @param {PointerEvent | MouseEvent} event @returns {CellPlace | null} */
    function cellAt(event) {
      const box = scroller.value?.getBoundingClientRect();
      if (!box) return null;
      const x = event.clientX - box.left;
      const row = Math.floor((event.clientY - box.top - HEAD_PX + view.offset) / ROW_PX);
      const { pinned, free: others } = table.layout.value;
      const at = (/** @type {PlacedColumn[]} */ list, /** @type {number} */ px) =>
        list.findIndex(({ left, width }) => px >= left && px < left + width);
      const column = x < side.value ? at(pinned, x - gutter.value) : at(others, x - side.value + view.left);
      if (column < 0 && x >= gutter.value) return null;
      return within({ row, column: x < side.value ? Math.max(0, column) : pinned.length + column }, extent.value);
    }

    /** @param {PointerEvent} event */
    function onPointerdown(event) {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.button !== 0 || target.closest(".ed-table-head") || !target.closest(".ed-table-body")) return;
      const place = cellAt(event);
      if (!place || extent.value.rows === 0) return;
      event.preventDefault();
      scroller.value?.focus();
      const isRow = target.closest(".ed-table-gutter") !== null;
      const last = extent.value.columns - 1;
      if (isRow) {
        const from = event.shiftKey ? (table.selection.value?.anchor.row ?? place.row) : place.row;
        table.selection.value = { anchor: { row: from, column: 0 }, cursor: { row: place.row, column: last } };
      } else select(place, event.shiftKey);
      followDrag(event, isRow);
    }

    /** @param {PointerEvent} event @param {boolean} isRow */
    function followDrag(event, isRow) {
      const element = /** @type {HTMLElement} */ (scroller.value);
      element.setPointerCapture(event.pointerId);
      /** @param {PointerEvent} move */
      const drag = (move) => {
        const place = cellAt(move);
        const { cursor, anchor } = table.selection.value ?? {};
        if (!place || !cursor || !anchor) return;
        const wanted = isRow ? { ...place, column: cursor.column } : place;
        if (wanted.row !== cursor.row || wanted.column !== cursor.column) select(wanted, true);
      };
      element.addEventListener("pointermove", drag);
      element.addEventListener("lostpointercapture", () => element.removeEventListener("pointermove", drag), {
        once: true,
      });
    }

    expose({ reveal, select, focus: () => scroller.value?.focus() });

    return () => {
      void table.tick.value;
      const block = table.selection.value ? blockOf(table.selection.value) : null;
      const width = side.value + table.layout.value.freeWidth;
      return h(
        "div",
        {
          ref: scroller,
          class: ["ed-table-scroll", { "ed-table-busy": table.state.value.isArranging }],
          tabindex: 0,
          role: "grid",
          "aria-label": "Table rows",
          "aria-rowcount": size.value.total + 1,
          "aria-colcount": table.order.value.length,
          "aria-activedescendant": table.selection.value ? "ed-table-cursor" : undefined,
          onScroll: measure,
          onWheel,
          onKeydown,
          onPointerdown,
          onDblclick: (/** @type {MouseEvent} */ event) => {
            const isHead = /** @type {HTMLElement} */ (event.target).closest(".ed-table-head") !== null;
            const place = isHead ? null : cellAt(event);
            if (place) emit("open", place);
          },
        },
        [
          drawHead(table, {
            free: free.value,
            gutter: gutter.value,
            side: side.value,
            width,
            chosen: props.chosen,
            onProfile: (name) => emit("profile", name),
            onFilter: (name, anchor) => emit("filter", name, anchor),
          }),
          h("div", { class: "ed-table-body", style: { height: `${scrollHeight(size.value)}px`, width: `${width}px` } }, [
            h("div", { class: "ed-table-side", style: { width: `${side.value}px` } }, drawRows(block, true)),
            h("div", { class: "ed-table-free", style: { left: `${side.value}px` } }, drawRows(block, false)),
          ]),
        ],
      );
    };

    /** @param {CellBlock | null} block @param {boolean} isSide */
    function drawRows(block, isSide) {
      const columns = isSide ? table.layout.value.pinned : free.value;
      const top = view.bar - view.offset;
      const rows = [];
      for (let row = span.value.first; row < span.value.last; row += 1)
        rows.push(
          h(
            "div",
            {
              key: row,
              role: "row",
              "aria-rowindex": row + 2,
              class: ["ed-table-row", { "ed-table-odd": row % 2, "ed-table-hit": props.found?.row === row }],
              style: { top: `${top + row * ROW_PX}px`, width: isSide ? undefined : `${table.layout.value.freeWidth}px` },
            },
            [
              isSide
                ? h(
                    "span",
                    { class: "ed-table-gutter", role: "rowheader", style: { width: `${gutter.value}px` } },
                    table.source.value.number(row) ?? "",
                  )
                : null,
              ...columns.map((placed) => drawPlaced(placed, row, block, isSide ? gutter.value : 0)),
            ],
          ),
        );
      return rows;
    }

    /** @param {PlacedColumn} placed @param {number} row @param {CellBlock | null} block @param {number} shift */
    function drawPlaced(placed, row, block, shift) {
      const { column, index, left, width } = placed;
      const at = places.value.get(index) ?? 0;
      const isIn = block && row >= block.top && row <= block.bottom && at >= block.left && at <= block.right;
      const { cursor } = table.selection.value ?? {};
      const isCursor = cursor?.row === row && cursor.column === at;
      const isFound = props.found?.row === row && props.found.columns?.includes(column.name);
      const cell = drawCell(table.source.value.cell(row, index), column, {
        left: left + shift,
        width,
        decimals: table.decimals.value[index] ?? null,
        state: [isIn ? "ed-cell-in" : "", isCursor ? "ed-cell-cursor" : "", isFound ? "ed-cell-found" : ""].join(" "),
      });
      if (cell.props)
        Object.assign(cell.props, {
          role: "gridcell",
          "aria-colindex": at + 1,
          "aria-selected": isIn ? "true" : undefined,
          id: isCursor ? "ed-table-cursor" : undefined,
        });
      return cell;
    }
  },
});
