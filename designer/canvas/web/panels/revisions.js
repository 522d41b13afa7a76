// History: the named versions and every revision of the pipeline, what changed since each, and the way back,
// which is one gesture that undo takes back.

import { defineComponent, h, onMounted, shallowRef, watch } from "vue";
import { formatAge } from "../results/format.js";
import { button } from "./atoms.js";
import { listener, useEditor } from "./editor_context.js";

/** @import {Revision} from "../transport.js" */

const SHOWN = 50;
/** What the list of edits does not hold: the pipeline as it was made. @type {Revision} */
const BEGINNING = { revision: 0, label: "Before the first edit", author: "", at: 0, name: "", description: "" };
/** Many quick edits ask once. */
const REST_MS = 400;

export const Revisions = defineComponent({
  name: "Revisions",
  setup() {
    const { session, state, ui, act } = useEditor();
    /** @type {import("vue").ShallowRef<readonly Revision[] | null>} */
    const revisions = shallowRef(null);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    async function read() {
      const answer = await session.transport.revisions().catch(() => null);
      if (answer) revisions.value = answer.revisions.length ? [...answer.revisions, BEGINNING] : [];
    }
    onMounted(read);
    listener(session)("versions", read);
    watch(
      () => state.document,
      () => {
        clearTimeout(timer);
        timer = setTimeout(read, REST_MS);
      },
    );

    /** @param {Revision} revision */
    function compare({ revision, name }) {
      ui.comparing = { before: name || String(revision), after: "now" };
    }

    return () => {
      const known = revisions.value;
      if (!known) return null;
      const named = known.filter(({ name }) => name);
      const edits = known.filter(({ name }) => !name);
      return [
        session.readOnly ? null : button("Name this version", { icon: "bookmark_add", class: "ed-name-version", onClick: () => act("together.name_version") }),
        named.length ? [h("h4", { class: "ed-revisions-title" }, "Named versions"), drawList(named)] : null,
        named.length ? h("h4", { class: "ed-revisions-title" }, "Saved edits") : null,
        edits.length === 0 ? h("p", { class: "ed-hint" }, "Every edit will be listed here, to go back to it.") : drawList(edits.slice(0, SHOWN)),
        edits.length > SHOWN ? h("p", { class: "ed-hint" }, `${edits.length - SHOWN} older ones are kept too.`) : null,
      ];
    };

    /** @param {readonly Revision[]} revisions */
    function drawList(revisions) {
      return h("ol", { class: "ed-revisions" }, revisions.map((revision) => drawRevision(revision, { isNow: revision.revision === session.revision, session, compare })));
    }
  },
});

/**
 * @param {Revision} revision
 * @param {{isNow: boolean, session: import("../session.js").EditorSession, compare: (revision: Revision) => void}} how
 */
function drawRevision(revision, { isNow, session, compare }) {
  const { revision: number, label, name, description, author, at } = revision;
  const words = name || label || `Revision ${number}`;
  return h("li", { key: name ? `${number} ${name}` : number, class: "ed-revision" }, [
    h("span", { class: "ed-revision-label" }, [
      h("span", { class: { "ed-version-name": name } }, words),
      description ? h("span", { class: "ed-version-words" }, description) : null,
      h("span", { class: "ed-hint" }, [at ? formatAge(at, Date.now() / 1000) : "", author].filter(Boolean).join(" · ")),
    ]),
    isNow
      ? h("span", { class: "ed-hint" }, "now")
      : [
          h("button", { type: "button", class: "ed-link", "aria-label": `What changed since ${words}`, onClick: () => compare(revision) }, "What changed"),
          session.readOnly
            ? null
            : h("button", { type: "button", class: "ed-link", "aria-label": `Restore revision ${number}: ${words}`, onClick: () => session.restore(name || String(number)) }, "Restore"),
        ],
  ]);
}
