// Two tables compared: rows in a line, columns with their shapes, and the cells that differ.

import { computed, defineComponent, h, ref } from "vue";
import { button, icon } from "../../panels/atoms.js";
import { formatCount, formatNumber, formatShare } from "../format.js";
import { failedView } from "../loading.js";
import { exactType, typeIcon } from "../table/cells.js";
import { miniHistogram } from "../table/mini_histogram.js";
import { ComparedRows } from "./compared_rows.js";
import { columnLines, matchingWords, rowSummary, schemaLines, shapeOf } from "./difference_words.js";
import { KeyChooser } from "./key_chooser.js";
import { useLongWork } from "./long_work.js";

/**
 * @import {ArtifactApi} from "../artifact_api.js"
 * @import {ColumnShift, TableDifference} from "./difference_words.js"
 */

const COLUMNS_AT_FIRST = 30;
const SCHEMA_WORDS = { added: "Added", removed: "Removed", retyped: "Type changed", role: "Role changed" };

/**
 * Props: `api`, `before` and `after` (digests), `keys` (the columns a person chose to match rows by; `null` for what is
 * found), `difference` (a TableDifference), `names` (`{before, after}`). Emits `keys` with other ones.
 */
export const ComparedTables = defineComponent({
  name: "ComparedTables",
  props: {
    api: { type: Object, required: true },
    before: { type: String, required: true },
    after: { type: String, required: true },
    keys: { type: Array, default: null },
    difference: { type: Object, required: true },
    names: { type: Object, required: true },
  },
  emits: ["keys"],
  setup(props, { emit }) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const difference = computed(() => /** @type {TableDifference} */ (props.difference));
    const isAll = ref(false);
    const shapes = useLongWork(
      () => "shapes",
      (patience) => api.distributions(props.before, props.after, patience),
    );
    const shifts = computed(() => new Map((shapes.loaded.value.value?.columns ?? []).map((item) => [item.name, item])));

    return () =>
      h("div", { class: "ed-difference-body" }, [
        h("section", [
          h("p", { class: "ed-difference-summary" }, rowSummary(difference.value.rows)),
          h("p", { class: "ed-hint ed-difference-matching" }, [
            h("span", matchingWords(difference.value.rows)),
            h(KeyChooser, {
              columns: difference.value.candidates,
              keys: difference.value.rows.keys,
              chosen: props.keys,
              onChoose: (/** @type {string[] | null} */ keys) => emit("keys", keys),
            }),
          ]),
        ]),
        drawSchema(),
        drawColumns(),
        drawRows(),
      ]);

    function drawRows() {
      const { rows } = difference.value;
      if (rows.changed + rows.added + rows.removed === 0) return null;
      const { api: asked, before, after, keys, names } = props;
      return h(ComparedRows, { api: asked, before, after, keys, names, difference: difference.value });
    }

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
  },
});
