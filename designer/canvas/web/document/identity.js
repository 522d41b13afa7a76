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
