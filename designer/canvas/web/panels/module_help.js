// The documentation of one module beside the canvas, opened by F1: what it does, ports, parameters, errors, an example.

import { computed, defineComponent, h, nextTick, onMounted, ref, watch } from "vue";
import { icon, iconButton, typeMark, categoryColor } from "./atoms.js";
import { parseDocstring } from "./docstring.js";
import { hint, useEditor } from "./editor_context.js";
import { markdownVnodes, parseMarkdown } from "./markdown.js";
import { categoryTitle } from "./palette_model.js";
import { describeDefault } from "./parameter_text.js";

/**
 * @import {DocBlock, DocSection} from "./docstring.js"
 * @import {ModuleSpec, ParameterSpec, Port} from "../types.js"
 */

/** Told by the lists of ports and parameters already. */
const SHOWN_ELSEWHERE = new Set(["Args", "Returns", "Attributes"]);
const TITLES = /** @type {Record<string, string>} */ ({ Raises: "Errors" });

/** Props: `spec`. Emits `close`. */
export const ModuleHelp = defineComponent({
  name: "ModuleHelp",
  props: { spec: { type: Object, required: true } },
  emits: ["close"],
  setup(props, { emit }) {
    const { actions } = useEditor();
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const root = ref(null);
    const spec = computed(() => /** @type {ModuleSpec} */ (props.spec));
    const sections = computed(() => parseDocstring(String(spec.value.documentation || spec.value.summary || "")).filter(({ title }) => !SHOWN_ELSEWHERE.has(title)));

    const takeFocus = () => nextTick(() => {
      root.value?.focus();
      if (root.value) root.value.scrollTop = 0;
    });
    onMounted(takeFocus);
    watch(spec, takeFocus);

    return () => {
      const { id, title, version, category, inputs = [], outputs = [], parameters = [] } = spec.value;
      const [about, ...more] = sections.value[0]?.title === "" ? sections.value : [null, ...sections.value];
      return h("aside", { ref: root, class: "ed-help", tabindex: -1, "aria-label": `Help on ${title}`, style: { "--category": categoryColor(category) } }, [
        h("header", { class: "ed-help-head" }, [
          icon(spec.value.icon || "extension"),
          h("div", [h("h2", title), h("p", { class: "ed-muted" }, id ? `${categoryTitle(category)} · version ${version}` : "Subgraph of this pipeline")]),
          iconButton("close", hint("Close the help", "help.close", actions), { onClick: () => emit("close") }),
        ]),
        h("div", { class: "ed-help-body" }, [
          drawState(spec.value),
          about ? drawBlocks(about.blocks) : h("p", { class: "ed-muted" }, "This module has no description."),
          drawPorts("Inputs", inputs),
          drawPorts("Outputs", outputs),
          parameters.length ? h("section", [h("h3", "Parameters"), h("dl", { class: "ed-help-terms" }, parameters.map(drawParameter))]) : null,
          more.map((one) => one && h("section", { key: one.title }, [h("h3", TITLES[one.title] ?? one.title), ...drawBlocks(one.blocks)])),
          id ? h("a", { class: "ed-link ed-help-more", href: `/library/${encodeURIComponent(id)}?version=${encodeURIComponent(version)}`, target: "_blank", rel: "noopener" }, ["Source and versions in the library", icon("open_in_new")]) : null,
        ]),
      ]);
    };
  },
});

/** @param {ModuleSpec} spec */
function drawState({ state, state_message: message, replacement }) {
  if (state !== "deprecated" && state !== "disabled") return null;
  return h("p", { class: "ed-message ed-message-warning" }, [icon("warning"), h("span", `${state === "disabled" ? "Disabled." : "Deprecated."} ${message ?? ""}${replacement ? ` Use ${replacement} instead.` : ""}`)]);
}

/** @param {string} title @param {Port[]} ports */
function drawPorts(title, ports) {
  if (ports.length === 0) return null;
  return h("section", [
    h("h3", title),
    h("dl", { class: "ed-help-terms" }, ports.map((port) => h("div", { key: port.name }, [
      h("dt", [typeMark(port.type), h("code", port.name), h("span", { class: "ed-muted" }, [port.type, port.optional ? ", optional" : "", port.many ? ", many wires" : ""])]),
      port.description ? h("dd", spans(port.description)) : null,
    ]))),
  ]);
}

/** @param {ParameterSpec} parameter */
function drawParameter(parameter) {
  const rules = (parameter.visible_when ?? []).map((rule) => `shown when ${rule.parameter} is ${rule.values.map(String).join(" or ")}`);
  return h("div", { key: parameter.name }, [
    h("dt", [h("strong", parameter.title || parameter.name), h("span", { class: "ed-muted" }, parameter.required ? "required" : describeDefault(parameter.default))]),
    h("dd", [
      parameter.description ? h("p", spans(parameter.description)) : null,
      h("p", { class: "ed-hint" }, [h("code", parameter.name), [` · ${parameter.kind}${limits(parameter)}`, ...rules].join(" · ")]),
    ]),
  ]);
}

/** What values a parameter takes, in a few words. @param {ParameterSpec} parameter */
function limits({ options, minimum, maximum, exclusive_minimum: isAbove, exclusive_maximum: isBelow, unit }) {
  const least = minimum === undefined || minimum === null ? "" : `${isAbove ? ">" : "≥"} ${minimum}`;
  const most = maximum === undefined || maximum === null ? "" : `${isBelow ? "<" : "≤"} ${maximum}`;
  const said = options?.length ? options.map(String).join(", ") : [least, most].filter(Boolean).join(", ");
  return [said && `: ${said}`, unit && ` ${unit}`].filter(Boolean).join("");
}

/** @param {readonly DocBlock[]} blocks */
function drawBlocks(blocks) {
  return blocks.map((block, at) => {
    if (block.kind === "code") return h("pre", { key: at }, [h("code", block.text)]);
    if (block.kind === "list") return h("ul", { key: at }, block.items.map((item) => h("li", spans(item))));
    if (block.kind === "terms") return h("dl", { key: at, class: "ed-help-terms" }, block.items.map(({ name, text }) => h("div", { key: name }, [h("dt", [h("code", name)]), h("dd", spans(text))])));
    return h("p", { key: at }, spans(block.text));
  });
}

/** Code and strong marks of one line. @param {string} text */
function spans(text) {
  const [block] = parseMarkdown(text);
  return block?.tag === "p" ? markdownVnodes(block.children, h) : [text];
}
