// Two tables compared: rows in a line, columns with their shapes, and the cells that differ.

import { computed, defineComponent, h, ref } from "vue";
import { button, icon, iconButton } from "../../panels/atoms.js";
import { formatCount, formatNumber, formatShare } from "../format.js";
import { failedView, waitingView } from "../loading.js";
import { exactType, readCell, typeIcon } from "../table/cells.js";
import { miniHistogram } from "../table/mini_histogram.js";
import { changedCells, columnLines, matchingWords, rowSummary, schemaLines, shapeOf } from "./difference_words.js";
import { useLongWork } from "./long_work.js";

/**
 * @import {ArtifactApi, TableColumn} from "../artifact_api.js"
 * @import {ChangedCell, ColumnShift, TableDifference} from "./difference_words.js"
 */

const COLUMNS_AT_FIRST = 30;
const ROWS_AT_ONCE = 100;
const SCHEMA_WORDS = { added: "Added", removed: "Removed", retyped: "Type changed", role: "Role changed" };

/** Props: `api`, `before` and `after` (digests), `difference` (a TableDifference), `names` (`{before, after}`). */
export const ComparedTables = defineComponent({
  name: "ComparedTables",
  props: {
    api: { type: Object, required: true },
    before: { type: String, required: true },
    after: { type: String, required: true },
    difference: { type: Object, required: true },
    names: { type: Object, required: true },
  },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const difference = computed(() => /** @type {TableDifference} */ (props.difference));
    const isAll = ref(false);
    const offset = ref(0);
    const shapes = useLongWork(
      () => "shapes",
      (patience) => api.distributions(props.before, props.after, patience),
    );
    const changed = useLongWork(
      () => offset.value,
      (patience) =>
        difference.value.rows.changed
          ? api.differenceRows(props.before, props.after, { offset: offset.value, limit: ROWS_AT_ONCE }, patience)
          : null,
    );
    const shifts = computed(() => new Map((shapes.loaded.value.value?.columns ?? []).map((item) => [item.name, item])));

    return () =>
      h("div", { class: "ed-difference-body" }, [
        h("section", [
          h("p", { class: "ed-difference-summary" }, rowSummary(difference.value.rows)),
          h("p", { class: "ed-hint" }, matchingWords(difference.value.rows)),
        ]),
        drawSchema(),
        drawColumns(),
        difference.value.rows.changed ? drawChanged() : null,
      ]);

    function drawSchema() {
      const { schema } = difference.value;
      const lines = schemaLines(schema, exactType);
      if (lines.length === 0) return null;
      return h("section", [
        h("h4", "Columns that came, went or changed"),
        h(
          "ul",
          { class: "ed-difference-schema" },
          lines.map(({ name, what, text }) =>
            h("li", { key: `${what} ${name}`, class: `ed-difference-${what}` }, [
              h("span", { class: "ed-difference-what" }, SCHEMA_WORDS[what]),
              h("strong", name),
              h("span", { class: "ed-muted" }, text),
            ]),
          ),
        ),
      ]);
    }

    function drawColumns() {
      const lines = columnLines(difference.value);
      const shown = isAll.value ? lines : lines.slice(0, COLUMNS_AT_FIRST);
      const { error } = shapes.loaded.value;
      return h("section", [
        h("h4", "Values by column"),
        error ? failedView(error, shapes.reload) : null,
        h("table", { class: "ed-difference-table ed-difference-columns" }, [
          h("thead", [
            h("tr", [
              h("th", { scope: "col" }, "Column"),
              h("th", { scope: "col", class: "ed-difference-number" }, "Changed"),
              h("th", { scope: "col" }, props.names.before),
              h("th", { scope: "col" }, props.names.after),
              h(
                "th",
                {
                  scope: "col",
                  class: "ed-difference-number",
                  "data-tip": "How far both distributions lie apart: 0 is alike, 1 has nothing in common",
                },
                "Shift",
              ),
            ]),
          ]),
          h("tbody", shown.map(drawColumn)),
        ]),
        shown.length < lines.length
          ? button(`Show all ${formatCount(lines.length, "column")}`, { kind: "quiet", onClick: () => (isAll.value = true) })
          : null,
      ]);
    }

    /** @param {{name: string, changed: number}} line */
    function drawColumn({ name, changed: count }) {
      const shift = shifts.value.get(name);
      const { matched } = difference.value.rows;
      return h("tr", { key: name }, [
        h("td", [
          h("span", { class: "ed-difference-name", title: name }, [shift ? icon(typeIcon(shift)) : icon(""), name]),
        ]),
        h("td", { class: ["ed-difference-number", { "ed-muted": !count }] }, [
          count ? formatNumber(count) : "none",
          count && matched ? h("span", { class: "ed-muted" }, ` ${formatShare(count / matched)}`) : null,
        ]),
        drawShape(shift, "before"),
        drawShape(shift, "after"),
        drawShift(shift),
      ]);
    }

    /** @param {ColumnShift | undefined} shift @param {"before" | "after"} side */
    function drawShape(shift, side) {
      if (!shift)
        return h("td", [shapes.loaded.value.waiting ? h("span", { class: "ed-mini ed-mini-waiting" }) : "–"]);
      const shape = shapeOf(shift, side);
      return h("td", [shape ? miniHistogram(shape, 0) : "–"]);
    }

    /** @param {ColumnShift | undefined} shift */
    function drawShift(shift) {
      const [first] = shift?.measures ?? [];
      const tip = (shift?.measures ?? []).map(({ name, value }) => `${name} ${formatNumber(value)}`).join(" · ");
      return h(
        "td",
        { class: "ed-difference-number", "data-tip": tip || undefined },
        first ? formatNumber(first.value, 2) : shift ? "–" : "",
      );
    }

    function drawChanged() {
      const { value, error } = changed.loaded.value;
      const { changed: total, keys } = difference.value.rows;
      return h("section", [
        h("h4", ["Changed rows", total > ROWS_AT_ONCE ? drawPager(total) : null]),
        error
          ? failedView(error, changed.reload)
          : value
            ? drawCells(changedCells(value, keys), keys.join(", ") || "Row")
            : waitingView(changed.doing.value || "Loading"),
      ]);
    }

    /** @param {number} total */
    function drawPager(total) {
      const last = Math.min(total, offset.value + ROWS_AT_ONCE);
      return h("span", { class: "ed-difference-pager" }, [
        iconButton("chevron_left", "Earlier rows", {
          class: "ed-small-button",
          disabled: offset.value === 0,
          onClick: () => (offset.value -= ROWS_AT_ONCE),
        }),
        h("span", `${formatNumber(offset.value + 1)} to ${formatNumber(last)} of ${formatNumber(total)}`),
        iconButton("chevron_right", "Later rows", {
          class: "ed-small-button",
          disabled: last === total,
          onClick: () => (offset.value += ROWS_AT_ONCE),
        }),
      ]);
    }

    /** @param {ChangedCell[]} cells @param {string} key */
    function drawCells(cells, key) {
      return h("table", { class: "ed-difference-table ed-difference-cells" }, [
        h("thead", [
          h(
            "tr",
            [key, "Column", props.names.before, props.names.after].map((name, at) =>
              h("th", { scope: "col", class: { "ed-difference-number": at > 1 } }, name),
            ),
          ),
        ]),
        h(
          "tbody",
          cells.map(({ row, column, before, after, span, more }) =>
            h("tr", { class: { "ed-difference-first": span > 0 } }, [
              span
                ? h("th", { scope: "rowgroup", rowspan: span }, [
                    row,
                    more ? h("span", { class: "ed-muted" }, `${formatCount(more, "more column")}`) : null,
                  ])
                : null,
              h("td", column.name),
              drawValue(before, column),
              drawValue(after, column),
            ]),
          ),
        ),
      ]);
    }
  },
});

/** @param {unknown} value @param {TableColumn} column */
function drawValue(value, column) {
  const { kind, text, title } = readCell(value, column);
  return h("td", { class: "ed-difference-number" }, [
    h("span", { class: ["ed-difference-value", `ed-cell-${kind}`], title }, text),
  ]);
}
