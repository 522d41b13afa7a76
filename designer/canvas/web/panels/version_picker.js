// The module version a node is pinned to: which there are, in which state, which is the default.

import { computed, defineComponent, h } from "vue";
import { compareVersions, isBehind } from "../document/versions.js";
import { icon } from "./atoms.js";
import { useEditor } from "./editor_context.js";
import { PopMenu } from "./pop_menu.js";

/**
 * @import {MenuItem} from "./pop_menu.js"
 * @import {Change, GraphNode, ModuleCard} from "../types.js"
 */

/** Props: `nodeId`. */
export const VersionPicker = defineComponent({
  name: "VersionPicker",
  props: { nodeId: { type: String, required: true } },
  setup(props) {
    const { session, state } = useEditor();
    const node = computed(() => /** @type {GraphNode | undefined} */ (state.document.nodes?.[props.nodeId]));
    const card = computed(() => {
      void state.modulesTick;
      return session.modules.cards().find((item) => item.id === node.value?.module) ?? null;
    });

    return () => {
      const version = node.value?.version ?? "default";
      const current = card.value?.versions.find((item) => item.version === version);
      const newer = isBehind(version, card.value);
      return [
        h(
          PopMenu,
          {
            label: "Module version",
            buttonClass: "ed-version",
            disabled: session.readOnly || !card.value,
            items: card.value
              ? versionItems(card.value, version, (wish) => setVersion(session, props.nodeId, wish, card.value))
              : [],
          },
          {
            default: () => [
              h("span", version),
              current && current.state !== "active"
                ? h("span", { class: "ed-badge ed-badge-warning" }, current.state)
                : null,
              icon("arrow_drop_down"),
            ],
          },
        ),
        newer
          ? h(
              "button",
              {
                type: "button",
                class: "ed-link ed-newer",
                disabled: session.readOnly,
                "data-tip": `The default of this module is ${card.value?.default} now`,
                onClick: () => setVersion(session, props.nodeId, String(card.value?.default), card.value),
              },
              [icon("arrow_upward"), String(card.value?.default)],
            )
          : null,
      ];
    };
  },
});

/**
 * @param {ModuleCard} card
 * @param {string} current
 * @param {(version: string) => void} choose
 * @returns {MenuItem[]}
 */
function versionItems(card, current, choose) {
  const versions = [...card.versions].sort((a, b) => compareVersions(b.version, a.version));
  return [
    { heading: "Version" },
    ...versions.map((item) => ({
      label: item.version,
      hint: [
        item.version === card.default ? "default" : "",
        item.state !== "active" ? item.state : "",
        item.message ?? "",
      ]
        .filter(Boolean)
        .join(" · "),
      checked: item.version === current,
      disabled: item.state === "disabled",
      run: () => choose(item.version),
    })),
    { separator: true },
    {
      label: "Follow the default",
      hint: "Resolved at each run",
      checked: current === "default",
      run: () => choose("default"),
    },
  ];
}

/**
 * @param {import("../session.js").EditorSession} session
 * @param {string} id
 * @param {string} version
 * @param {ModuleCard | null} card
 */
async function setVersion(session, id, version, card) {
  if (card && version !== "default" && !session.modules.spec(card.id, version)) {
    const spec = await session.transport.moduleSpec(card.id, version).catch(() => null);
    if (spec) session.modules.addSpecs({ [`${card.id}@${version}`]: spec });
  }
  const digest = card?.versions.find((item) => item.version === version)?.digest;
  /** @type {Change[]} */
  const changes = [{ path: ["nodes", id, "version"], after: version }];
  const pinned = session.document.nodes?.[id]?.digest;
  if (digest) changes.push({ path: ["nodes", id, "digest"], after: digest });
  else if (pinned) changes.push({ path: ["nodes", id, "digest"] });
  session.edit(`Use version ${version}`, changes);
}
