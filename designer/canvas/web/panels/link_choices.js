// What a port may be connected to, as a list to choose from by typing.

import { portTitle } from "../document/edits.js";
import { linksFrom } from "../document/linking.js";
import { possibleSources } from "../document/possible_sources.js";
import { wiresInto } from "../document/wires.js";

/**
 * @import {EditorSession} from "../session.js"
 * @import {PickItem} from "./pick_box.js"
 * @typedef {{label: string, placeholder: string, none: string, items: PickItem[]}} LinkChoice
 */

/** The inputs that the outputs of a node, or one of them, could feed. @param {EditorSession} session @param {string} id @param {string} [output] @returns {LinkChoice} */
export function targetChoice(session, id, output) {
  const links = linksFrom(session.document, session.modules, id).filter((link) => !output || link.output.name === output);
  const title = session.titleOf(id);
  const items = links.map((link) => ({
    id: `${link.source}>${link.target}.${link.input.name}`,
    title: session.titleOf(link.target),
    hint: `${portTitle(link.output)} → ${portTitle(link.input)}`,
    type: link.output.type,
    tags: [link.target, link.input.name],
    run: () => session.wires.connect(link.source, link.target, link.input.name),
  }));
  return { label: `Connect ${title} to`, placeholder: `Connect ${title} to …`, none: "Nothing takes what this node gives", items };
}

/** The outputs that could feed an input, nearest first, and the way to cut what feeds it. @param {EditorSession} session @param {string} id @param {string} input @returns {LinkChoice} */
export function sourceChoice(session, id, input) {
  const port = session.modules.portsOf(session.document, id).inputs.find(({ name }) => name === input);
  const held = wiresInto(session.document, id).filter((wire) => wire.port === input);
  const sources = possibleSources(session.document, session.modules, { node: id, port: input }).filter(({ source }) => !held.some((wire) => wire.source === source));
  const name = `${port ? portTitle(port) : input} of ${session.titleOf(id)}`;
  /** @type {PickItem[]} */
  const items = sources.map(({ source, node, port: output }) => ({
    id: source,
    title: session.titleOf(node),
    hint: portTitle(output),
    type: output.type,
    tags: [node, output.name],
    run: () => session.wires.connect(source, id, input),
  }));
  const now = held.map(({ source, node, output }) => ({ id: source, title: session.titleOf(node), hint: "connected", type: port?.type, tags: [node, output], run: () => undefined }));
  items.unshift(...now);
  if (held.length) items.push({ id: "disconnect", title: "Disconnect", icon: "link_off", run: () => session.wires.disconnect(held.map(({ key }) => key)) });
  return { label: `What feeds ${name}`, placeholder: `What feeds ${name}?`, none: `No node gives ${port?.type ?? "it"}`, items };
}
