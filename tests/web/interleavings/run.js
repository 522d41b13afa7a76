// Random interleavings by the hundred: node interleavings/run.js --from 1 --to 2000 [--python PATH [--rest]]
import { parseArgs } from "node:util";
import { Both } from "./both.js";
import { EMPTY, interleave } from "./interleaving.js";
import { MergeModel } from "./merge_model.js";
import { MergePipe } from "./merge_pipe.js";

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "1" },
    to: { type: "string", default: "2000" },
    python: { type: "string", default: "" },
    rest: { type: "boolean", default: false },
  },
});
const pipe = values.python ? new MergePipe(values.python, values.rest ? ["--rest"] : []) : null;
const sums = {};
let failures = 0;
for (let seed = Number(values.from); seed <= Number(values.to); seed++) {
  const model = new MergeModel(structuredClone(EMPTY));
  await pipe?.start();
  try {
    const facts = await interleave(seed, pipe ? new Both(model, pipe) : model);
    for (const [name, count] of Object.entries(facts)) sums[name] = (sums[name] ?? 0) + count;
  } catch (error) {
    failures += 1;
    console.error(`seed ${seed}: ${error.stack}`);
  }
}
pipe?.close();
console.log(JSON.stringify({ failures, interleavings: values.to - values.from + 1, ...sums }));
process.exit(failures ? 1 : 0);
