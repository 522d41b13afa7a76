// What changed between two states of the pipeline: one line for each node, its values below; a click leads there.

import { defineComponent, h, onBeforeUnmount, watch } from "vue";
import { changedWords, detailKind } from "../document/what_changed.js";
import { failedView, useLoaded, waitingView } from "../results/loading.js";
import { emptyState, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";

/** @import {ChangeKind, Detail, Difference, WhatChanged} from "../document/what_changed.js" */

/** Shape and colour of a kind. @type {{[kind in ChangeKind]: string}} */
const SIGNS = { added: "+", removed: "−", changed: "~" };
/** Many quick edits ask once. */
const REST_MS = 500;

export const Changes = defineComponent({
  name: "WhatChanged",
  setup() {
    const { session, state, ui } = useEditor();
    const changes = useLoaded(
      () => ui.comparing,
      () => (ui.comparing ? session.together.compare(ui.comparing) : null),
    );
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    watch(
      () => state.document,
      () => {
        clearTimeout(timer);
        if (ui.comparing?.after === "now") timer = setTimeout(changes.reload, REST_MS);
      },
    );
    onBeforeUnmount(() => clearTimeout(timer));

    return () => {
      const { value, error, waiting } = changes.loaded.value;
      if (error) return failedView(error, changes.reload);
      const found = /** @type {WhatChanged | null | undefined} */ (value);
      if (!found) return waiting ? waitingView("Comparing the two states") : null;
      const { differences } = found.comparison;
      const words = changedWords(found.comparison);
      return h("div", { class: "ed-changes" }, [
        h("div", { class: "ed-changes-head" }, [
          h("span", { class: "ed-changes-title" }, `From ${found.before.title} to ${found.after.title}`),
          h("span", { class: "ed-hint" }, words || "Nothing differs"),
          h("span", { class: "ed-spacer" }),
          iconButton("close", "Stop comparing", { class: "ed-small-button", onClick: () => (ui.comparing = null) }),
        ]),
        differences.length
          ? h("ul", { class: "ed-changes-list" }, differences.map(drawDifference))
          : emptyState("drag_handle", "The same", words ? "Nodes were only moved." : "The two states do not differ."),
      ]);
    };

    /** @param {Difference} difference */
    function drawDifference(difference) {
      const { kind, what, scope = "", id = "", title = "", details = [] } = difference;
      const isThere = what === "node" && session.together.has({ scope, node: id });
      const words = [sign(kind), h("span", { class: "ed-change-title" }, title), h("span", { class: "ed-hint" }, kind)];
      return h("li", { key: `${what}/${scope}/${id}`, "data-kind": kind }, [
        isThere
          ? h("button", { type: "button", class: "ed-change", onClick: () => session.together.show({ scope, node: id }) }, words)
          : h("div", { class: "ed-change" }, words),
        details.length ? h("ul", { class: "ed-change-details" }, details.map(drawDetail)) : null,
      ]);
    }
  },
});

/** @param {Detail} detail @param {number} at */
function drawDetail(detail, at) {
  return h("li", { key: at }, [
    sign(detailKind(detail)),
    h("div", [
      h("span", detail.text ?? detail.path.join(" ")),
      detail.lines?.length ? h("pre", { class: "ed-change-lines" }, detail.lines.map((line) => h("span", { class: { "ed-change-added": line.startsWith("+"), "ed-change-removed": line.startsWith("-") } }, `${line}\n`))) : null,
    ]),
  ]);
}

/** @param {ChangeKind} kind */
function sign(kind) {
  return h("span", { class: `ed-change-sign ed-change-${kind}`, role: "img", "aria-label": kind }, SIGNS[kind]);
}
