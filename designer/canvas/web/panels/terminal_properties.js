// Properties of a port of the subgraph that is shown: its name, what goes through it, where it stands.

import { defineComponent, h } from "vue";
import { definitionOf, orderedNames } from "../document/subgraphs.js";
import { NEW_PORT, terminalOf } from "../document/terminals.js";
import { button, categoryColor, icon, typeMark } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { InlineName } from "./inline_name.js";
import { drawPorts } from "./node_sections.js";
import { section } from "./section.js";

/** Props: `nodeId` of a terminal. */
export const TerminalProperties = defineComponent({
  name: "TerminalProperties",
  props: { nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state, layout } = useEditor();

    return () => {
      void state.modulesTick;
      const node = state.document.nodes[props.nodeId];
      const terminal = terminalOf(props.nodeId);
      if (!node || !terminal) return null;
      const spec = session.modules.specOf(node);
      const [port] = [...(spec?.inputs ?? []), ...(spec?.outputs ?? [])];
      return h("div", { class: "ed-node-properties", style: { "--category": categoryColor("subgraph") } }, [
        h("header", { class: "ed-node-head" }, [
          h("span", { class: "ed-node-icon" }, [icon(spec?.icon ?? "input")]),
          h("div", { class: "ed-node-names" }, [drawName(), h("div", { class: "ed-node-module" }, terminal.kind === "inputs" ? "Input of this subgraph" : "Output of this subgraph")]),
        ]),
        h("div", { class: "ed-section-body ed-first" }, terminal.name === NEW_PORT ? drawNew() : [drawType(), drawTools()]),
        terminal.name === NEW_PORT || terminal.kind === "inputs" ? null : section(layout, { name: "ports", title: "Inputs and outputs" }, () => drawPorts(props.nodeId, node, spec, session)),
      ]);

      function drawName() {
        if (terminal?.name === NEW_PORT) return h("h2", spec?.title);
        return h(InlineName, {
          value: terminal?.name ?? "", label: "Name of this port", readOnly: session.readOnly,
          onCommit: (/** @type {string} */ name) => terminal && session.subgraphs.renamePort(session.here.definition, terminal.kind, terminal.name, name),
        });
      }

      function drawType() {
        return h("p", { class: "ed-port" }, [typeMark(port?.type ?? "Any"), h("span", port?.type ?? "Any"), port?.description ? h("span", { class: "ed-muted" }, port.description) : null]);
      }

      function drawNew() {
        const kind = terminal?.kind === "outputs" ? "outputs" : "inputs";
        return [
          h("p", { class: "ed-hint" }, kind === "inputs" ? "Draw a wire from here to an input of a node, or add an input that leads nowhere yet." : "Draw a wire from an output of a node to here, or add an output that gives nothing yet."),
          session.readOnly ? null : h("div", { class: "ed-row" }, [button(kind === "inputs" ? "Add an input" : "Add an output", { icon: "add", onClick: () => session.subgraphs.addPort(session.here.definition, kind) })]),
        ];
      }

      function drawTools() {
        if (session.readOnly || !terminal) return null;
        const { definition } = session.here;
        const names = orderedNames(definitionOf(session.root, definition), terminal.kind);
        const at = names.indexOf(terminal.name);
        const moved = (/** @type {number} */ by) => session.subgraphs.reorder(definition, terminal.kind, names.toSpliced(at, 1).toSpliced(at + by, 0, terminal.name));
        return h("div", { class: "ed-actions" }, [
          button("Move left", { icon: "arrow_back", disabled: at <= 0, onClick: () => moved(-1) }),
          button("Move right", { icon: "arrow_forward", disabled: at === names.length - 1, onClick: () => moved(1) }),
          button("Remove", { icon: "delete_outline", onClick: () => session.removeNodes([props.nodeId]) }),
        ]);
      }
    };
  },
});
