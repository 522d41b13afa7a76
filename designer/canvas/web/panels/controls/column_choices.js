// What column controls share: columns as choices, names as chips with a field that adds more.

import { h } from "vue";
import { typeIcon } from "../../results/table/cells.js";
import { iconButton } from "../atoms.js";
import { Combobox } from "./combobox.js";

/**
 * @import {KnownColumn} from "../column_rules.js"
 */

/**
 * @param {readonly string[]} names
 * @param {readonly KnownColumn[] | null} columns
 * @param {{disabled: boolean, title: string, commit: (names: string[]) => void}} options
 */
export function drawNames(names, columns, { disabled, title, commit }) {
  const known = new Map((columns ?? []).map((column) => [column.name, column]));
  return [
    names.length
      ? h(
          "ul",
          { class: "ed-chips" },
          names.map((name, at) =>
            h("li", { key: name, class: { "ed-chip-unknown": columns !== null && !known.has(name) } }, [
              h("span", name),
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
          choices: choicesOf((columns ?? []).filter((column) => !names.includes(column.name))),
          placeholder: columns ? "Add a column" : "Add a column by name",
          clearOnTake: true,
          onTake: (/** @type {string} */ text) =>
            commit([...names, ...splitNames(text, known).filter((name) => !names.includes(name))]),
        }),
  ];
}

/** @param {readonly KnownColumn[]} columns */
export function choicesOf(columns) {
  return columns.map((column) => ({ value: column.name, icon: typeIcon(column), note: column.role || "" }));
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
