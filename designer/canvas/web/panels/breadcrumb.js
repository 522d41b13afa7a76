// Where a person is in nested subgraphs: every place around it is one click away, also while something is dragged.

import { defineComponent, h, onBeforeUnmount } from "vue";
import { button, icon } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { PopMenu } from "./pop_menu.js";

/** What is dragged over a crumb for so long is shown that place. */
const HOVER_MS = 500;
/** Crumbs that are always shown at the end; what lies between the first and these is in a menu. */
const LAST = 3;

/** @typedef {{title: string, scope: readonly string[]}} Crumb */

export const Breadcrumb = defineComponent({
  name: "SubgraphBreadcrumb",
  setup() {
    const { session, state, act, ui } = useEditor();
    let timer = 0;
    onBeforeUnmount(() => clearTimeout(timer));

    /** @returns {Crumb[]} */
    function crumbs() {
      const root = { title: session.root.name || "Untitled pipeline", scope: [] };
      return [root, ...state.scope.map((_, i) => ({ title: session.subgraphs.titleAt(state.scope.slice(0, i + 1)), scope: state.scope.slice(0, i + 1) }))];
    }

    /** @param {Crumb} crumb */
    function linger({ scope }) {
      clearTimeout(timer);
      timer = window.setTimeout(() => session.goTo(scope), HOVER_MS);
    }

    /** @param {Crumb} crumb */
    function drawCrumb(crumb) {
      return h("li", { key: crumb.scope.join("/") }, [
        h(
          "button",
          {
            type: "button",
            class: "ed-crumb",
            title: crumb.title,
            onClick: () => session.goTo(crumb.scope),
            onDragenter: () => linger(crumb),
            onDragleave: () => clearTimeout(timer),
            onDrop: () => clearTimeout(timer),
          },
          crumb.title,
        ),
        icon("chevron_right"),
      ]);
    }

    /** @param {Crumb[]} hidden */
    function drawHidden(hidden) {
      const items = hidden.map(({ title, scope }) => ({ label: title, run: () => session.goTo(scope) }));
      return h("li", { key: "hidden" }, [
        h(PopMenu, { items, label: `${hidden.length} subgraphs between`, buttonClass: "ed-crumb" }, { default: () => ["…"] }),
        icon("chevron_right"),
      ]);
    }

    function drawFacts() {
      const { published, definition } = session.here;
      if (published)
        return [
          h("span", { class: "ed-badge", "data-tip": "A published version never changes" }, [icon("lock"), `${published.replace("@", " ")} · read only`]),
          session.isFixed ? null : button("Edit a copy", { kind: "quiet", icon: "edit", onClick: () => session.subgraphs.editCopyHere() }),
          session.isFixed ? null : button("Publish a new version", { kind: "quiet", icon: "publish", onClick: publishNext }),
        ];
      const uses = session.subgraphs.countUses(definition);
      return uses > 1 ? [h("span", { class: "ed-badge ed-linked", "data-tip": `What is edited here changes all ${uses} uses` }, [icon("link"), `Used ${uses} times`])] : [];
    }

    /** A version is made from a copy that is edited: first the copy, then the sheet that publishes it. */
    function publishNext() {
      const name = session.subgraphs.editCopyHere();
      if (name) ui.publishing = name;
    }

    return () => {
      void state.document;
      void state.modulesTick;
      if (state.scope.length === 0) return null;
      const all = crumbs();
      const here = all[all.length - 1];
      const above = all.slice(0, -1);
      const hidden = above.length > LAST + 1 ? above.slice(1, -LAST + 1) : [];
      return h("nav", { class: "ed-crumbs", "aria-label": "Subgraphs around" }, [
        h("button", { type: "button", class: "ed-icon-button", "aria-label": "Go outside", "data-tip": "Go outside (Esc)", onClick: () => act("subgraph.leave") }, [icon("arrow_upward")]),
        h("ol", [
          drawCrumb(above[0]),
          hidden.length ? drawHidden(hidden) : null,
          ...above.slice(1 + hidden.length).map(drawCrumb),
          h("li", { key: "here", class: "ed-crumb-here", "aria-current": "location", title: here.title }, here.title),
        ]),
        ...drawFacts(),
      ]);
    };
  },
});
