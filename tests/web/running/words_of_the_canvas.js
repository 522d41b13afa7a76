// What the canvas says before a run of graphs on stdin: who is left out, who can be bypassed, and durations in words.
import { readFileSync } from "node:fs";
import { formatDuration } from "../../../designer/canvas/web/document/durations.js";
import { ModuleStore } from "../../../designer/canvas/web/document/module_store.js";
import { estimateWords } from "../../../designer/canvas/web/document/plan_preview.js";
import { bypassRefusal, leftOut } from "../../../designer/canvas/web/document/switches.js";

const { specs, graphs, seconds, ranges } = JSON.parse(readFileSync(0, "utf8"));
const modules = new ModuleStore();
modules.addSpecs(specs);
const said = graphs.map(({ graph, bypass }) => ({
  left_out: Object.fromEntries(leftOut(graph, (id) => modules.specOf(graph.nodes[id]).title)),
  can_bypass: bypassRefusal(graph, modules, bypass, bypass) === "",
}));
process.stdout.write(JSON.stringify({ said, durations: seconds.map(formatDuration), ranges: ranges.map(([low_s, typical_s, high_s]) => estimateWords({ low_s, typical_s, high_s })) }));
