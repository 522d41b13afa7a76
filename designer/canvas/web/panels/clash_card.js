// Two people changed one place: both sides, which of them stands, and the choice between them.

import { defineComponent, h, ref, shallowRef } from "vue";
import { standing } from "../document/conflicts.js";
import { button, icon, iconButton } from "./atoms.js";
import { placeWords, sideWords } from "./clash_words.js";
import { listener, useEditor } from "./editor_context.js";

/**
 * @import {Clash, Contested, Side} from "../document/conflicts.js"
 */

/** @type {Side[]} */
const SIDES = ["mine", "theirs"];

export const ClashCard = defineComponent({
  name: "ClashCard",
  setup() {
    const { session } = useEditor();
    const { clashes } = session;
    const items = shallowRef(clashes.items);
    const tick = ref(0);
    listener(clashes)("change", () => (items.value = clashes.items));
    listener(session)("document", () => (tick.value += 1));

    /** @param {Clash} clash @param {Side} side */
    function drawSide(clash, side) {
      const isHere = clash.places.every((place) => standing(session.root, place) === side);
      return h("div", { class: ["ed-clash-side", { "ed-clash-here": isHere }], key: side }, [
        h("div", { class: "ed-clash-who" }, [
          h("strong", side === "mine" ? "Mine" : "Theirs"),
          side === "theirs" ? h("span", { class: "ed-muted" }, authorWords(clash)) : null,
          isHere ? h("span", { class: "ed-clash-stands" }, [icon("check"), "stands now"]) : null,
        ]),
        clash.places.map((place) => h("pre", { class: "ed-clash-value" }, sideWords(place.path, place[side], session))),
        button(side === "mine" ? "Keep mine" : "Keep theirs", { onClick: () => clashes.keep(clash, side) }),
      ]);
    }

    return () => {
      const clash = items.value.at(-1);
      // Which side stands follows the document, inside subgraphs too.
      if (!clash || tick.value < 0) return null;
      const more = items.value.length - 1;
      return h("section", { class: "ed-clash", key: clash.id, role: "region", "aria-label": "Edits at the same place" }, [
        h("header", { class: "ed-clash-head" }, [
          icon("call_split"),
          h("h2", "Two edits at the same place"),
          more > 0 ? h("span", { class: "ed-muted" }, `${more} more`) : null,
          iconButton("close", "Leave it as it is", { onClick: () => clashes.dismiss(clash) }),
        ]),
        h("ul", { class: "ed-clash-places" }, clash.places.map((place) => drawPlace(place))),
        h("div", { class: "ed-clash-sides" }, SIDES.map((side) => drawSide(clash, side))),
      ]);
    };

    /** @param {Contested} place */
    function drawPlace(place) {
      return h("li", [h("button", { type: "button", class: "ed-link", onClick: () => clashes.show(place) }, placeWords(place.path, session))]);
    }
  },
});

/** @param {Clash} clash */
function authorWords({ author, at }) {
  const time = at ? new Date(at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "";
  return [author, time].filter(Boolean).join(", ");
}
