// The head of a table: name, type, role, missing share, order and filter of every column, and its shape.

import { h } from "vue";
import { icon } from "../../panels/atoms.js";
import { PopMenu } from "../../panels/pop_menu.js";
import { formatShare } from "../format.js";
import { exactType, isNumberType, typeIcon } from "./cells.js";
import { withHidden, withPinned, withWidth } from "./column_layout.js";
import { miniHistogram } from "./mini_histogram.js";
import { hasOrder, sortMark } from "./table_query.js";

/**
 * @import {PlacedColumn} from "./column_layout.js"
 * @import {Table} from "./use_table.js"
 * @import {MenuItem} from "../../panels/pop_menu.js"
 * @typedef {{free: PlacedColumn[], gutter: number, side: number, width: number, chosen: string, onProfile: (name: string) => void, onFilter: (name: string, anchor: HTMLElement) => void}} HeadPlace
 */

export const HEAD_PX = 64;

/** @param {Table} table @param {HeadPlace} place */
export function drawHead(table, place) {
  return h("div", { class: "ed-table-head", role: "row", style: { width: `${place.width}px` } }, [
    h("div", { class: "ed-table-side", style: { width: `${place.side}px` } }, [
      h("div", { class: "ed-table-corner", style: { width: `${place.gutter}px` } }, "row"),
      ...table.layout.value.pinned.map((placed) => drawColumn(table, placed, place, place.gutter)),
    ]),
    h(
      "div",
      { class: "ed-table-free", style: { left: `${place.side}px` } },
      place.free.map((placed) => drawColumn(table, placed, place, 0)),
    ),
  ]);
}

/** @param {Table} table @param {PlacedColumn} placed @param {HeadPlace} place @param {number} shift */
function drawColumn(table, placed, place, shift) {
  const { column, left, width } = placed;
  const { profile } = table;
  const facts = profile.columns.get(column.name);
  const { wanted } = table.state.value;
  const mark = sortMark(wanted, column.name);
  const isFiltered = wanted.filters.some((filter) => filter.column === column.name);
  const missing = facts && profile.rows ? facts.nulls / profile.rows : 0;
  return h(
    "div",
    {
      key: column.name,
      role: "columnheader",
      "aria-sort": mark ? (mark.descending ? "descending" : "ascending") : "none",
      class: [
        "ed-table-th",
        { "ed-table-th-chosen": place.chosen === column.name, "ed-table-number": isNumberType(column.type) },
      ],
      style: { left: `${left + shift}px`, width: `${width}px` },
    },
    [
      h("div", { class: "ed-table-th-line" }, [
        h(
          "button",
          {
            type: "button",
            class: "ed-table-name",
            "data-tip": `${column.name} · ${exactType(column)}${hasOrder(column) ? ". Click to sort, Shift adds to the order." : ""}`,
            disabled: !hasOrder(column),
            onClick: (/** @type {MouseEvent} */ event) => table.sortBy(column.name, event.shiftKey),
          },
          [
            icon(typeIcon(column)),
            h("span", column.name),
            mark ? icon(mark.descending ? "arrow_downward" : "arrow_upward", "ed-table-sort") : null,
            mark?.rank ? h("span", { class: "ed-table-rank" }, String(mark.rank)) : null,
          ],
        ),
        isFiltered
          ? h(
              "button",
              {
                type: "button",
                class: "ed-table-filtered",
                "aria-label": `Change the filter of ${column.name}`,
                "data-tip": "Change the filter",
                onClick: (/** @type {MouseEvent} */ event) =>
                  place.onFilter(column.name, /** @type {HTMLElement} */ (event.currentTarget)),
              },
              [icon("filter_alt")],
            )
          : null,
        h(
          PopMenu,
          {
            label: `Column ${column.name}`,
            align: "end",
            buttonClass: "ed-table-menu",
            items: columnMenu(table, placed, place),
          },
          { default: () => [icon("expand_more")] },
        ),
      ]),
      h(
        "button",
        {
          type: "button",
          class: "ed-table-profile",
          "aria-label": `Profile of ${column.name}`,
          onClick: () => place.onProfile(column.name),
        },
        [
          facts ? miniHistogram(facts, profile.rows) : h("span", { class: "ed-mini" }),
          missing > 0
            ? h("span", { class: "ed-missing-bar", "data-tip": `${formatShare(missing)} missing` }, [
                h("span", { style: { width: `${Math.max(2, missing * 100)}%` } }),
              ])
            : null,
          h("span", { class: "ed-table-facts" }, [
            column.role ? h("span", { class: `ed-role ed-role-${column.role}` }, column.role) : null,
            missing > 0 ? h("span", { class: "ed-null-share" }, `${formatShare(missing)} missing`) : null,
          ]),
        ],
      ),
      h("span", {
        class: "ed-table-edge",
        "data-column": column.name,
        onPointerdown: (/** @type {PointerEvent} */ event) => resize(table, placed, event),
        onDblclick: () => table.arrange(withWidth(table.choices.value, column.name, null)),
      }),
    ],
  );
}

/** @param {Table} table @param {PlacedColumn} placed @param {HeadPlace} place @returns {MenuItem[]} */
function columnMenu(table, { column, pinned }, place) {
  const { name } = column;
  const { wanted } = table.state.value;
  const mark = sortMark(wanted, name);
  const others = wanted.sort.filter((item) => item.column !== name);
  /** @param {boolean} descending @returns {MenuItem} */
  const sortItem = (descending) => ({
    label: descending ? "Sort descending" : "Sort ascending",
    icon: descending ? "arrow_downward" : "arrow_upward",
    checked: mark?.descending === descending,
    run: () => table.ask({ ...wanted, sort: [{ column: name, descending }] }),
  });
  /** @type {MenuItem[]} */
  const order = hasOrder(column)
    ? [
        sortItem(false),
        sortItem(true),
        ...(others.length && !mark
          ? [{ label: "Add to the order", icon: "playlist_add", run: () => table.sortBy(name, true) }]
          : []),
        ...(mark
          ? [{ label: "Do not sort by it", icon: "close", run: () => table.ask({ ...wanted, sort: others }) }]
          : []),
        { separator: true },
      ]
    : [];
  return [
    ...order,
    {
      label: "Filter…",
      icon: "filter_alt",
      run: () => place.onFilter(name, headOf(name)),
    },
    { label: "Profile", icon: "bar_chart", run: () => place.onProfile(name) },
    { separator: true },
    {
      label: pinned ? "Unpin" : "Pin to the left",
      icon: "push_pin",
      run: () => table.arrange(withPinned(table.choices.value, name)),
    },
    { label: "Hide", icon: "visibility_off", run: () => table.arrange(withHidden(table.choices.value, name)) },
    { label: "Copy the name", icon: "content_copy", run: () => void navigator.clipboard?.writeText(name) },
  ];
}

/** @param {string} name @returns {HTMLElement} */
function headOf(name) {
  const edges = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".ed-table-edge")]);
  const edge = edges.find((element) => element.dataset.column === name);
  return edge?.parentElement ?? document.body;
}

/** @param {Table} table @param {PlacedColumn} placed @param {PointerEvent} event */
function resize(table, { column, width }, event) {
  if (event.button !== 0) return;
  event.preventDefault();
  event.stopPropagation();
  const element = /** @type {HTMLElement} */ (event.currentTarget);
  element.setPointerCapture(event.pointerId);
  const from = event.clientX;
  /** @param {PointerEvent} move */
  const drag = (move) => table.arrange(withWidth(table.choices.value, column.name, width + move.clientX - from));
  element.addEventListener("pointermove", drag);
  element.addEventListener("lostpointercapture", () => element.removeEventListener("pointermove", drag), {
    once: true,
  });
}
