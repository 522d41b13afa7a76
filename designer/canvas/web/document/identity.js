import { browserStorage } from "./browser_storage.js";

/** A fresh UUID; also where the page is not a secure context and `crypto.randomUUID` is missing. */
export function newId() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const BROWSER = "designer.browser";
const NAME = "designer.name";
const LONGEST_NAME = 60;

/** The name that a person gave in this browser; empty for the one that the server knows. */
export function ownName() {
  return tidyName(browserStorage()?.getItem(NAME) ?? "");
}

/** @param {string} name empty goes back to the one that the server knows @returns {string} as it is kept */
export function keepOwnName(name) {
  const tidy = tidyName(name);
  if (tidy) browserStorage()?.setItem(NAME, tidy);
  else browserStorage()?.removeItem(NAME);
  return tidy;
}

/** On one line, as the server has it. @param {string} name */
function tidyName(name) {
  return name.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim().slice(0, LONGEST_NAME);
}

/** Whether two pages are of one browser. @param {string} a client @param {string} b client */
export function isSameBrowser(a, b) {
  return a.split(".")[0] === b.split(".")[0];
}

/** Who this page is to the others: the browser, a dot, and the page. */
export function newClient() {
  return `${browserId()}.${newId().slice(0, 8)}`;
}

/** What all pages of this browser have in common. */
export function browserId() {
  const known = globalThis.localStorage?.getItem(BROWSER);
  if (known) return known;
  const fresh = newId().slice(0, 13);
  globalThis.localStorage?.setItem(BROWSER, fresh);
  return fresh;
}
