/**
 * The theme's colours as the 2D canvas needs them: read from the CSS variables of the tokens.
 */
import { PORT_TYPES, typeVariable } from "./port_shapes.js";
import { VISUAL_STATES } from "./node_state.js";

/**
 * @typedef {{x: number, y: number, blur: number, colour: string}} Shadow
 * @typedef {{canvas: string, dot: string, node: string, line: string, lineStrong: string, ink: string, ink2: string, ink3: string, surface: string, surface2: string, surface3: string, warning: string, shadows: Shadow[], weights: {normal: number, strong: number}, accent: string, accentSoft: string, failed: string, running: string, types: string[], states: string[], glyphs: string[], faint: string[], loud: string[], far: string[], note: string, found: string, category: (name: string) => string, mark: (name: string | undefined) => string}} Colours
 */

/**
 * @param {Element} element any element under the theme
 * @returns {Colours}
 */
export function readColours(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, fallback = "#888") => style.getPropertyValue(name).trim() || fallback;
  /** @type {Map<string, string>} */
  const categories = new Map();
  /** @type {Map<string, string>} */
  const marks = new Map();
  const node = read("--node", "#ffffff");
  const states = VISUAL_STATES.map((state) => read(STATE_VARIABLES[state] ?? `--status-${state}`));
  return {
    canvas: read("--canvas", "#f3f4f7"), dot: read("--canvas-dot"), node,
    line: read("--node-line"), lineStrong: read("--line-strong"), ink: read("--ink", "#111"), ink2: read("--ink-2"), ink3: read("--ink-3"),
    surface: read("--surface", node), surface2: read("--surface-2", node), surface3: read("--surface-3", node), warning: read("--status-warning"),
    shadows: shadowsOf(read("--shadow", "")),
    weights: { normal: Number(read("--weight-normal", "400")), strong: Number(read("--weight-strong", "600")) },
    accent: read("--accent"), accentSoft: read("--accent-soft"), failed: read("--status-failed"), running: read("--status-running"),
    types: PORT_TYPES.map((type) => read(typeVariable(type))),
    states,
    glyphs: VISUAL_STATES.map((state, i) => (state === "idle" ? read("--ink-3") : states[i])),
    faint: VISUAL_STATES.map((state, i) => (state === "idle" ? node : mixed(node, states[i], 0.3))),
    loud: VISUAL_STATES.map((state, i) => (state === "idle" ? node : mixed(node, states[i], LOUD.has(state) ? 1 : 0.3))),
    far: VISUAL_STATES.map((state, i) => mixed(node, states[i], LOUD.has(state) ? 1 : state === "idle" ? 0.35 : 0.6)),
    note: read("--note", "#fff8e1"), found: read("--found", "#e0a100"),
    mark(name) {
      const known = marks.get(name ?? "") ?? read(`--mark-${name}`, read("--mark-blue"));
      marks.set(name ?? "", known);
      return known;
    },
    category(name) {
      const known = categories.get(name) ?? read(`--category-${name}`, read("--category-other"));
      categories.set(name, known);
      return known;
    },
  };
}

/** States that must be seen from afar. @type {Set<string>} */
const LOUD = new Set(["failed", "running"]);

/** A colour between two of the form `#rrggbb`; the second where they have another form. @param {string} under @param {string} over @param {number} share */
export function mixed(under, over, share) {
  const parse = (/** @type {string} */ text) => (/^#[0-9a-f]{6}$/i.test(text) ? [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) : null);
  const [a, b] = [parse(under), parse(over)];
  if (!a || !b) return over;
  return `#${a.map((value, i) => Math.round(value + (b[i] - value) * share).toString(16).padStart(2, "0")).join("")}`;
}

/** The shadows of a `box-shadow`, each with its colour last. @param {string} text @returns {Shadow[]} */
export function shadowsOf(text) {
  return [...text.matchAll(/(-?[\d.]+)(?:px)?\s+(-?[\d.]+)(?:px)?\s+([\d.]+)(?:px)?\s+((?:rgba?|hsla?)\([^)]*\)|#[0-9a-f]+)/gi)]
    .map(([, x, y, blur, colour]) => ({ x: Number(x), y: Number(y), blur: Number(blur), colour }));
}

/** States that have no colour of their own. @type {{[state: string]: string}} */
const STATE_VARIABLES = {
  stale: "--status-warning", disabled: "--status-skipped", bypassed: "--status-skipped", frozen: "--status-reused",
  stopped: "--status-queued", will_run: "--status-running", maybe_reused: "--status-reused",
};

/**
 * Calls back when the theme changes. Returns what stops it.
 *
 * @param {() => void} act
 */
export function onThemeChange(act) {
  const observer = new MutationObserver(act);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "style"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
  return () => observer.disconnect();
}
