/**
 * Modules that stand between two ports whose types do not fit. Pure.
 *
 * @import {Change, GraphDocument, ModuleSpec, Point} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 *
 * @typedef {{id: string, title: string, input: string, output: string, spec: ModuleSpec}} Converter
 *   `input` and `output`: the ports between which the module stands
 */
import { addNode, change, connect, freeId, nodeOf } from "./edits.js";

const MOST = 3;

/**
 * The modules that turn an output type into an input type and need no other wire; best first.
 *
 * @param {ModuleStore} modules
 * @param {string} outputType what is given
 * @param {string} inputType what is wanted
 * @returns {Converter[]} at most three
 */
export function convertersFor(modules, outputType, inputType) {
  if (outputType === inputType) return [];
  return modules
    .cards()
    .flatMap((card) => {
      const spec = card.default ? modules.spec(card.id, card.default) : null;
      const found = spec && (spec.state ?? "active") === "active" ? between(spec, outputType, inputType) : null;
      return found ? [found] : [];
    })
    .sort((a, b) => effort(a.spec) - effort(b.spec) || a.title.localeCompare(b.title))
    .slice(0, MOST);
}

/**
 * A converter put between a wire's two ends, as one step.
 *
 * @param {GraphDocument} document
 * @param {{source: string, target: string, port: string, many?: boolean}} wire `source`: `node.port`
 * @param {Converter} converter
 * @param {Point} at where it goes
 * @returns {{id: string, changes: Change[]}}
 */
export function insertConverter(document, { source, target, port, many = false }, converter, at) {
  const id = freeId(document.nodes, converter.id.slice(converter.id.lastIndexOf(".") + 1));
  const node = { ...nodeOf(converter.spec), inputs: { [converter.input]: source } };
  const held = document.nodes[target]?.inputs?.[port];
  const made = `${id}.${converter.output}`;
  const rest = (Array.isArray(held) ? held : held === undefined ? [] : [held]).map((wire) => (wire === source ? made : wire));
  const isReplaced = rest.includes(made);
  const wiring = isReplaced
    ? [change(document, ["nodes", target, "inputs", port], Array.isArray(held) ? rest : made)]
    : connect(document, made, { node: target, port, many });
  return { id, changes: [...addNode(document, id, node, at), ...wiring] };
}

/** Halfway between two nodes, where a converter of a wire between them belongs. @param {GraphDocument} document @param {string} source node id @param {string} target node id @returns {Point} */
export function halfway(document, source, target) {
  const places = document.layout?.nodes ?? {};
  const from = places[source] ?? places[target] ?? { x: 0, y: 0 };
  const to = places[target] ?? from;
  return { x: snapped((from.x + to.x) / 2), y: snapped((from.y + to.y) / 2) };
}

/**
 * @param {ModuleSpec} spec
 * @param {string} outputType
 * @param {string} inputType
 * @returns {Converter | null}
 */
function between(spec, outputType, inputType) {
  const input = spec.inputs?.find((port) => port.type === outputType);
  const output = spec.outputs?.find((port) => port.type === inputType);
  if (!input || !output) return null;
  const needsMore = spec.inputs?.some((port) => port !== input && !port.optional);
  const isProgram = spec.parameters?.some((parameter) => parameter.kind === "code");
  return needsMore || isProgram ? null : { id: spec.id, title: spec.title, input: input.name, output: output.name, spec };
}

/** How much a person has to do or to think about after inserting it. @param {ModuleSpec} spec */
function effort({ inputs = [], outputs = [], parameters = [] }) {
  const required = parameters.filter((parameter) => parameter.required).length;
  return required * 100 + inputs.length * 10 + outputs.length;
}

/** @param {number} value */
function snapped(value) {
  return Math.round(value / 8) * 8;
}
