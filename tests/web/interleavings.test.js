// Many editors at once on a bad network: the quick share of what `interleavings/run.js` does at length.
import { test } from "node:test";
import { EMPTY, interleave } from "./interleavings/interleaving.js";
import { MergeModel } from "./interleavings/merge_model.js";

for (let seed = 1; seed <= 30; seed++) {
  test(`editors on a bad network end with the same document (interleaving ${seed})`, async () => {
    await interleave(seed, new MergeModel(structuredClone(EMPTY)));
  });
}
