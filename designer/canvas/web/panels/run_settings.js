// How a node runs: target, what it takes there, time-out, retries, whether earlier results may be reused.

import { computed, defineComponent, h } from "vue";
import { NumberControl } from "./controls/number_control.js";
import { knownTargets, offerWords } from "./controls/known_targets.js";
import { SelectControl } from "./controls/choice_control.js";
import { EnvironmentControl } from "./controls/environment_control.js";
import { TargetControl } from "./controls/target_control.js";
import { useEditor } from "./editor_context.js";
import { iconButton } from "./atoms.js";

/**
 * @import {ParameterSpec} from "../types.js"
 */

/** @type {(Omit<ParameterSpec, "kind" | "name"> & {name: string, kind: string, hint: string})[]} */
const SETTINGS = [
  { name: "target", kind: "target", title: "Compute target", nullable: true, hint: "Where it runs. Its data travels by itself." },
  { name: "environment", kind: "environment", title: "Environment", nullable: true, hint: "The packages it runs with." },
  { name: "cpus", kind: "float", title: "Processors", minimum: 0, exclusive_minimum: true, nullable: true, hint: "It computes with as many threads." },
  {
    name: "memory_gib",
    kind: "float",
    title: "Memory",
    unit: "GiB",
    minimum: 0,
    exclusive_minimum: true,
    nullable: true,
    hint: "It is stopped if it takes more.",
  },
  { name: "gpus", kind: "float", title: "GPUs", minimum: 0, nullable: true, hint: "It sees its own only; 0.5 shares one." },
  {
    name: "timeout_s",
    kind: "float",
    title: "Time-out",
    unit: "s",
    minimum: 0,
    exclusive_minimum: true,
    nullable: true,
    hint: "The step is stopped after this long.",
  },
  {
    name: "retries",
    kind: "int",
    title: "Retries",
    minimum: 0,
    maximum: 20,
    nullable: true,
    hint: "Tried again this often when it fails.",
  },
  {
    name: "reuse",
    kind: "enum",
    title: "Reuse earlier results",
    options: ["yes", "no"],
    nullable: true,
    hint: "“no” runs the node every time.",
  },
];

/** What holds where nobody says anything. @type {Record<string, string>} */
const FALLBACKS = { cpus: "1", memory_gib: "no limit", gpus: "none" };

/** @type {Record<string, string>} */
const LABELS = { cpus: "processors", memory_gib: "memory", gpus: "GPUs", timeout_s: "timeout" };

/** @type {Record<string, object>} */
const CONTROLS = { enum: SelectControl, target: TargetControl, environment: EnvironmentControl };

/** What is declared on a page of its own. @type {Record<string, {href: string, text: string}>} */
const PAGES = {
  target: { href: "/targets", text: "All targets" },
  environment: { href: "/environments", text: "All environments" },
};

/** Props: `nodeId`; empty for what all nodes follow that say nothing themselves. */
export const RunSettings = defineComponent({
  name: "RunSettings",
  props: { nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state } = useEditor();
    const settings = computed(() => (props.nodeId ? state.document.nodes?.[props.nodeId]?.run : state.document.run) ?? {});
    const path = (/** @type {string} */ name) => (props.nodeId ? ["nodes", props.nodeId, "run", name] : ["run", name]);

    const target = computed(() => {
      const name = settings.value.target ?? session.root.run?.target ?? "local";
      return knownTargets.value.find((one) => one.name === name);
    });

    /** What the pipeline says for all nodes, or the module for all its uses. @param {string} name */
    function placeholder(name) {
      if (!(name in FALLBACKS)) return undefined;
      if (!props.nodeId) return "as the module says";
      const declared = session.modules.specOf(state.document.nodes?.[props.nodeId])?.resources?.[name];
      return String(session.root.run?.[name] ?? declared ?? FALLBACKS[name]);
    }

    /** @param {{name: string, hint: string}} setting */
    function hint({ name, hint: text }) {
      const offer = name in FALLBACKS ? offerWords(target.value, /** @type {"cpus"} */ (name)) : "";
      return offer ? `${text} ${offer}` : text;
    }

    /** @param {string} name @param {unknown} value */
    function set(name, value) {
      const after =
        name === "reuse" ? { yes: true, no: false }[String(value)] : value === null || value === "" ? undefined : value;
      session.edit(`Change ${LABELS[name] ?? name}`, [
        after === undefined ? { path: path(name) } : { path: path(name), after },
      ]);
    }

    return () =>
      SETTINGS.map((setting) => {
        const own = settings.value[setting.name];
        const value = setting.name === "reuse" && own !== undefined ? (own ? "yes" : "no") : (own ?? null);
        const field = {
          spec: setting,
          name: setting.name,
          title: setting.title,
          control: setting.kind,
          value,
          placeholder: placeholder(setting.name),
          changed: own !== undefined,
          reference: null,
          missing: false,
          diagnostics: [],
        };
        const id = `run-${props.nodeId}-${setting.name}`;
        return h("div", { key: setting.name, class: ["ed-field", { "ed-field-changed": own !== undefined }] }, [
          h("div", { class: "ed-field-head" }, [
            h("label", { for: id }, setting.title),
            h("span", { class: "ed-spacer" }),
            own !== undefined && !session.readOnly
              ? iconButton("restart_alt", "Back to the default", {
                  class: "ed-reset",
                  onClick: () => set(setting.name, null),
                })
              : null,
          ]),
          h(/** @type {any} */ (CONTROLS[setting.kind] ?? NumberControl), {
            ...(setting.kind === "target" ? { label: setting.title, values: [own ?? ""], isForAll: !props.nodeId } : {}),
            ...(setting.kind === "environment" ? { label: setting.title, value: own ?? "", isForAll: !props.nodeId } : {}),
            ...(setting.kind in PAGES ? {} : { field }),
            id,
            disabled: session.readOnly,
            onCommit: (/** @type {unknown} */ wish) => set(setting.name, wish),
          }),
          h("p", { class: "ed-hint" }, [hint(setting), setting.kind in PAGES ? [" ", h("a", { class: "ed-link", href: PAGES[setting.kind].href }, PAGES[setting.kind].text)] : null]),
        ]);
      });
  },
});
