import assert from "node:assert/strict";
import { test } from "node:test";
import { matchRanges, searchItems } from "../../../designer/canvas/web/panels/fuzzy.js";

const items = [
  { id: "data_transformation.split_data", title: "Split Data", tags: ["partition"] },
  { id: "data_input_output.sample_dataset", title: "Sample Dataset", tags: [] },
  { id: "model_training.train_model", title: "Train Model", tags: ["fit"] },
  { id: "model_training.train_clustering_model", title: "Train Clustering Model", tags: [] },
  { id: "classification.two_class_decision_forest", title: "Two-Class Decision Forest", tags: ["random forest"] },
];
const titles = (query) => searchItems(query, items).map((item) => item.title);

test("an empty search keeps every module in its order", () => {
  assert.deepEqual(
    titles("  "),
    items.map((item) => item.title),
  );
});

test("a title that starts with the word comes before one that only contains it", () => {
  assert.deepEqual(titles("data").slice(0, 1), ["Split Data"]);
  assert.equal(titles("sam")[0], "Sample Dataset");
});

test("a tag finds a module whose title does not have the word", () => {
  assert.deepEqual(titles("fit"), ["Train Model"]);
});

test("initials and letters in order find a module", () => {
  assert.equal(titles("tcdf")[0], "Two-Class Decision Forest");
  assert.ok(titles("tmod").includes("Train Model"));
});

test("every word must be found", () => {
  assert.deepEqual(titles("train cluster"), ["Train Clustering Model"]);
  assert.deepEqual(titles("train zebra"), []);
});

test("overlapping matches are marked once", () => {
  assert.deepEqual(matchRanges("spl split", "Split Data"), [[0, 5]]);
  assert.deepEqual(matchRanges("xyz", "Split Data"), []);
});
