// The pipeline's outputs: named ports that are kept safe and given to callers.

import { defineComponent, h, ref } from "vue";
import { button, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { InlineName } from "./inline_name.js";

/** Props: `outputs`, pairs of a name and `node.port`. */
export const Outputs = defineComponent({
  name: "PipelineOutputs",
  props: { outputs: { type: Array, required: true } },
  setup(props) {
    const { session, state } = useEditor();
    const adding = ref(false);
    const free = () => {
      const taken = new Set(Object.values(state.document.outputs ?? {}));
      return Object.keys(state.document.nodes ?? {})
        .flatMap((id) =>
          session.modules.portsOf(state.document, id).outputs.map((port) => ({
            source: `${id}.${port.name}`,
            text: `${session.titleOf(id)} · ${port.name}`,
            name: port.name,
          })),
        )
        .filter((item) => !taken.has(item.source));
    };

    /** @param {string} source */
    function add(source) {
      adding.value = false;
      const found = free().find((item) => item.source === source);
      if (!found) return;
      const taken = state.document.outputs ?? {};
      let name = found.name;
      for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `${found.name}_${count}`;
      session.edit(`Add output ${name}`, [{ path: ["outputs", name], after: source }]);
    }

    return () =>
      h("div", [
        props.outputs.length === 0
          ? h(
              "p",
              { class: "ed-hint" },
              "Outputs are kept safe and named: what the command line and callers of this pipeline get.",
            )
          : null,
        .../** @type {[string, string][]} */ (props.outputs).map(([name, source]) =>
          h("div", { key: name, class: "ed-output-row" }, [
            h(InlineName, {
              value: name,
              label: "Name of the output",
              readOnly: session.readOnly,
              onCommit: (/** @type {string} */ wish) =>
                session.edit(`Rename ${name}`, [
                  { path: ["outputs", name] },
                  { path: ["outputs", wish], after: source },
                ]),
            }),
            h(
              "button",
              {
                type: "button",
                class: "ed-link",
                onClick: () => session.focusNode(source.slice(0, source.lastIndexOf("."))),
              },
              source,
            ),
            session.readOnly
              ? null
              : iconButton("close", "Remove this output", {
                  onClick: () => session.edit(`Remove output ${name}`, [{ path: ["outputs", name] }]),
                }),
          ]),
        ),
        session.readOnly || Object.keys(state.document.nodes ?? {}).length === 0
          ? null
          : adding.value
            ? h(
                "select",
                {
                  class: "ed-input ed-select",
                  "aria-label": "Which port",
                  onChange: (/** @type {Event} */ event) => add(/** @type {HTMLSelectElement} */ (event.target).value),
                  onBlur: () => (adding.value = false),
                },
                [
                  h("option", { value: "" }, "choose an output port"),
                  ...free().map((item) => h("option", { value: item.source }, item.text)),
                ],
              )
            : button("Add an output", { kind: "quiet", icon: "add", onClick: () => (adding.value = true) }),
      ]);
  },
});
