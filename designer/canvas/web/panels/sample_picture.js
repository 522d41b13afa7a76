// A graph as a small drawing: boxes by category, wires between them; from the looks that the server derived.

import { h } from "vue";
import { categoryColor } from "./atoms.js";

/**
 * @typedef {{nodes: [number, number, string][], wires: [number, number][]}} Looks `x, y, category`; positions in the list of nodes
 */

const WIDTH = 240;
const HEIGHT = 112;
const MARGIN = 14;
const NODE = { width: 200, height: 64 };
const LARGEST_SCALE = 0.2;

/** @param {Looks} looks */
export function drawPicture({ nodes, wires }) {
  const { place, width, height } = placing(nodes);
  const spots = nodes.map(([x, y]) => place(x, y));
  return h("svg", { class: "ed-picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, [
    ...wires.map(([from, to], at) => h("path", { key: `w${at}`, class: "ed-picture-wire", d: wirePath(spots[from], spots[to], width, height) })),
    ...spots.map(({ x, y }, at) =>
      h("g", { key: at, style: { "--category": categoryColor(nodes[at][2]) } }, [
        h("rect", { class: "ed-picture-node", x, y, width, height, rx: 2 }),
        h("rect", { class: "ed-picture-edge", x, y, width: Math.max(width * 0.08, 1.6), height, rx: 1 }),
      ])),
  ]);
}

/** @param {Looks["nodes"]} nodes */
function placing(nodes) {
  const xs = nodes.map(([x]) => x);
  const ys = nodes.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left + NODE.width, Math.max(...ys) - top + NODE.height];
  const scale = Math.min(LARGEST_SCALE, (WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high);
  const place = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: (WIDTH - wide * scale) / 2 + (x - left) * scale, y: (HEIGHT - high * scale) / 2 + (y - top) * scale });
  return { place, width: Math.max(NODE.width * scale, 3), height: Math.max(NODE.height * scale, 2) };
}

/** @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {number} width @param {number} height */
function wirePath(from, to, width, height) {
  const [x1, y1, x2, y2] = [from.x + width / 2, from.y + height, to.x + width / 2, to.y];
  const bend = Math.max(Math.abs(y2 - y1) / 2, 4);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
