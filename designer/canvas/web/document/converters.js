/**
 * Modules that stand between two ports whose types do not fit. Pure.
 *
 * @import {ModuleSpec} from "../types.js"
 * @import {ModuleStore} from "./module_store.js"
 *
 * @typedef {{id: string, title: string, input: string, output: string, needs: number, spec: ModuleSpec}} Converter
 *   `input` and `output`: the ports between which the module stands; `needs`: how many wires it needs besides
 */
import { isCompatible } from "./module_store.js";

const MOST = 3;

/**
 * The modules that turn an output type into an input type, those first that work as they come.
 *
 * @param {ModuleStore} modules
 * @param {string} outputType what is given
 * @param {string} inputType what is wanted
 * @returns {Converter[]} at most three
 */
export function convertersFor(modules, outputType, inputType) {
  if (isCompatible(outputType, inputType)) return [];
  return modules
    .cards()
    .flatMap((card) => {
      const spec = card.default ? modules.spec(card.id, card.default) : null;
      const found = spec && (spec.state ?? "active") === "active" ? between(spec, outputType, inputType) : null;
      return found ? [found] : [];
    })
    .sort((a, b) => effort(a) - effort(b) || a.title.localeCompare(b.title))
    .slice(0, MOST);
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
  if (spec.parameters?.some((parameter) => parameter.kind === "code")) return null;
  const needs = (spec.inputs ?? []).filter((port) => port !== input && !port.optional).length;
  return needs > 1 ? null : { id: spec.id, title: spec.title, input: input.name, output: output.name, needs, spec };
}

/** How much a person has to do or to think about after inserting it. @param {Converter} converter */
function effort({ needs, spec: { inputs = [], outputs = [], parameters = [] } }) {
  const required = parameters.filter((parameter) => parameter.required).length;
  return (needs + required) * 100 + inputs.length * 10 + outputs.length;
}
