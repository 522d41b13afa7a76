// Promoting: which parameters inside a subgraph are set from outside, as pins that a click sets and takes away.

import { h } from "vue";
import { exposedAs } from "../document/subgraph_ports.js";
import { definitionOf } from "../document/subgraphs.js";
import { icon, iconButton } from "./atoms.js";
import { describeDefault } from "./parameter_text.js";

/**
 * @import {EditorSession} from "../session.js"
 */

/**
 * The pin beside a parameter of a node inside a subgraph; nothing beside others.
 *
 * @param {EditorSession} session
 * @param {string} nodeId of the view
 * @param {string} parameter
 */
export function drawPin(session, nodeId, parameter) {
  const { definition, id } = session.view.homeOf(nodeId);
  return definition && !session.readOnly ? pin(session, definition, `${id}.${parameter}`) : null;
}

/**
 * Everything inside a subgraph that can be promoted.
 *
 * @param {EditorSession} session
 * @param {string} name of the definition
 */
export function drawPromotable(session, name) {
  const { nodes } = definitionOf(session.root, name);
  const groups = Object.entries(nodes).flatMap(([id, node]) => {
    const parameters = session.modules.specOf(node)?.parameters ?? [];
    return parameters.length ? [{ id, node, parameters }] : [];
  });
  if (groups.length === 0) return h("p", { class: "ed-hint" }, "Nothing inside has anything to set.");
  return groups.map(({ id, node, parameters }) =>
    h("div", { key: id, class: "ed-promotable" }, [
      h("h4", session.nameOf(node, id)),
      ...parameters.map((spec) =>
        h("div", { key: spec.name, class: "ed-promotable-row", "data-promotable": `${id}.${spec.name}` }, [
          h("span", { class: "ed-promotable-name" }, spec.title || spec.name),
          h("span", { class: "ed-muted" }, describeDefault(node.parameters?.[spec.name] ?? spec.default)),
          session.readOnly ? null : pin(session, name, `${id}.${spec.name}`),
        ])),
    ]));
}

/** @param {EditorSession} session @param {string} definition @param {string} end `node.parameter` */
function pin(session, definition, end) {
  const promoted = exposedAs(definitionOf(session.root, definition), "parameters", end);
  const label = promoted ? `Set from outside as '${promoted}'; take it back` : "Promote: set it from outside";
  return iconButton("push_pin", label, {
    class: ["ed-pin", promoted ? "ed-pin-on" : ""].join(" "), "aria-pressed": String(promoted !== undefined),
    onClick: () => (promoted ? session.subgraphs.takeBack(definition, end) : session.subgraphs.promote(definition, end)),
  });
}

/** What stands beside a parameter that the subgraph sets. @param {EditorSession} session @param {string} nodeId @param {string} parameter */
export function drawPromotion(session, nodeId, parameter) {
  const { definition, id } = session.view.homeOf(nodeId);
  const promoted = definition ? exposedAs(definitionOf(session.here.root, definition), "parameters", `${id}.${parameter}`) : undefined;
  return promoted ? h("p", { class: "ed-hint" }, [icon("push_pin"), `The default of '${promoted}'; each use may have its own value.`]) : null;
}
