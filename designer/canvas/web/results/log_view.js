// The log of a step: read to its end, then followed while the step runs.

import { defineComponent, h, nextTick, onBeforeUnmount, ref, shallowRef, watch } from "vue";
import { emptyState, icon, iconButton } from "../panels/atoms.js";
import { failedView, waitingView } from "./loading.js";

/**
 * @import {ArtifactApi} from "./artifact_api.js"
 */

const POLL_MS = 700;
/** What is kept on screen; the file on the server is whole. */
const SHOWN_CHARACTERS = 2_000_000;

/** Props: `api`, `runId`, `stepId`, `running`. */
export const LogView = defineComponent({
  name: "LogView",
  props: {
    api: { type: Object, required: true },
    runId: { type: String, required: true },
    stepId: { type: String, required: true },
    running: Boolean,
  },
  setup(props) {
    const api = /** @type {ArtifactApi} */ (props.api);
    const text = shallowRef("");
    const truncated = ref(false);
    const follow = ref(true);
    const ready = ref(false);
    /** @type {import("vue").ShallowRef<any>} */
    const error = shallowRef(null);
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const scroller = ref(null);
    let offset = 0;
    let timer = 0;
    let turn = 0;

    async function read() {
      const mine = ++turn;
      clearTimeout(timer);
      try {
        let end = false;
        while (!end) {
          const chunk = await api.log(props.runId, props.stepId, offset);
          if (mine !== turn) return;
          append(chunk.text);
          truncated.value ||= Boolean(chunk.truncated);
          end = chunk.end || chunk.next === offset;
          offset = chunk.next;
        }
        error.value = null;
      } catch (failure) {
        if (mine === turn && !props.running) error.value = failure;
      }
      ready.value = true;
      if (mine === turn && props.running) timer = window.setTimeout(read, POLL_MS);
    }

    /** @param {string} more */
    function append(more) {
      if (!more) return;
      text.value = (text.value + more).slice(-SHOWN_CHARACTERS);
      if (follow.value) void nextTick(() => scroller.value?.scrollTo({ top: scroller.value.scrollHeight }));
    }

    watch(
      () => [props.runId, props.stepId],
      () => {
        offset = 0;
        text.value = "";
        ready.value = false;
        void read();
      },
      { immediate: true },
    );
    watch(
      () => props.running,
      () => read(),
    );
    onBeforeUnmount(() => {
      turn += 1;
      clearTimeout(timer);
    });

    function onScroll() {
      const element = scroller.value;
      if (element) follow.value = element.scrollTop + element.clientHeight >= element.scrollHeight - 24;
    }

    return () => {
      if (error.value) return failedView(error.value, read);
      if (!ready.value) return waitingView("Reading the log");
      if (!text.value)
        return emptyState(
          "article",
          props.running ? "Nothing written yet" : "The step wrote nothing",
          "What a module prints and logs appears here.",
        );
      return h("div", { class: "ed-log" }, [
        h("div", { class: "ed-view-bar" }, [
          h("span", { class: "ed-view-facts" }, props.running ? [h("span", { class: "ed-spinner" }), "following"] : ""),
          h("span", { class: "ed-spacer" }),
          iconButton("vertical_align_bottom", follow.value ? "Following the end" : "Follow the end", {
            "aria-pressed": String(follow.value),
            onClick: () => {
              follow.value = !follow.value;
              if (follow.value) scroller.value?.scrollTo({ top: scroller.value.scrollHeight });
            },
          }),
          iconButton("content_copy", "Copy", { onClick: () => navigator.clipboard?.writeText(text.value) }),
          iconButton("download", "Download", { onClick: () => save(text.value, `${props.stepId}.log`) }),
        ]),
        h("pre", { ref: scroller, class: "ed-log-text", tabindex: 0, onScroll }, text.value),
        truncated.value
          ? h("p", { class: "ed-hint" }, [icon("content_cut"), "The log was cut: it grew past its limit."])
          : null,
      ]);
    };
  },
});

/**
 * @param {string} text
 * @param {string} name
 */
function save(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
