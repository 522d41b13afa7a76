// What the server does with a batch, as a model: `designer/services/draft.py` and `past.py` once more.
import { isEqual } from "../../../designer/canvas/web/document/difference.js";
import { applyChanges, RefusedChange, valueAt } from "../../../designer/canvas/web/document/operations.js";
import { isWhole, placeOf } from "../../../designer/canvas/web/document/place.js";
import { renameNodes } from "../../../designer/canvas/web/document/renaming.js";

export class MergeModel {
  constructor(document) {
    this.document = document;
    this.log = [];
  }

  get revision() {
    return this.log.length;
  }

  async apply(operations, heirOf = []) {
    let names = {};
    const results = [];
    for (const operation of operations) {
      const known = this.log.find(({ id }) => id === operation.id);
      if (known) names = { ...names, ...known.renamed };
      else {
        const outcome = this.#accept(operation, names, heirOf);
        if (outcome.diagnostics) {
          results.push({ id: operation.id, status: "refused", revision: this.revision, ...outcome });
          continue;
        }
        names = outcome.names;
      }
      const { id, revision, renamed, conflicts } = known ?? this.log.at(-1);
      results.push({ id, status: known ? "duplicate" : "accepted", revision, ...(conflicts.length && { conflicts }), ...(Object.keys(renamed).length && { renamed }) });
    }
    return { revision: this.revision, results, diagnostics: [] };
  }

  async operationsAfter(revision) {
    return { revision: this.revision, operations: this.log.slice(Math.max(0, revision)) };
  }

  async snapshot() {
    return { graph: this.document, revision: this.revision };
  }

  #accept(operation, known, heirOf) {
    const names = this.#names(operation, known);
    const meant = renameNodes(operation, names);
    const conflicts = [];
    const changes = [];
    let document = this.document;
    try {
      this.#checkNodes(meant, heirOf);
      for (const { path, before, after } of meant.changes) {
        const found = valueAt(document, path);
        if (!isEqual(found, before) && !isEqual(found, after)) conflicts.push({ path, theirs: found, yours: after });
        document = applyChanges(document, [{ path, after }]);
        if (!isEqual(found, after)) changes.push({ path, before: found, after });
      }
    } catch (error) {
      if (!(error instanceof RefusedChange)) throw error;
      return { diagnostics: [error.diagnostic] };
    }
    const renamed = Object.fromEntries(Object.entries(names).filter(([id, name]) => known[id] !== name));
    this.document = document;
    this.log.push({ ...meant, changes, renamed, conflicts: this.#between(conflicts, operation), revision: this.revision + 1 });
    return { names };
  }

  #names(operation, known) {
    const names = { ...known };
    const used = this.log.slice(operation.base).flatMap(({ changes }) => changes.filter(({ path, after }) => isWhole(path) && after === undefined).map(({ path }) => path));
    const taken = {};
    for (const change of operation.changes) {
      const { path } = change;
      if (!isWhole(path) || change.before !== undefined) continue;
      const key = keyOf(path[0] === "subgraphs" && path.length > 2 ? ["subgraphs", names[`subgraphs/${path[1]}`] ?? path[1], ...path.slice(2)] : path);
      const now = renameNodes({ changes: [change] }, names).changes[0].path;
      const isGiven = Object.entries(names).some(([other, name]) => other !== key && same(gift(other, name), now));
      if (!isGiven && valueAt(this.document, now) === undefined) continue;
      const above = now.slice(0, -1);
      taken[above.join("/")] ??= new Set([
        ...Object.keys(valueAt(this.document, above) ?? {}),
        ...[...operation.changes.filter(({ before }) => before === undefined).map((one) => one.path), ...used, ...Object.entries(names).map(([other, name]) => gift(other, name))]
          .filter((other) => same(other.slice(0, -1), above))
          .map((other) => other.at(-1)),
      ]);
      names[key] = freeId(now.at(-1), taken[above.join("/")]);
      taken[above.join("/")].add(names[key]);
    }
    return names;
  }

  /** An edit of something that is gone and whose name another one has since is refused. */
  #checkNodes({ changes, client, base }, heirOf) {
    const fresh = changes.filter(({ before }) => before === undefined).map(({ path }) => path.join("/"));
    for (const path of changes.flatMap(edited)) {
      const name = path.join("/");
      const birth = this.log.findLast(({ changes }) => changes.some((one) => isWhole(one.path) && one.before === undefined && one.path.join("/") === name));
      if (!birth || fresh.includes(name) || birth.revision <= base || [client, ...heirOf].includes(birth.client)) continue;
      throw new RefusedChange({ code: "G009", severity: "error", message: `'${path.at(-1)}' was deleted, and another one has its name now.`, where: `/${name}` });
    }
  }

  /** Only what another client changed since the base is a conflict between people. */
  #between(conflicts, { client, base }) {
    return conflicts.filter(({ path }) => placeOf(path).inside[0] !== "layout").flatMap((conflict) => {
      const last = this.log.slice(base).findLast(({ changes }) => changes.some(({ path }) => touch(path, conflict.path)));
      return last && last.client !== client ? [{ ...conflict, client: last.client, revision: last.revision }] : [];
    });
  }
}

const same = (one, other) => one.join("/") === other.join("/");
const keyOf = (path) => (path[0] === "nodes" ? path[1] : path.join("/"));
const gift = (key, name) => [...(key.includes("/") ? key.split("/").slice(0, -1) : ["nodes"]), name];

function edited({ path, after }) {
  const { scope, inside } = placeOf(path);
  if (scope.length === 0 && inside[0] === "subgraphs") return inside.length === 2 ? [path] : [];
  const node = inside[0] === "nodes" && inside.length > 1 ? [[...scope, "nodes", inside[1]]] : [];
  const from = inside[0] === "nodes" && inside[2] === "inputs" ? sources(after).map((id) => [...scope, "nodes", id]) : [];
  return [...(scope.length ? [scope] : []), ...node, ...from];
}

function sources(wires) {
  if (typeof wires === "string") return [wires.split(".")[0]];
  if (Array.isArray(wires)) return wires.flatMap(sources);
  return wires && typeof wires.from === "string" ? sources(wires.from) : [];
}

function touch(one, other) {
  const shorter = Math.min(one.length, other.length);
  return same(one.slice(0, shorter), other.slice(0, shorter));
}

function freeId(wanted, taken) {
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/_\d+$/, "");
  for (let number = 2; ; number++) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}
