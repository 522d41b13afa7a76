// The declared compute targets, as far as this page knows: what each has for steps, and what is taken now.

import { shallowRef } from "vue";

/**
 * @typedef {{cpus?: number, memory_gib?: number, gpus?: number}} Amounts
 * @typedef {{name: string, settings?: {host?: string}, resources?: Amounts, taken?: Amounts}} Target
 */

/** @type {import("vue").ShallowRef<Target[]>} */
export const knownTargets = shallowRef([]);

/** Ask for them again. @param {{get: (path: string) => Promise<any>}} transport */
export async function loadTargets(transport) {
  const { targets } = await transport.get("/targets");
  knownTargets.value = targets.map((/** @type {{target: Target, taken?: Amounts}} */ { target, taken }) => ({ ...target, taken }));
}

/**
 * What a target has of one kind and what is free of it, for a person who chooses how much to ask for.
 *
 * @param {Target | undefined} target
 * @param {"cpus" | "memory_gib" | "gpus"} kind
 */
export function offerWords(target, kind) {
  const all = target?.resources?.[kind] ?? 0;
  if (!target) return "";
  if (!all) return kind === "gpus" ? `${target.name} has none.` : "";
  const free = Math.max(0, Math.round((all - (target.taken?.[kind] ?? 0)) * 100) / 100);
  const unit = kind === "memory_gib" ? " GiB" : "";
  return `${target.name} has ${all}${unit}${free === all ? "" : `, ${free}${unit} free now`}.`;
}
