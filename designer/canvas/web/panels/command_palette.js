// Everything from one box: actions, nodes, modules to add, pipelines and runs to open.

import { isOff, titleOf } from "../actions/registry.js";
import { scopedDocument, scopeOf } from "../document/scope.js";
import { formatAge } from "../results/format.js";
import { categoryColor } from "./atoms.js";
import { canAdd, categoryTitle, versionToAdd } from "./palette_model.js";

/**
 * @import {ActionContext, ActionRegistry} from "../actions/registry.js"
 * @import {EditorSession} from "../session.js"
 * @import {PickItem} from "./pick_box.js"
 */

const RECENT = "designer.actions";
const MOST_RECENT = 6;

/** @param {ActionRegistry} actions @param {ActionContext} context @returns {PickItem[]} what was used lately first */
export function actionItems(actions, context) {
  const recent = readRecent();
  const rank = (/** @type {string} */ id) => (recent.includes(id) ? recent.indexOf(id) : MOST_RECENT);
  const shown = actions.list().filter((action) => !action.isHidden && action.id !== "panels.commands");
  return shown
    .sort((a, b) => rank(a.id) - rank(b.id))
    .map((action) => ({
      id: action.id, section: "Actions", title: titleOf(action, context), icon: action.icon, keys: actions.firstKeys(action.id), tags: [action.title, action.group], isOff: isOff(action, context),
      run() {
        noteRecent(action.id);
        return action.run(context);
      },
    }));
}

/** The nodes of the pipeline, those inside subgraphs too. @param {EditorSession} session @returns {PickItem[]} */
export function nodeItems(session) {
  return ["", ...Object.keys(session.root.subgraphs ?? {})].flatMap((definition) => {
    const scope = definition === session.definition ? session.scope : scopeOf(session.root, definition);
    if (!scope) return [];
    const { nodes } = scopedDocument(session.root, definition);
    const inside = definition && session.modules.subgraphs.spec(definition)?.title;
    return Object.entries(nodes).map(([id, node]) => {
      const spec = session.modules.specOf(node);
      return {
        id: `node:${definition}/${id}`, section: "Nodes", title: session.nameOf(node, id), hint: inside ? `in ${inside}` : node.label ? spec?.title : "", icon: spec?.icon || "crop_16_9", colour: categoryColor(spec?.category ?? ""), tags: [id, node.module ?? ""],
        run() {
          session.goTo(scope);
          session.focusNode(id);
        },
      };
    });
  });
}

/** @param {EditorSession} session @returns {PickItem[]} */
export function moduleItems(session) {
  if (session.readOnly) return [];
  return session.modules.cards().filter(canAdd).map((card) => ({
    id: `module:${card.id}`, section: "Add a module", title: card.title, hint: categoryTitle(card.category), icon: card.icon || card.spec?.icon || "extension", colour: categoryColor(card.category), tags: card.spec?.tags ?? [],
    run: () => session.addNode(card.id, { version: versionToAdd(card) }),
  }));
}

/** Places to go to; asked from the server. @param {EditorSession} session @returns {Promise<PickItem[]>} */
export async function placeItems(session) {
  const [pipelines, runs] = await Promise.all([session.transport.get("/pipelines").catch(() => null), session.transport.get("/runs?limit=50").catch(() => null)]);
  const now = Date.now() / 1000;
  return [
    ...(pipelines?.pipelines ?? []).filter((/** @type {any} */ { id }) => id !== session.pipelineId).map((/** @type {any} */ pipeline) => ({
      id: `pipeline:${pipeline.id}`, section: "Pipelines", title: pipeline.name || pipeline.id, hint: `edited ${formatAge(pipeline.modified_at, now)}`, icon: "account_tree", tags: [pipeline.id],
      run: () => location.assign(`/pipelines/${encodeURIComponent(pipeline.id)}`),
    })),
    ...(runs?.runs ?? []).map((/** @type {any} */ run) => ({
      id: `run:${run.id}`, section: "Runs", title: `Run ${run.number} · ${run.name || run.pipeline_id || "unnamed"}`, hint: `${run.status} ${formatAge(run.finished_at ?? run.created_at, now)}`, icon: "history", tags: [run.status],
      run: () => location.assign(`/runs/${encodeURIComponent(run.id)}`),
    })),
    ...[["Pipelines", "/pipelines", "account_tree"], ["Runs", "/runs", "history"], ["Library", "/library", "widgets"], ["Settings", "/settings", "settings"]].map(([title, href, icon]) => ({
      id: `page:${href}`, section: "Pages", title, icon, run: () => location.assign(href),
    })),
  ];
}

/** @returns {string[]} */
function readRecent() {
  try {
    const stored = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

/** @param {string} id */
function noteRecent(id) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([id, ...readRecent().filter((other) => other !== id)].slice(0, MOST_RECENT)));
  } catch {
    // A browser that keeps nothing lists them in their own order.
  }
}
