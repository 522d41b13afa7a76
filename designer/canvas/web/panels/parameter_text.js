// Values of parameters in a few words.

/** @param {unknown} value */
export function describeDefault(value) {
  if (value === null || value === undefined || value === "") return "not set";
  if (typeof value === "boolean") return value ? "on" : "off";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 38)}…` : text;
}
