// One value as a whole, beside the table: long texts, lists and records in full.

import { defineComponent, h } from "vue";
import { icon, iconButton } from "../../panels/atoms.js";
import { failedView, useLoaded, waitingView } from "../loading.js";
import { cellText, exactType, typeIcon } from "./cells.js";

/**
 * @import {Table} from "./use_table.js"
 * @import {CellPlace} from "./selection.js"
 */

/** Props: `table`, `cell` (row of the view, column as shown). Emits `close`. */
export const CellSheet = defineComponent({
  name: "CellSheet",
  props: { table: { type: Object, required: true }, cell: { type: Object, required: true } },
  emits: ["close"],
  setup(props, { emit }) {
    const table = /** @type {Table} */ (props.table);
    const placed = () => table.order.value[/** @type {CellPlace} */ (props.cell).column];
    const { loaded, reload } = useLoaded(
      () => `${props.cell.row}:${placed()?.column.name}`,
      () => {
        const { query } = table.state.value;
        const column = placed()?.column.name;
        return column === undefined ? null : table.api.cell(table.digest(), { row: props.cell.row, column, query });
      },
    );

    return () => {
      const column = placed()?.column;
      if (!column) return null;
      const { value, error } = loaded.value;
      const text = value ? wholeText(value.value) : "";
      return h("aside", { class: "ed-profile ed-cell-sheet", "aria-label": `Value of ${column.name}` }, [
        h("div", { class: "ed-profile-head" }, [
          icon(typeIcon(column)),
          h("strong", column.name),
          h("span", { class: "ed-muted" }, value ? `row ${value.number.toLocaleString("en")}` : exactType(column)),
          iconButton("content_copy", "Copy the value", {
            disabled: !value,
            onClick: () => void navigator.clipboard?.writeText(text),
          }),
          iconButton("close", "Close the value", { onClick: () => emit("close") }),
        ]),
        error ? failedView(error, reload) : value ? drawValue(value.value, text) : waitingView("Reading the value"),
      ]);
    };
  },
});

/** @param {unknown} value @param {string} text */
function drawValue(value, text) {
  if (value === null) return h("p", { class: "ed-muted" }, "The value is missing (null).");
  if (value === "") return h("p", { class: "ed-muted" }, "An empty text.");
  return [
    h("pre", { class: "ed-json", tabindex: 0 }, text),
    typeof value === "string" && value.length > 40
      ? h("p", { class: "ed-hint" }, `${value.length.toLocaleString("en")} characters`)
      : null,
  ];
}

/** @param {unknown} value */
function wholeText(value) {
  const isPlain = typeof value !== "object" || value === null || "$number" in value;
  return isPlain ? cellText(value) : JSON.stringify(value, null, 2);
}
