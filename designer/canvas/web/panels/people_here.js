// Who else has the pipeline open: initials in the top bar; a click goes where they are.

import { defineComponent, h, shallowRef } from "vue";
import { HUES } from "../document/people.js";
import { icon } from "./atoms.js";
import { listener, useEditor } from "./editor_context.js";

/** @import {Other} from "../presence.js" */

const SHOWN = 4;

export const PeopleHere = defineComponent({
  name: "PeopleHere",
  setup() {
    const { session, toasts } = useEditor();
    const { presence } = session;
    const seen = shallowRef({ others: presence.others, count: presence.count });
    listener(presence)("change", () => (seen.value = { others: presence.others, count: presence.count }));
    const listen = listener(session);
    // What a node is called follows the document.
    listen("document", () => (seen.value = { ...seen.value }));

    /** @param {Other} other */
    function go(other) {
      if (!presence.goTo(other)) toasts.add({ kind: "info", text: `${other.title} is at a place that is not here yet.` });
    }

    return () => {
      const { others, count } = seen.value;
      if (count < 2) return null;
      const named = others.slice(0, SHOWN);
      const more = count - 1 - named.length;
      return h("div", { class: "ed-presence", role: "group", "aria-label": `${count - 1} other ${count === 2 ? "window has" : "windows have"} this pipeline open` }, [
        named.map((other) => drawOther(other)),
        more > 0 ? h("span", { class: "ed-presence-more", "data-tip": moreWords(others.slice(SHOWN), more) }, [icon("group"), `+${more}`]) : null,
      ]);
    };

    /** @param {Other} other */
    function drawOther(other) {
      const words = `${other.title}: ${whereWords(other)}`;
      return h("button", {
        key: other.client, type: "button", class: ["ed-avatar", { "ed-avatar-own": other.isOwn }], style: { "--person": `var(--mark-${HUES[other.hue]})` },
        "aria-label": `${words}. Go there`, "data-tip": words, onClick: () => go(other),
      }, other.isOwn ? [icon("tab")] : other.initials);
    }

    /** @param {Other} other */
    function whereWords({ scope, selected }) {
      const [first, ...more] = selected;
      const { title, inside } = session.comments.placeOf(first ?? { scope, node: "" });
      if (first) return `at '${title}'${more.length ? ` and ${more.length} more` : ""}${inside ? ` inside ${inside}` : ""}`;
      return scope ? `inside ${inside}` : "nothing selected";
    }
  },
});

/** @param {readonly Other[]} named @param {number} more */
function moreWords(named, more) {
  const names = [...new Set(named.map(({ title }) => title))].slice(0, 8).join(", ");
  const windows = more === 1 ? "1 more window" : `${more} more windows`;
  return names ? `${windows}: ${names}${named.length < more ? " and others" : ""}` : `${windows} with this pipeline open`;
}
