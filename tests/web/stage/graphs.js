// Graphs to look at and to measure with: one a person would draw, and layered ones of any size.

const port = (name, type, more = {}) => ({ name, type, title: name.replaceAll("_", " "), ...more });
const parameter = (name, value, more = {}) => ({ name, kind: "float", default: value, summary: true, ...more });

const MODULES = [
  { id: "data_input_output.sample_dataset", title: "Sample Dataset", outputs: [port("dataset", "Table")], parameters: [parameter("name", "breast_cancer", { kind: "enum" })] },
  { id: "data_transformation.clean_missing_data", title: "Clean Missing Data", inputs: [port("dataset", "Table")], outputs: [port("cleaned_dataset", "Table"), port("cleaning_transformation", "Transform")], parameters: [parameter("cleaning_mode", "Replace with median", { kind: "enum" })] },
  { id: "data_transformation.split_data", title: "Split Data", inputs: [port("dataset", "Table")], outputs: [port("results_dataset1", "Table"), port("results_dataset2", "Table")], parameters: [parameter("fraction", 0.7), parameter("seed", 7)] },
  { id: "data_transformation.join_data", title: "Join Data", inputs: [port("dataset1", "Table"), port("dataset2", "Table")], outputs: [port("results_dataset", "Table")], parameters: [parameter("join_type", "Inner Join", { kind: "enum" })] },
  { id: "classification.two_class_decision_forest", title: "Two-Class Decision Forest", outputs: [port("untrained_model", "UntrainedModel")], parameters: [parameter("number_of_trees", 200, { title: "Trees" }), parameter("maximum_depth", 8, { title: "Max depth" })] },
  { id: "classification.two_class_logistic_regression", title: "Two-Class Logistic Regression", outputs: [port("untrained_model", "UntrainedModel")], parameters: [parameter("l2_weight", 1, { title: "L2 weight" })] },
  { id: "model_training.train_model", title: "Train Model", inputs: [port("untrained_model", "UntrainedModel"), port("dataset", "Table")], outputs: [port("trained_model", "Model")], parameters: [parameter("label_column", "target", { kind: "column" })] },
  { id: "model_scoring_evaluation.score_model", title: "Score Model", inputs: [port("trained_model", "Model"), port("dataset", "Table")], outputs: [port("scored_dataset", "Table")] },
  { id: "model_scoring_evaluation.evaluate_model", title: "Evaluate Model", inputs: [port("scored_dataset", "Table"), port("scored_dataset_to_compare", "Table", { optional: true })], outputs: [port("evaluation_results", "Report")] },
  { id: "python_language.execute_python_script", title: "Execute Python Script", inputs: [port("dataset1", "Table", { optional: true }), port("dataset2", "Table", { optional: true }), port("script_bundle", "File", { optional: true })], outputs: [port("result_dataset", "Table"), port("result_dataset2", "Table")] },
];

export const SPECS = Object.fromEntries(
  MODULES.map((spec) => [`${spec.id}@1.0.0`, { version: "1.0.0", digest: "b3:00", category: spec.id.split(".")[0], inputs: [], outputs: [], parameters: [], ...spec }]),
);
export const CARDS = Object.values(SPECS).map((spec) => ({ id: spec.id, title: spec.title, category: spec.category, default: "1.0.0", versions: [{ version: "1.0.0", state: "active" }], spec }));

const node = (id, more = {}) => ({ module: id, version: "1.0.0", digest: "b3:00", ...more });

/** The breast-cancer comparison, and a half-drawn corner with problems. */
export function sampleGraph() {
  const at = (column, row) => ({ x: column * 120, y: row * 112 });
  return {
    format: 1, name: "Breast cancer classifier",
    nodes: {
      load: node(MODULES[0].id, { label: "Wisconsin data" }),
      clean: node(MODULES[1].id, { inputs: { dataset: "load.dataset" } }),
      split: node(MODULES[2].id, { label: "Split 70/30", inputs: { dataset: "clean.cleaned_dataset" } }),
      forest: node(MODULES[4].id),
      logistic: node(MODULES[5].id),
      train: node(MODULES[6].id, { label: "Train forest", inputs: { untrained_model: "forest.untrained_model", dataset: "split.results_dataset1" } }),
      train_2: node(MODULES[6].id, { label: "Train logistic", inputs: { untrained_model: "logistic.untrained_model", dataset: "split.results_dataset1" } }),
      score: node(MODULES[7].id, { inputs: { trained_model: "train.trained_model", dataset: "split.results_dataset2" } }),
      score_2: node(MODULES[7].id, { inputs: { trained_model: "train_2.trained_model", dataset: "split.results_dataset2" } }),
      evaluate: node(MODULES[8].id, { inputs: { scored_dataset: "score.scored_dataset", scored_dataset_to_compare: "score_2.scored_dataset" } }),
      script: node(MODULES[9].id, { label: "Plot the errors", inputs: { dataset1: "score_2.scored_dataset" } }),
    },
    layout: { nodes: { load: at(2, 0), clean: at(2, 1), split: at(2, 2), forest: at(0, 2), logistic: at(4, 2), train: at(1, 3), train_2: at(3, 3), score: at(1, 4), score_2: at(3, 4), evaluate: at(2, 5.2), script: at(4.3, 5.2) } },
  };
}

/** What a run of the sample looks like half-way: every state once. */
export function sampleRun() {
  const table = (rows, columns) => ({ type: "Table", digest: "b3:1", bytes: 96_000, format: "arrow", summary: { rows, columns } });
  const step = (name, status, more = {}) => [name, { step: name, status, seconds: 0.214, ...more }];
  return {
    id: "r1", number: 12, status: "running",
    steps: Object.fromEntries([
      step("load", "completed", { reused: true, outputs: { dataset: table(569, 31) } }),
      step("clean", "completed", { reused: true, outputs: { cleaned_dataset: table(569, 31) } }),
      step("split", "completed", { outputs: { results_dataset1: table(398, 31), results_dataset2: table(171, 31) } }),
      step("forest", "completed", { outputs: { untrained_model: { type: "UntrainedModel", digest: "b3:2", bytes: 200, format: "json", summary: { learner: "Decision forest" } } } }),
      step("logistic", "cancelled"),
      step("train", "running", { started_at: Date.now() / 1000 - 8, progress: 0.62, seconds: null }),
      step("train_2", "failed", { error: { code: "D001", message: "Column 'targett' is not in 'dataset'." } }),
      step("score", "queued"),
      step("score_2", "skipped", { reason: "Train logistic failed" }),
    ]),
  };
}

/** A layered graph of `count` nodes as a layout leaves it: wires come from up to three rows above and three columns aside. */
export function layeredGraph(count, seed = 1) {
  const random = generator(seed);
  const columns = Math.max(4, Math.round(Math.sqrt(count / 1.6)));
  const graph = { format: 1, name: `${count} nodes`, nodes: {}, layout: { nodes: {} } };
  const specs = [];
  const source = (i, type) => {
    for (let tries = 0; tries < 24; tries++) {
      const from = i - columns * (1 + Math.floor(random() * random() * 3)) + Math.floor(random() * 7) - 3;
      const fitting = (specs[from]?.outputs ?? []).filter((port) => port.type === type);
      if (from < i && fitting.length) return `n${from}.${fitting[Math.floor(random() * fitting.length)].name}`;
    }
    return null;
  };
  for (let i = 0; i < count; i++) {
    const row = Math.floor(i / columns);
    const spec = row === 0 ? MODULES[[0, 4][i % 2]] : MODULES[[2, 3, 1, 6, 7, 4, 9, 2, 3, 0][Math.floor(random() * 10)]];
    specs.push(spec);
    const wired = (spec.inputs ?? []).map(({ name, type }) => [name, source(i, type)]).filter(([, from]) => from);
    graph.nodes[`n${i}`] = node(spec.id, { label: `${spec.title} ${i}`, ...(wired.length ? { inputs: Object.fromEntries(wired) } : {}) });
    graph.layout.nodes[`n${i}`] = { x: (i % columns) * 240, y: row * 120 };
  }
  return graph;
}

/** States for a layered graph: mostly done, some running, a few failed. */
export function layeredRun(count, seed = 2) {
  const random = generator(seed);
  const steps = {};
  for (let i = 0; i < count; i++) {
    const dice = random();
    const status = dice < 0.72 ? "completed" : dice < 0.76 ? "running" : dice < 0.785 ? "failed" : "queued";
    steps[`n${i}`] = { step: `n${i}`, status, reused: dice < 0.3, seconds: dice, started_at: Date.now() / 1000, outputs: {} };
  }
  return { id: "r1", status: "running", steps };
}

/** mulberry32 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
