// The ports and promoted parameters of a subgraph: named, ordered, added and taken away where they stand.

import { h } from "vue";
import { orderedNames } from "../document/subgraphs.js";
import { listOf, splitSource } from "../document/wires.js";
import { iconButton, typeMark } from "./atoms.js";
import { InlineName } from "./inline_name.js";

/**
 * @import {SubgraphDefinition} from "../types.js"
 * @import {PortKind} from "../document/subgraph_ports.js"
 * @import {EditorSession} from "../session.js"
 */

const WORDS = { inputs: "input", outputs: "output", parameters: "parameter" };

/**
 * @param {EditorSession} session
 * @param {string} name of the definition
 * @param {SubgraphDefinition} definition
 * @param {PortKind} kind
 */
export function drawPortList(session, name, definition, kind) {
  const names = orderedNames(definition, kind);
  const word = WORDS[kind];
  return names.map((port, i) =>
    h("div", { key: port, class: "ed-port-row", "data-port": `${kind}.${port}` }, [
      kind === "parameters" ? null : typeMark(typeOf(session, name, kind, port)),
      h("div", { class: "ed-port-names" }, [
        h(InlineName, {
          value: port, label: `Name of the ${word}`, readOnly: session.readOnly,
          onCommit: (/** @type {string} */ wish) => session.subgraphs.renamePort(name, kind, port, wish),
        }),
        drawEnds(session, definition, kind, port),
      ]),
      session.readOnly ? null : drawTools(session, name, { kind, port, names, at: i }),
    ]),
  );
}

/** @param {EditorSession} session @param {string} name @param {{kind: PortKind, port: string, names: string[], at: number}} which */
function drawTools(session, name, { kind, port, names, at }) {
  const moved = (/** @type {number} */ by) => names.toSpliced(at, 1).toSpliced(at + by, 0, port);
  const remove = () => (kind === "parameters" ? session.subgraphs.demote(name, port) : session.subgraphs.removePort(name, kind, port));
  return h("span", { class: "ed-port-tools" }, [
    iconButton("arrow_upward", `Move '${port}' up`, { disabled: at === 0, onClick: () => session.subgraphs.reorder(name, kind, moved(-1)) }),
    iconButton("arrow_downward", `Move '${port}' down`, { disabled: at === names.length - 1, onClick: () => session.subgraphs.reorder(name, kind, moved(1)) }),
    iconButton("close", kind === "parameters" ? `Take '${port}' back` : `Remove '${port}'`, { onClick: remove }),
  ]);
}

/** What a port leads to inside, as links. @param {EditorSession} session @param {SubgraphDefinition} definition @param {PortKind} kind @param {string} port */
function drawEnds(session, definition, kind, port) {
  const ends = listOf(definition[kind]?.[port]).flatMap((end) => end ?? []);
  if (ends.length === 0) return h("span", { class: "ed-hint" }, kind === "outputs" ? "gives nothing yet" : "leads nowhere yet");
  return h("span", { class: "ed-port-ends" }, ends.map((end) => {
    const [id, inner] = splitSource(end);
    const title = session.nameOf(definition.nodes[id], id);
    return h("button", { key: end, type: "button", class: "ed-link", title: `${title} · ${inner}`, onClick: () => session.focusNode(id) }, `${title} · ${inner}`);
  }));
}

/** @param {EditorSession} session @param {string} name @param {"inputs" | "outputs"} kind @param {string} port */
function typeOf(session, name, kind, port) {
  return session.modules.subgraphs.spec(name)?.[kind]?.find((item) => item.name === port)?.type ?? "Any";
}
