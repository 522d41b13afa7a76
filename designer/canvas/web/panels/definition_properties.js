// Properties of the subgraph that is shown: its name, what it is for, its ports, what is set from outside, who uses it.

import { computed, defineComponent, h, ref, watch } from "vue";
import { scopeOf } from "../document/scope.js";
import { definitionOf, usesOf, wordsOf } from "../document/subgraphs.js";
import { button, categoryColor, icon, iconButton } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { InlineName } from "./inline_name.js";
import { section } from "./section.js";
import { drawPortList } from "./subgraph_ports.js";

export const DefinitionProperties = defineComponent({
  name: "DefinitionProperties",
  setup() {
    const { session, state, layout, ui } = useEditor();
    const name = computed(() => {
      void state.definition;
      return session.here.definition;
    });
    const held = computed(() => {
      void state.document;
      return definitionOf(session.here.root, name.value);
    });
    const about = ref("");
    watch(() => held.value.description ?? "", (text) => (about.value = text), { immediate: true });

    return () => {
      void state.modulesTick;
      const { inputs = {}, outputs = {}, parameters = {} } = held.value;
      const add = (/** @type {"inputs" | "outputs"} */ kind, /** @type {string} */ label) =>
        session.readOnly ? null : iconButton("add", label, { onClick: () => session.subgraphs.addPort(name.value, kind) });
      return h("div", { class: "ed-node-properties", style: { "--category": categoryColor("subgraph") } }, [
        drawHead(),
        h("div", { class: "ed-section-body ed-first" }, [
          drawDescription(),
          session.readOnly ? null : h("div", { class: "ed-row" }, [button("Publish as a module", { icon: "publish", onClick: () => (ui.publishing = name.value) })]),
        ]),
        section(layout, { name: "subgraph_inputs", title: "Inputs", count: Object.keys(inputs).length, action: add("inputs", "Add an input") }, () => [
          ...drawPortList(session, name.value, held.value, "inputs"),
          Object.keys(inputs).length ? null : h("p", { class: "ed-hint" }, "What comes in from outside. Draw a wire from the terminal at the top."),
        ]),
        section(layout, { name: "subgraph_outputs", title: "Outputs", count: Object.keys(outputs).length, action: add("outputs", "Add an output") }, () => [
          ...drawPortList(session, name.value, held.value, "outputs"),
          Object.keys(outputs).length ? null : h("p", { class: "ed-hint" }, "What goes out. Draw a wire to the terminal at the bottom."),
        ]),
        section(layout, { name: "subgraph_parameters", title: "Set from outside", count: Object.keys(parameters).length }, () => [
          ...drawPortList(session, name.value, held.value, "parameters"),
          Object.keys(parameters).length ? null : h("p", { class: "ed-hint" }, "Select a node and promote a parameter with the pin beside its name: each use may then have a value of its own."),
        ]),
        section(layout, { name: "subgraph_uses", title: "Used by", count: uses().length }, drawUses),
      ]);
    };

    function drawHead() {
      return h("header", { class: "ed-node-head" }, [
        h("span", { class: "ed-node-icon" }, [icon("account_tree")]),
        h("div", { class: "ed-node-names" }, [
          h(InlineName, {
            value: held.value.label ?? "", placeholder: wordsOf(name.value), label: "Name of this subgraph", readOnly: session.readOnly, emptyAllowed: true,
            onCommit: (/** @type {string} */ label) => session.subgraphs.rename(name.value, label),
          }),
          h("div", { class: "ed-node-module" }, [h("span", { class: "ed-node-id" }, session.here.published ? `Published as ${session.here.published.replace("@", " ")}` : "Subgraph of this pipeline")]),
        ]),
      ]);
    }

    function drawDescription() {
      return h("div", { class: "ed-field" }, [
        h("div", { class: "ed-field-head" }, [h("label", { for: "subgraph-description" }, "Description")]),
        h("textarea", {
          id: "subgraph-description", class: "ed-input", rows: 3, value: about.value, disabled: session.readOnly, placeholder: "What this subgraph is for",
          onInput: (/** @type {Event} */ event) => (about.value = /** @type {HTMLTextAreaElement} */ (event.target).value),
          onChange: () => session.subgraphs.describe(name.value, about.value),
          onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        }),
      ]);
    }

    /** Nodes of this pipeline that use it. */
    function uses() {
      return session.here.published ? [] : usesOf(session.root, name.value);
    }

    function drawUses() {
      if (session.here.published) return h("p", { class: "ed-hint" }, "Every pipeline may use a published version.");
      return uses().map(({ definition, id }) => {
        const scope = scopeOf(session.root, definition);
        const around = definition ? session.subgraphs.titleOf(definition) : "";
        const title = [around, session.nameOf((definition ? session.root.subgraphs?.[definition]?.nodes : session.root.nodes)?.[id], id)].filter(Boolean).join(" / ");
        return h("button", { key: `${definition}/${id}`, type: "button", class: "ed-link ed-use", disabled: !scope, onClick: () => scope && session.subgraphs.show([...scope, id]) }, [icon("account_tree"), title]);
      });
    }
  },
});
