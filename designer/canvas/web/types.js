/**
 * The nouns of the editor as the browser sees them; the same names as in `runtime/model`.
 * This file holds types only.
 *
 * @typedef {string | {from: string, disabled?: boolean}} WireValue
 * @typedef {WireValue | WireValue[]} InputValue
 *
 * @typedef {object} GraphNode
 * @property {string} [module]
 * @property {string} [version]
 * @property {string} [digest]
 * @property {string} [label]
 * @property {string} [subgraph]
 * @property {{kind: "inputs" | "outputs", name: string, definition: string}} [terminal] a port of the subgraph that is shown: a node of the view only
 * @property {boolean} [expanded] shown with its inside: in the view only
 * @property {string} [within] the expanded node that it is the inside of: in the view only
 * @property {{[port: string]: InputValue}} [inputs]
 * @property {{[name: string]: any}} [parameters]
 * @property {string[]} [after]
 * @property {{[name: string]: any}} [run]
 * @property {{kind: "disabled" | "bypassed" | "frozen", artifacts?: {[port: string]: string}}} [state]
 *
 * @typedef {object} GraphDocument
 * @property {number} format
 * @property {string} [name]
 * @property {string} [description]
 * @property {{[name: string]: any}} [parameters]
 * @property {GraphNode["run"]} [run] how and where nodes run that do not say so themselves
 * @property {{[id: string]: GraphNode}} nodes
 * @property {{[name: string]: string}} [outputs]
 * @property {{[name: string]: SubgraphDefinition}} [subgraphs]
 * @property {GraphLayout} [layout]
 * @property {string} [definition] inside a subgraph: its name
 * @property {{[port: string]: string | string[]}} [inputs] inside a subgraph: where its input ports lead
 * @property {{[name: string]: string | string[]}} [promoted] inside a subgraph: its parameters
 * @property {string} [label] inside a subgraph: what people call it
 * @property {string} [about] inside a subgraph: its description
 *
 * @typedef {object} SubgraphDefinition
 * @property {string} [label]
 * @property {string} [description]
 * @property {{[id: string]: GraphNode}} nodes
 * @property {{[port: string]: string | string[]}} [inputs]
 * @property {{[port: string]: string | null}} [outputs] `null` for one that gives nothing yet
 * @property {{[name: string]: string | string[]}} [parameters]
 * @property {GraphLayout} [layout]
 *
 * @typedef {{nodes?: {[id: string]: NodeLayout}, wires?: {[key: string]: [number, number][]}, frames?: {[id: string]: Frame}, notes?: {[id: string]: Note}, [kind: string]: any}} GraphLayout
 * @typedef {{x: number, y: number, [key: string]: any}} NodeLayout
 * @typedef {{x: number, y: number, width: number, height: number, title?: string, colour?: string}} Frame
 * @typedef {{x: number, y: number, width: number, height: number, text: string, colour?: string}} Note
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 *
 * @typedef {{path: string[], before?: any, after?: any}} Change  absent key: "does not exist"
 * @typedef {{id: string, client: string, label: string, base?: number, changes: Change[], revision?: number}} Operation  base: the revision it was made on
 *
 * @typedef {{code: string, severity?: "error" | "warning" | "info", message: string, remedy?: string, where?: string}} Diagnostic
 *
 * @typedef {{name: string, type: string, title?: string, description?: string, optional?: boolean, many?: boolean}} Port
 * @typedef {{name: string, kind: string, title?: string, description?: string, default?: any, required?: boolean, nullable?: boolean, summary?: boolean, options?: any[], visible_when?: {parameter: string, values: any[]}[], [key: string]: any}} ParameterSpec
 * @typedef {{id: string, version: string, digest: string, title: string, category: string, kind?: "function" | "script" | "command" | "notebook" | "subgraph", summary?: string, icon?: string, inputs?: Port[], outputs?: Port[], parameters?: ParameterSpec[], state?: "active" | "deprecated" | "disabled", state_message?: string, replacement?: string, resources?: {[name: string]: number}, [key: string]: any}} ModuleSpec
 * @typedef {{id: string, title: string, category: string, icon?: string, summary?: string, default: string | null, versions: {version: string, state: string, [key: string]: any}[], spec: ModuleSpec | null, error?: Diagnostic | null, origin?: string}} ModuleCard
 *
 * @typedef {{type: string, digest: string, bytes: number, format: string, summary?: {[key: string]: any}}} ArtifactRef
 * @typedef {{code: string, message: string, remedy?: string, where?: string, frames?: any[], details?: any}} ErrorRecord
 * @typedef {"queued" | "preparing" | "running" | "completed" | "failed" | "cancelled" | "skipped"} Status
 * @typedef {{step: string, status: Status, label?: string, reused?: boolean, reason?: string, detail?: string, seconds?: number | null, started_at?: number | null, finished_at?: number | null, progress?: number | null, progress_text?: string, meter?: import("./document/meters.js").Meter | null, metrics?: {[name: string]: any}, outputs?: {[port: string]: ArtifactRef}, error?: ErrorRecord | null, [key: string]: any}} StepRun
 * @typedef {{id: string, number?: number, status: Status, detail?: string, revision?: number, scope?: {to?: string[], from?: string[], only?: string[], failed?: boolean, stop_before?: string[]}, stopped_before?: string[], steps: {[step: string]: StepRun}, error?: ErrorRecord | null, [key: string]: any}} Run
 */
export {};
