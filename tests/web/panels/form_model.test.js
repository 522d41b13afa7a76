import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkValue,
  controlOf,
  describeRange,
  fittingParameters,
  parameterFromField,
  parseNumber,
  visibleFields,
} from "../../../designer/canvas/web/panels/form_model.js";
import { sameValue } from "../../../designer/canvas/web/document/parameter_values.js";

const spec = {
  id: "data_transformation.split_data",
  version: "1.0.0",
  digest: "b3:0",
  title: "Split Data",
  category: "data_transformation",
  parameters: [
    {
      name: "mode",
      kind: "enum",
      default: "Split Rows",
      options: ["Split Rows", "Regular Expression", "Relative Expression"],
    },
    {
      name: "fraction",
      kind: "float",
      default: 0.5,
      minimum: 0,
      maximum: 1,
      visible_when: [{ parameter: "mode", values: ["Split Rows"] }],
    },
    { name: "stratified", kind: "bool", default: false, visible_when: [{ parameter: "mode", values: ["Split Rows"] }] },
    { name: "stratify_by", kind: "column", default: null, visible_when: [{ parameter: "stratified", values: [true] }] },
    {
      name: "expression",
      kind: "string",
      default: "",
      required: true,
      visible_when: [{ parameter: "mode", values: ["Regular Expression"] }],
    },
  ],
};
const names = (node, diagnostics = []) => visibleFields(spec, node, diagnostics).map((field) => field.name);

test("only parameters whose condition holds are shown", () => {
  assert.deepEqual(names({}), ["mode", "fraction", "stratified"]);
  assert.deepEqual(names({ parameters: { mode: "Regular Expression" } }), ["mode", "expression"]);
});

test("a parameter stays hidden while the one that shows it is hidden itself", () => {
  assert.ok(!names({ parameters: { mode: "Regular Expression", stratified: true } }).includes("stratify_by"));
  assert.ok(names({ parameters: { stratified: true } }).includes("stratify_by"));
});

test("a field knows its value, whether it was changed, and what it is tied to", () => {
  const [, fraction] = visibleFields(spec, { parameters: { fraction: { $parameter: "train_fraction" } } }, []);
  assert.equal(fraction.reference, "train_fraction");
  assert.equal(fraction.changed, true);
  const [, untouched] = visibleFields(spec, {}, []);
  assert.equal(untouched.value, 0.5);
  assert.equal(untouched.changed, false);
});

test("a value equal to the default does not count as changed", () => {
  const [, fraction] = visibleFields(spec, { parameters: { fraction: 0.5 } }, []);
  assert.equal(fraction.changed, false);
});

test("a diagnostic lands on the field its pointer names", () => {
  const diagnostic = { code: "V002", message: "too large", where: "/nodes/split/parameters/fraction" };
  const fields = visibleFields(spec, {}, [diagnostic]);
  assert.deepEqual(
    fields.map((field) => field.diagnostics.length),
    [0, 1, 0],
  );
});

test("a required field without a value is missing", () => {
  const fields = visibleFields(spec, { parameters: { mode: "Regular Expression" } }, []);
  assert.equal(fields.find((field) => field.name === "expression")?.missing, true);
});

test("numbers outside the range are refused with the bound in the sentence", () => {
  const fraction = spec.parameters[1];
  assert.equal(parseNumber(fraction, "1.5").message, "Must be 1 or less.");
  assert.deepEqual(parseNumber(fraction, "0,25"), { value: 0.25, message: null });
  assert.equal(parseNumber(fraction, "many").message, "Enter a number, for example 0.5.");
  assert.equal(parseNumber({ ...fraction, exclusive_minimum: true }, "0").message, "Must be above 0.");
});

test("an integer takes no fraction, and a blank only where it may be absent", () => {
  assert.equal(parseNumber({ name: "trees", kind: "int" }, "2.5").message, "Enter a whole number.");
  assert.equal(parseNumber({ name: "trees", kind: "int" }, "").message, "Enter a number.");
  assert.deepEqual(parseNumber({ name: "seed", kind: "seed" }, " "), { value: null, message: null });
});

test("an option that does not exist and a text off the pattern are named", () => {
  assert.match(checkValue(spec.parameters[0], "Split") ?? "", /^Choose one of Split Rows/);
  assert.equal(checkValue({ name: "code", kind: "string", pattern: "[a-z]+" }, "A1"), "Must match [a-z]+.");
  assert.equal(checkValue({ name: "code", kind: "string", pattern: "[a-z]+" }, "abc"), null);
});

test("few short options become segments, many or long ones a list", () => {
  assert.equal(controlOf({ name: "m", kind: "enum", options: ["Bagging", "Replicate"] }), "segmented");
  assert.equal(controlOf(spec.parameters[0]), "enum");
});

test("the range is said in words", () => {
  assert.equal(describeRange({ name: "a", kind: "int", minimum: 1 }), "1 or more");
  assert.equal(
    describeRange({ name: "a", kind: "float", minimum: 0, maximum: 1, exclusive_minimum: true }),
    "above 0 to 1",
  );
});

test("a field is tied only to pipeline parameters of a fitting type", () => {
  const parameters = { seed: { type: "int" }, share: { type: "float" }, name: { type: "string" } };
  assert.deepEqual(fittingParameters({ name: "fraction", kind: "float" }, parameters), ["seed", "share"]);
  assert.deepEqual(fittingParameters({ name: "code", kind: "code" }, parameters), []);
});

test("a pipeline parameter made from a field keeps its value and range", () => {
  assert.deepEqual(parameterFromField(spec.parameters[1], 0.7), {
    type: "float",
    default: 0.7,
    minimum: 0,
    maximum: 1,
  });
});

test("JSON values are compared by content", () => {
  assert.ok(sameValue({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
  assert.ok(!sameValue([1, 2], [2, 1]));
  assert.ok(!sameValue({ a: undefined }, {}));
});
