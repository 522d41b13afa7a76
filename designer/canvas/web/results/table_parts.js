// What a table is drawn of: the bar above it, its head with the shape of every column, its rows.

import { h } from "vue";
import { icon } from "../panels/atoms.js";
import { PopMenu } from "../panels/pop_menu.js";
import { formatCount, formatShare } from "./format.js";
import { miniHistogram } from "./mini_histogram.js";
import { drawCell, isNumberType, typeIcon } from "./table_cells.js";
import { ROW_PX } from "./table_window.js";

/**
 * @import {ArtifactApi, ColumnProfile, TableColumn} from "./artifact_api.js"
 * @import {TablePages} from "./table_pages.js"
 */

const SEARCH_MS = 250;

/**
 * @param {TablePages} table
 * @param {ArtifactApi} api
 * @param {string} digest
 */
export function drawBar(table, api, digest) {
  const formats = /** @type {const} */ ([
    ["csv", "CSV"],
    ["parquet", "Parquet"],
    ["arrow", "Arrow"],
  ]);
  return h("div", { class: "ed-view-bar" }, [
    h(
      "span",
      { class: "ed-view-facts" },
      `${formatCount(table.total.value, table.query.search ? "matching row" : "row")} × ${formatCount(table.columns.value.length, "column")}`,
    ),
    h("span", { class: "ed-spacer" }),
    h("label", { class: "ed-search ed-search-small" }, [
      icon("search"),
      h("input", {
        type: "search",
        placeholder: "Search rows",
        "aria-label": "Search rows",
        value: table.query.search,
        onInput: debounce(
          (/** @type {Event} */ event) =>
            (table.query.search = /** @type {HTMLInputElement} */ (event.target).value.trim()),
          SEARCH_MS,
        ),
        onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
      }),
    ]),
    h(
      PopMenu,
      {
        label: "Download",
        align: "end",
        items: formats.map(([format, label]) => ({
          label: `Download as ${label}`,
          icon: "download",
          run: () => download(api.downloadUrl(digest, format)),
        })),
      },
      { default: () => [icon("download")] },
    ),
  ]);
}

/**
 * @param {TableColumn[]} shown
 * @param {{table: TablePages, lefts: number[], widths: number[], first: number, profiles: Map<string, ColumnProfile>, rows: number, chosen: string, sortBy: (name: string) => void, choose: (name: string) => void}} options
 */
export function drawHead(shown, { table, lefts, widths, first, profiles, rows, chosen, sortBy, choose }) {
  return h(
    "div",
    { class: "ed-table-head", style: { width: `${lefts.at(-1)}px` } },
    shown.map((column, index) => {
      const at = first + index;
      const profile = profiles.get(column.name);
      const sorted = table.query.sort === column.name;
      const style = { left: `${lefts[at]}px`, width: `${widths[at]}px` };
      return h(
        "div",
        {
          key: at,
          class: [
            "ed-table-th",
            { "ed-table-th-chosen": chosen === column.name, "ed-table-number": isNumberType(column.type) },
          ],
          style,
        },
        [
          h(
            "button",
            {
              type: "button",
              class: "ed-table-name",
              "data-tip": `${column.name} · ${column.type}. Click to sort.`,
              onClick: () => sortBy(column.name),
            },
            [
              icon(typeIcon(column)),
              h("span", column.name),
              sorted ? icon(table.query.descending ? "arrow_downward" : "arrow_upward", "ed-table-sort") : null,
            ],
          ),
          h(
            "button",
            {
              type: "button",
              class: "ed-table-profile",
              "aria-label": `Profile of ${column.name}`,
              onClick: () => choose(column.name),
            },
            [
              profile ? miniHistogram(profile, rows) : h("span", { class: "ed-mini" }),
              h("span", { class: "ed-table-facts" }, [
                column.role ? h("span", { class: `ed-role ed-role-${column.role}` }, column.role) : null,
                profile && profile.nulls > 0 && rows > 0
                  ? h("span", { class: "ed-null-share" }, `${formatShare(profile.nulls / rows)} null`)
                  : null,
              ]),
            ],
          ),
        ],
      );
    }),
  );
}

/**
 * @param {TablePages} table
 * @param {import("./table_window.js").RowWindow} rows
 * @param {{shown: TableColumn[], first: number, lefts: number[], widths: number[], decimals: (number | null)[]}} columns
 */
export function drawRows(table, rows, { shown, first, lefts, widths, decimals }) {
  const drawn = [];
  for (let index = rows.first; index < rows.last; index += 1) {
    const row = table.row(index);
    drawn.push(
      h(
        "div",
        {
          key: index,
          class: ["ed-table-row", { "ed-table-odd": index % 2 }],
          style: { top: `${rows.top + (index - rows.first) * ROW_PX}px` },
        },
        shown.map((column, at) =>
          drawCell(row ? row[first + at] : undefined, column, {
            left: lefts[first + at] ?? 0,
            width: widths[first + at] ?? 0,
            decimals: decimals[first + at] ?? null,
          }),
        ),
      ),
    );
  }
  return drawn;
}

/** @param {string} url */
function download(url) {
  const link = Object.assign(document.createElement("a"), { href: url, download: "" });
  link.click();
}

/**
 * @param {(event: Event) => void} handler
 * @param {number} wait_ms
 */
function debounce(handler, wait_ms) {
  let timer = 0;
  return (/** @type {Event} */ event) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => handler(event), wait_ms);
  };
}
