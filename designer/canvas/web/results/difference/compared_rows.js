// The rows that changed, came or went between two tables: one kind at a time, page by page.

import { computed, defineComponent, h, ref } from "vue";
import { button, iconButton } from "../../panels/atoms.js";
import { decimalsOf, formatCount, formatNumber } from "../format.js";
import { failedView, waitingView } from "../loading.js";
import { readCell } from "../table/cells.js";
import { changedCells, keysFirst, rowKinds, rowsAtOnce } from "./difference_words.js";
import { useLongWork } from "./long_work.js";

/**
 * @import {ArtifactApi, TableColumn} from "../artifact_api.js"
 * @import {ChangedCell, ChangedRows, RowKind, TableDifference, WholeRows} from "./difference_words.js"
 */

const COLUMNS_AT_FIRST = 30;

/** Props: `api`, `before` and `after` (digests), `keys`, `difference` (a TableDifference), `names` (`{before, after}`). */
export const ComparedRows = defineComponent({
  name: "ComparedRows",
  props: {
    api: { type: Object, required: true },
    before: { type: String, required: true },
    after: { type: String, required: true },
    keys: { type: Array, default: null },
    difference: { type: Object, required: true },
    names: { type: Object, required: true },
  },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const difference = computed(() => /** @type {TableDifference} */ (props.difference));
    const kinds = computed(() => rowKinds(difference.value.rows));
    const which = ref(kinds.value.find(({ count }) => count > 0)?.which ?? "changed");
    const offset = ref(0);
    const isAll = ref(false);
    const limit = computed(() => rowsAtOnce(difference.value.schema.common));
    const page = useLongWork(
      () => `${which.value} ${offset.value}`,
      (patience) => {
        const part = { which: which.value, offset: offset.value, limit: limit.value };
        return api.differenceRows(props.before, props.after, { keys: /** @type {any} */ (props.keys), ...part }, patience);
      },
    );

    /** @param {RowKind} kind */
    function choose(kind) {
      which.value = kind;
      offset.value = 0;
    }

    return () => {
      const total = kinds.value.find((kind) => kind.which === which.value)?.count ?? 0;
      return h("section", { class: "ed-difference-rows" }, [
        h("h4", "Rows"),
        h("div", { class: "ed-difference-rows-bar" }, [drawKinds(), total > limit.value ? drawPager(total) : null]),
        drawPage(),
      ]);
    };

    function drawKinds() {
      return h(
        "div",
        { class: "ed-segments", role: "radiogroup", "aria-label": "Rows to list" },
        kinds.value.map(({ which: kind, label, count }) =>
          h(
            "button",
            {
              key: kind,
              type: "button",
              role: "radio",
              "aria-checked": String(kind === which.value),
              disabled: count === 0,
              onClick: () => choose(kind),
            },
            [label, " ", h("span", { class: "ed-muted" }, formatNumber(count))],
          ),
        ),
      );
    }

    /** @param {number} total */
    function drawPager(total) {
      const last = Math.min(total, offset.value + limit.value);
      return h("span", { class: "ed-difference-pager" }, [
        iconButton("chevron_left", "Earlier rows", {
          class: "ed-small-button",
          disabled: offset.value === 0,
          onClick: () => (offset.value -= limit.value),
        }),
        h("span", { role: "status" }, `${formatNumber(offset.value + 1)} to ${formatNumber(last)} of ${formatNumber(total)}`),
        iconButton("chevron_right", "Later rows", {
          class: "ed-small-button",
          disabled: last === total,
          onClick: () => (offset.value += limit.value),
        }),
      ]);
    }

    function drawPage() {
      const { value, error } = page.loaded.value;
      if (error) return failedView(error, page.reload);
      if (!value) return waitingView(page.doing.value || "Loading");
      const { keys } = difference.value.rows;
      if (which.value !== "changed") return drawWholeRows(/** @type {WholeRows} */ (value), keys);
      return drawCells(changedCells(/** @type {ChangedRows} */ (value), keys), keys.join(", ") || "Row");
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

    /** @param {WholeRows} page @param {readonly string[]} keys */
    function drawWholeRows({ columns, rows, numbers }, keys) {
      const order = keysFirst(columns, keys).map((item) => ({
        ...item,
        decimals: item.isNumber ? decimalsOf(rows.map((row) => row[item.place])) : null,
      }));
      const shown = isAll.value ? order : order.slice(0, COLUMNS_AT_FIRST);
      return [
        h("table", { class: "ed-difference-table ed-difference-whole" }, [
          h("thead", [
            h("tr", [
              h("th", { scope: "col", class: "ed-difference-number" }, "Row"),
              ...shown.map(({ column, isNumber }) =>
                h("th", { key: column.name, scope: "col", class: { "ed-difference-number": isNumber } }, column.name),
              ),
            ]),
          ]),
          h(
            "tbody",
            rows.map((row, at) =>
              h("tr", { key: numbers[at] }, [
                h("th", { scope: "row", class: "ed-difference-number ed-muted" }, String(numbers[at])),
                ...shown.map(({ column, place, isNumber, decimals }) =>
                  drawValue(row[place], column, { isRight: isNumber, decimals }),
                ),
              ]),
            ),
          ),
        ]),
        shown.length < order.length
          ? button(`Show all ${formatCount(order.length, "column")}`, { kind: "quiet", onClick: () => (isAll.value = true) })
          : null,
      ];
    }
  },
});

/** @param {unknown} value @param {TableColumn} column @param {{isRight?: boolean, decimals?: number | null}} [how] */
function drawValue(value, column, { isRight = true, decimals = null } = {}) {
  const { kind, text, title } = readCell(value, column, decimals);
  return h("td", { class: { "ed-difference-number": isRight } }, [
    h("span", { class: ["ed-difference-value", `ed-cell-${kind}`], title }, text),
  ]);
}
