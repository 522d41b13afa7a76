// What column controls share: columns as choices, names as chips with a field that adds more.

import { h } from "vue";
import { typeWord } from "../../document/foresight.js";
import { typeIcon } from "../../results/table/cells.js";
import { icon, iconButton } from "../atoms.js";
import { unknownNames } from "../column_rules.js";
import { Combobox } from "./combobox.js";

/**
 * @import {KnownColumn} from "../column_rules.js"
 * @import {KnownTable} from "./known_columns.js"
 */

/**
 * @param {readonly string[]} names
 * @param {KnownTable | null} table
 * @param {{disabled: boolean, title: string, commit: (names: string[]) => void}} options
 */
export function drawNames(names, table, { disabled, title, commit }) {
  const columns = table?.columns ?? [];
  const known = new Map(columns.map((column) => [column.name, column]));
  const lacking = new Set(table ? unknownNames([...names], table) : []);
  return [
    names.length
      ? h(
          "ul",
          { class: "ed-chips" },
          names.map((name, at) =>
            h("li", { key: name, class: { "ed-chip-unknown": lacking.has(name) } }, [
              lacking.has(name) ? icon("error_outline") : null,
              h("span", { "data-tip": lacking.has(name) ? "No such column comes in" : describeColumn(known.get(name)) }, name),
              disabled
                ? null
                : iconButton("close", `Take ${name} out`, {
                    onClick: () => commit(names.filter((_, index) => index !== at)),
                  }),
            ]),
          ),
        )
      : null,
    disabled
      ? null
      : h(Combobox, {
          label: `Add a column to ${title}`,
          choices: choicesOf(columns.filter((column) => !names.includes(column.name))),
          placeholder: table ? "Add a column" : "Add a column by name",
          clearOnTake: true,
          onTake: (/** @type {string} */ text) =>
            commit([...names, ...splitNames(text, known).filter((name) => !names.includes(name))]),
        }),
  ];
}

/** @param {readonly KnownColumn[]} columns */
export function choicesOf(columns) {
  return columns.map((column) => ({
    value: column.name,
    icon: column.type ? typeIcon(column) : "help_outline",
    note: describeColumn(column),
  }));
}

/** Type and role in a few words. @param {KnownColumn | undefined} column */
function describeColumn(column) {
  if (!column) return "";
  const words = [typeWord(column), column.role, column.is_certain === false ? "may be missing" : ""];
  return words.filter(Boolean).join(" · ");
}

/**
 * Pasted lists are split at commas and tabs, unless the whole text is a known name.
 *
 * @param {string} text
 * @param {Map<string, KnownColumn>} known
 */
function splitNames(text, known) {
  if (known.has(text)) return [text];
  return text
    .split(/[,\t\n]+/)
    .map((name) => name.trim())
    .filter(Boolean);
}
