// History: every revision of the pipeline, and the way back to one of them, which is one more edit.

import { defineComponent, h, onMounted, shallowRef, watch } from "vue";
import { formatAge } from "../results/format.js";
import { useEditor } from "./editor_context.js";

/** @import {Revision} from "../transport.js" */

const SHOWN = 50;
/** What the list of edits does not hold: the pipeline as it was made. @type {Revision} */
const BEGINNING = { revision: 0, label: "Before the first edit", author: "", at: 0, name: "" };
/** Many quick edits ask once. */
const REST_MS = 400;

export const Revisions = defineComponent({
  name: "Revisions",
  setup() {
    const { session, state } = useEditor();
    /** @type {import("vue").ShallowRef<readonly Revision[] | null>} */
    const revisions = shallowRef(null);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    async function read() {
      const answer = await session.transport.revisions().catch(() => null);
      if (answer) revisions.value = answer.revisions.length ? [...answer.revisions, BEGINNING] : [];
    }
    onMounted(read);
    watch(
      () => state.document,
      () => {
        clearTimeout(timer);
        timer = setTimeout(read, REST_MS);
      },
    );

    return () => {
      const known = revisions.value;
      if (!known) return null;
      if (known.length === 0) return h("p", { class: "ed-hint" }, "Every edit will be listed here, to go back to it.");
      return [
        h(
          "ol",
          { class: "ed-revisions" },
          known.slice(0, SHOWN).map((revision, index) => drawRevision(revision, index === 0, session)),
        ),
        known.length > SHOWN ? h("p", { class: "ed-hint" }, `${known.length - SHOWN} older ones are kept too.`) : null,
      ];
    };
  },
});

/**
 * @param {Revision} revision
 * @param {boolean} isNow
 * @param {import("../session.js").EditorSession} session
 */
function drawRevision({ revision, label, name, author, at }, isNow, session) {
  return h("li", { key: revision, class: "ed-revision" }, [
    h("span", { class: "ed-revision-label" }, [
      h("span", name || label || `Revision ${revision}`),
      h("span", { class: "ed-hint" }, [at ? formatAge(at, Date.now() / 1000) : "", author].filter(Boolean).join(" · ")),
    ]),
    isNow
      ? h("span", { class: "ed-hint" }, "now")
      : session.readOnly
        ? null
        : h(
            "button",
            {
              type: "button",
              class: "ed-link",
              "aria-label": `Restore revision ${revision}: ${name || label}`,
              onClick: () => session.restore(revision),
            },
            "Restore",
          ),
  ]);
}
