// The tour: a card on the canvas that tells one step after the other and goes on as soon as a step is done. The page stays usable.

import { computed, defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { keysText } from "../actions/chords.js";
import { button, icon, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { TOUR_STEPS, tourFacts } from "./tour_steps.js";

/** Emits `close`, `step` with the id of the step. */
export const Tour = defineComponent({
  name: "Tour",
  emits: ["close", "step"],
  setup(_props, { emit }) {
    const { state, ui, actions } = useEditor();
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    const at = ref(0);
    /** The title of the step that was done last, told to screen readers with the next one. */
    const done = ref("");
    const isOver = computed(() => at.value === TOUR_STEPS.length);
    const facts = computed(() => {
      void state.statusTick;
      return tourFacts(state.document, state.run, ui.opened?.tick ?? 0);
    });
    let before = facts.value;

    onMounted(() => {
      emit("step", TOUR_STEPS[0].id);
      void nextTick(() => root.value?.focus());
    });
    watch(facts, (now) => {
      if (isOver.value || !TOUR_STEPS[at.value].isDone(before, now)) return;
      done.value = TOUR_STEPS[at.value].title;
      go(1);
    });

    /** @param {number} by */
    function go(by) {
      at.value += by;
      before = facts.value;
      emit("step", TOUR_STEPS[at.value]?.id ?? "");
    }

    /** @param {number} by */
    function goByHand(by) {
      done.value = "";
      go(by);
    }

    const keys = (/** @type {string} */ id) => keysText(actions.firstKeys(id));

    return () =>
      h(
        "section",
        {
          ref: root, class: "ed-tour", tabindex: -1, "aria-label": "Tour",
          onKeydown: (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            event.preventDefault();
            emit("close");
          },
        },
        [
          h("div", { class: "ed-tour-head" }, [
            h("span", { class: "ed-muted" }, isOver.value ? "Tour" : `Tour, step ${at.value + 1} of ${TOUR_STEPS.length}`),
            h("span", { class: "ed-spacer" }),
            iconButton("close", "Leave the tour (Esc)", { onClick: () => emit("close") }),
          ]),
          h("div", { class: "ed-tour-words", "aria-live": "polite", "aria-atomic": "true" }, [
            done.value ? h("p", { class: "ed-tour-done" }, [icon("check_circle"), `Done: ${done.value.toLowerCase()}`]) : null,
            ...(isOver.value ? drawEnd() : drawStep()),
          ]),
          h("div", { class: "ed-tour-foot" }, [
            h("span", { class: "ed-tour-dots", "aria-hidden": "true" }, TOUR_STEPS.map((step, index) => h("i", { key: step.id, class: { "ed-tour-past": index < at.value, "ed-tour-here": index === at.value } }))),
            h("span", { class: "ed-spacer" }),
            at.value > 0 ? button("Back", { kind: "quiet", onClick: () => goByHand(-1) }) : null,
            isOver.value ? button("Close", { kind: "plain", onClick: () => emit("close") }) : button("Skip this", { kind: "quiet", onClick: () => goByHand(1) }),
          ]),
        ],
      );

    function drawStep() {
      const { title, text } = TOUR_STEPS[at.value];
      return [h("h2", title), h("p", text(keys))];
    }

    function drawEnd() {
      const help = keys("panels.keys");
      return [h("h2", "That is the whole circle"), h("p", `Draw, run, look, change, run again.${help && ` ${help} shows every key.`}`)];
    }
  },
});
