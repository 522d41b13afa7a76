/**
 * What a running step takes, in few words that keep their width. Pure.
 *
 * @typedef {{cpu_percent: number, memory_bytes: number, gpu_percent?: number | null, gpu_memory_bytes?: number | null, peak_memory_bytes?: number, cpu_seconds?: number}} Meter
 * @typedef {{name: string, value: string, title: string}} MeterText
 */

/** @param {Meter | null | undefined} meter @returns {MeterText[]} */
export function meterTexts(meter) {
  if (!meter) return [];
  const { cpu_percent, memory_bytes, gpu_percent, gpu_memory_bytes } = meter;
  const found = [
    { name: "CPU", value: `${Math.round(cpu_percent)} %`, title: "Processor; 100 % is one core" },
    { name: "", value: formatMemory(memory_bytes), title: "Memory held by the step's processes" },
  ];
  if (typeof gpu_percent === "number") found.push({ name: "GPU", value: `${Math.round(gpu_percent)} %`, title: gpu_memory_bytes ? `GPU, with ${formatMemory(gpu_memory_bytes)} of its memory` : "GPU" });
  return found;
}

/** Two or three figures and a unit. @param {number} bytes */
export function formatMemory(bytes) {
  if (bytes >= 1e9) return `${bytes < 1e10 ? (bytes / 1e9).toFixed(1) : Math.round(bytes / 1e9)} GB`;
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

/**
 * Several meters as one: what a subgraph's steps take together.
 *
 * @param {readonly Meter[]} meters
 * @returns {Meter | null}
 */
export function sumOfMeters(meters) {
  if (meters.length === 0) return null;
  const sum = (/** @type {"cpu_percent" | "memory_bytes" | "gpu_memory_bytes"} */ key) => meters.reduce((total, meter) => total + (meter[key] ?? 0), 0);
  const gpus = meters.flatMap(({ gpu_percent }) => gpu_percent ?? []);
  return { cpu_percent: sum("cpu_percent"), memory_bytes: sum("memory_bytes"), ...(gpus.length ? { gpu_percent: Math.max(...gpus), gpu_memory_bytes: sum("gpu_memory_bytes") } : {}) };
}
