// A step reopened locally: the folder that was made, its path to copy, and the same as a zip.

import { h, shallowRef, watch } from "vue";
import { button, icon, iconButton } from "../panels/atoms.js";

/**
 * @import {ArtifactApi, ReopenedFolder} from "./artifact_api.js"
 * @typedef {{waiting: boolean, value: ReopenedFolder | null, error: (Error & {code?: string, remedy?: string}) | null}} Reopening
 */

const HAS_RUN = ["completed", "failed", "cancelled"];

/** Whether a step can be reopened: it has come to its end with what came in. @param {{status: string}} step */
export function canBeReopened(step) {
  return HAS_RUN.includes(step.status);
}

/**
 * What became of asking for the folder of a step; another step begins anew.
 *
 * @param {ArtifactApi} api
 * @param {() => {runId: string, stepId: string}} subject
 */
export function useReopening(api, subject) {
  /** @type {import("vue").ShallowRef<Reopening | null>} */
  const reopening = shallowRef(null);
  const key = () => Object.values(subject()).join("\n");
  watch(key, () => (reopening.value = null));

  async function reopen() {
    if (reopening.value?.waiting) return;
    const asked = key();
    const { runId, stepId } = subject();
    reopening.value = { waiting: true, value: null, error: null };
    /** @type {Reopening} */
    const outcome = await api.reopen(runId, stepId).then(
      (value) => ({ waiting: false, value, error: null }),
      (error) => ({ waiting: false, value: null, error }),
    );
    if (asked === key()) reopening.value = outcome;
  }

  return { reopening, reopen, forget: () => (reopening.value = null) };
}

/**
 * The strip that tells it.
 *
 * @param {Reopening | null} reopening
 * @param {{archiveUrl: string, onClose: () => void}} options
 */
export function drawReopening(reopening, { archiveUrl, onClose }) {
  if (!reopening) return null;
  const close = iconButton("close", "Close", { class: "ed-small-button", onClick: onClose });
  const { value, error } = reopening;
  if (error) {
    const words = [error.code, error.message, error.remedy].filter(Boolean).join(" ");
    return h("div", { class: "ed-reopened ed-reopened-failed", role: "alert" }, [icon("error"), h("p", words), close]);
  }
  if (!value) return h("div", { class: "ed-reopened", role: "status" }, [h("span", { class: "ed-spinner" }), h("p", "Putting its inputs, its source and a script together"), close]);
  return h("div", { class: "ed-reopened", role: "status" }, [
    icon("folder_open"),
    h("p", ["Reopened on the designer's machine in ", h("code", value.folder), ". README.md there says how to run and debug it."]),
    h("div", { class: "ed-row" }, [
      button("Copy the path", { icon: "content_copy", kind: "quiet", onClick: () => navigator.clipboard?.writeText(value.folder) }),
      h("a", { class: "ed-button ed-button-quiet", href: archiveUrl, download: "" }, [icon("download"), h("span", "Download as zip")]),
    ]),
    close,
  ]);
}
