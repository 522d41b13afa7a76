// Whether this browser has seen the tour, and the pipeline in which it is to begin after a change of page.

const SEEN = "designer.tour";
const WAITING = "designer.tour.waiting";

export function wasTourOffered() {
  return read(() => localStorage.getItem(SEEN)) !== null;
}

export function noteTour() {
  read(() => localStorage.setItem(SEEN, "seen"));
}

/** @param {string} pipelineId the tour begins when that pipeline is opened in this tab */
export function beginTourIn(pipelineId) {
  read(() => sessionStorage.setItem(WAITING, pipelineId));
}

/** Whether the tour was to begin here; it is asked once. @param {string} pipelineId */
export function takesTour(pipelineId) {
  if (read(() => sessionStorage.getItem(WAITING)) !== pipelineId) return false;
  read(() => sessionStorage.removeItem(WAITING));
  return true;
}

/** A browser that keeps nothing is one that has seen nothing. @template T @param {() => T} ask @returns {T | null} */
function read(ask) {
  try {
    return ask();
  } catch {
    return null;
  }
}
