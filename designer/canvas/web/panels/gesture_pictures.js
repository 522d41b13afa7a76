// Three small drawings of what hands do on an empty canvas: add a module, draw a wire, run.

import { h } from "vue";

const BOX = { width: 44, height: 14, rx: 3 };

export function addPicture() {
  return frame([node(26, 13), h("path", { class: "ed-sketch-hand", d: "M56 22l0 14 3.4-3 2.4 5.2 2.4-1.1-2.4-5.1 4.6-.3z" }), h("path", { class: "ed-sketch-line", d: "M50 17l-3-3M56 14v-4M62 17l3-3" })]);
}

export function wirePicture() {
  return frame([node(8, 4), node(44, 30), h("path", { class: "ed-sketch-wire", d: "M30 18C30 26 66 22 66 30" }), port(30, 18), port(66, 30)]);
}

export function runPicture() {
  return frame([node(26, 17), h("path", { class: "ed-sketch-play", d: "M44 19.5l8 4.5-8 4.5z" }), h("path", { class: "ed-sketch-line", d: "M78 16a14 14 0 0 1 0 16M18 16a14 14 0 0 0 0 16" })]);
}

/** @param {number} x @param {number} y */
function node(x, y) {
  return h("rect", { class: "ed-sketch-node", x, y, ...BOX });
}

/** @param {number} cx @param {number} cy */
function port(cx, cy) {
  return h("circle", { class: "ed-sketch-port", cx, cy, r: 3 });
}

/** @param {any[]} content */
function frame(content) {
  return h("svg", { class: "ed-sketch", viewBox: "0 0 96 48", "aria-hidden": "true" }, content);
}
