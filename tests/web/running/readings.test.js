import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration } from "../../../designer/canvas/web/document/durations.js";
import { formatMemory, meterTexts, sumOfMeters } from "../../../designer/canvas/web/document/meters.js";
import { applyRunEvent } from "../../../designer/canvas/web/document/run_state.js";

test("a reading is shown while its step runs and is gone when it ends", () => {
  const run = { id: "r", status: "running", steps: { a: { step: "a", status: "running" } } };
  applyRunEvent(run, { run_id: "r", kind: "meter", step: "a", data: { cpu_percent: 98.4, memory_bytes: 412e6 } });
  assert.deepEqual(meterTexts(run.steps.a.meter).map(({ name, value }) => [name, value]), [["CPU", "98 %"], ["", "412 MB"]]);
  applyRunEvent(run, { run_id: "r", kind: "step", step: "a", status: "completed", data: { seconds: 2 } });
  assert.equal(run.steps.a.meter, null);
  assert.deepEqual(meterTexts(run.steps.a.meter), []);
});

test("a GPU is shown where there is one, also when it does nothing", () => {
  const texts = meterTexts({ cpu_percent: 3, memory_bytes: 1, gpu_percent: 0, gpu_memory_bytes: 2e9 });
  assert.deepEqual(texts.map(({ value }) => value), ["3 %", "1 MB", "0 %"]);
  assert.match(texts[2].title, /2\.0 GB/);
});

test("what the steps of a subgraph take is added up, the busiest GPU counts", () => {
  const one = { cpu_percent: 100, memory_bytes: 1e9, gpu_percent: 40, gpu_memory_bytes: 1e9 };
  assert.deepEqual(sumOfMeters([one, { cpu_percent: 50, memory_bytes: 5e8 }]), { cpu_percent: 150, memory_bytes: 1.5e9, gpu_percent: 40, gpu_memory_bytes: 1e9 });
  assert.equal(sumOfMeters([]), null);
});

test("memory and durations keep few figures", () => {
  assert.deepEqual([3, 999e6, 1.44e9, 23e9].map(formatMemory), ["1 MB", "999 MB", "1.4 GB", "23 GB"]);
  assert.deepEqual([0.02, 0.5, 3, 12.4, 60, 61, 3700].map(formatDuration), ["under 0.1 s", "0.5 s", "3 s", "12 s", "1 min", "1 min 1 s", "1 h 1 min"]);
});
