/**
 * What the run that is shown says of the nodes of the scope, subgraphs and what came into them included.
 *
 * @import {EditorSession} from "./session.js"
 * @import {ArtifactRef, StepRun} from "./types.js"
 */
import { nodesAt, SEPARATOR, stepId } from "./document/scope.js";
import { aggregateSteps } from "./document/step_aggregate.js";
import { terminalOf } from "./document/terminals.js";
import { listOf, sourceOf, splitSource } from "./document/wires.js";

export class ScopeResults {
  /** @param {EditorSession} session */
  constructor(session) {
    this.session = session;
  }

  /** What the run made of a node of this scope; of a subgraph, what it made of all inside. @param {string} id @returns {StepRun | undefined} */
  of(id) {
    const { session } = this;
    const node = session.document.nodes[id];
    if (node?.terminal) return this.#stepOfTerminal(id, node.terminal);
    const path = [...session.scope, ...session.view.pathOf(id)];
    return session.modules.isSubgraph(node) ? this.#stepOfSubgraph(path) : session.statuses.get(session.stepId(id));
  }

  /** @param {readonly string[]} path the scope inside the subgraph @returns {StepRun | undefined} */
  #stepOfSubgraph(path) {
    const here = this.session.whereabouts(path);
    const step = path.join(SEPARATOR);
    const outputs = Object.entries(here?.root.subgraphs?.[here.definition]?.outputs ?? {}).flatMap(([port, source]) => {
      const artifact = source && this.artifact(path, source);
      return artifact ? [[port, artifact]] : [];
    });
    return aggregateSteps(step, this.session.runs.stepsInside(step), Object.fromEntries(outputs));
  }

  /** What came into the subgraph by a port. @param {string} id @param {{kind: string, name: string}} terminal @returns {StepRun | undefined} */
  #stepOfTerminal(id, { kind, name }) {
    const artifact = kind === "inputs" ? this.artifact(this.session.scope, `${id}.${name}`) : undefined;
    return artifact && { step: this.session.stepId(id), status: "completed", reused: true, outputs: { [name]: artifact } };
  }

  /** What the run put on an output, out of a subgraph or into it as far as the wire leads. @param {readonly string[]} scope @param {string} source `node.port` there @returns {ArtifactRef | undefined} */
  artifact(scope, source) {
    const { session } = this;
    const [id, port] = splitSource(source);
    const terminal = terminalOf(id);
    const here = session.whereabouts(scope);
    if (terminal) {
      const around = session.whereabouts(scope.slice(0, -1));
      const use = around && nodesAt(around)[scope.at(-1) ?? ""];
      const [wire] = listOf(/** @type {any} */ (use?.inputs?.[port]));
      return wire && this.artifact(scope.slice(0, -1), sourceOf(wire));
    }
    const inside = session.modules.isSubgraph(here ? nodesAt(here)[id] : undefined) ? session.whereabouts([...scope, id]) : null;
    if (!inside) return session.statuses.get(stepId(scope, id))?.outputs?.[port];
    const led = inside.root.subgraphs?.[inside.definition]?.outputs?.[port];
    return led ? this.artifact([...scope, id], led) : undefined;
  }
}
