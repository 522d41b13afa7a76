// A part of a panel that folds; whether it is open is remembered by its name.

import { h } from "vue";
import { icon } from "./atoms.js";

/**
 * @param {import("./panel_layout.js").PanelLayout} layout
 * @param {{name: string, title: string, count?: number | string, openFirst?: boolean, action?: any}} options
 * @param {() => any} content
 */
export function section(layout, { name, title, count, openFirst = true, action }, content) {
  const open = layout.sections[name] ?? openFirst;
  return h("section", { key: name, class: "ed-section" }, [
    h("div", { class: "ed-section-head" }, [
      h("button", { type: "button", "aria-expanded": String(open), onClick: () => (layout.sections[name] = !open) }, [
        icon(open ? "expand_more" : "chevron_right"),
        h("h3", title),
        count === undefined || count === 0 || count === "" ? null : h("span", { class: "ed-count" }, String(count)),
      ]),
      open ? action : null,
    ]),
    open ? h("div", { class: "ed-section-body" }, content()) : null,
  ]);
}
