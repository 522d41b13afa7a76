// Numbers, sizes and times as people read them: short, aligned, never a lie about precision.

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A number for tiles and cells: thousands grouped, at most `digits` significant digits.
 *
 * @param {unknown} value
 * @param {number} [digits]
 */
export function formatNumber(value, digits = 4) {
  const number = readNumber(value);
  if (number === null) return "–";
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e15) return minus(grouped.format(number));
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return minus(trimExponent(number.toExponential(digits - 1)));
  if (size >= 10 ** digits) return minus(grouped.format(number));
  return minus(String(Number(number.toPrecision(digits))));
}

/**
 * A number with so many digits after the point, so that a column lines up.
 *
 * @param {number} number
 * @param {number} decimals
 */
export function formatFixed(number, decimals) {
  if (!Number.isFinite(number) || Math.abs(number) >= 1e9) return formatNumber(number, 6);
  return minus(
    number.toLocaleString("en", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: false,
    }),
  );
}

/**
 * Digits after the point that a column of numbers needs, at most 5; null where a fixed number would hide values.
 *
 * @param {readonly unknown[]} values
 * @returns {number | null}
 */
export function decimalsOf(values) {
  let most = 0;
  for (const value of values) {
    const number = readNumber(value);
    if (number === null || !Number.isFinite(number) || Number.isInteger(number)) continue;
    if (Math.abs(number) < 0.001) return null;
    most = Math.max(most, Math.min(5, (String(number).split(".")[1] ?? "").length));
  }
  return most;
}

/**
 * Reads a number as the page endpoint writes it: plain, or `{"$number": "NaN"}`.
 *
 * @param {unknown} value
 * @returns {number | null}
 */
export function readNumber(value) {
  if (typeof value === "number") return value;
  if (value && typeof value === "object" && "$number" in value) {
    const text = String(value.$number).toLowerCase();
    if (text === "nan") return NaN;
    return text.startsWith("-") ? -Infinity : Infinity;
  }
  return null;
}

/**
 * A share between 0 and 1 as a percentage.
 *
 * @param {number} share
 */
export function formatShare(share) {
  if (share > 0 && share < 0.001) return "<0.1 %";
  if (share < 1 && share > 0.999) return ">99.9 %";
  const percent = share * 100;
  return `${percent < 10 && percent !== Math.round(percent) ? percent.toFixed(1) : Math.round(percent)} %`;
}

/**
 * Bytes in the largest unit that keeps one digit before the point.
 *
 * @param {number | null | undefined} bytes
 */
export function formatBytes(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/**
 * Seconds as people say them: `38 ms`, `2.4 s`, `3 min 05 s`, `1 h 02 min`.
 *
 * @param {number | null | undefined} seconds
 */
export function formatSeconds(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/**
 * A running clock, `0:07` or `1:02:33`.
 *
 * @param {number} seconds
 */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/**
 * Time since a moment in words, `now` and `at` in seconds since the epoch.
 *
 * @param {number | null | undefined} at
 * @param {number} now
 */
export function formatAge(at, now) {
  if (!at) return "";
  const seconds = Math.max(0, now - at);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86400);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/**
 * `1 row`, `569 rows`.
 *
 * @param {number} count
 * @param {string} singular
 * @param {string} [plural]
 */
export function formatCount(count, singular, plural = `${singular}s`) {
  return `${grouped.format(count)} ${count === 1 ? singular : plural}`;
}

/**
 * A metric or parameter name as people read it: `log_loss` gives `Log loss`, `mae_std` gives `MAE std`.
 *
 * @param {string} name
 */
export function formatName(name) {
  const words = name.split(/[_\s]+/).filter(Boolean);
  return words.map((word, at) => KNOWN_WORDS[word] ?? (at === 0 ? capital(word) : word)).join(" ");
}

/** With a capital at the front. @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @type {Record<string, string>} */
const KNOWN_WORDS = {
  auc: "AUC",
  csv: "CSV",
  f1: "F1",
  id: "ID",
  mae: "MAE",
  mse: "MSE",
  rmse: "RMSE",
  rae: "RAE",
  roc: "ROC",
  rse: "RSE",
  r2: "R²",
  sql: "SQL",
};

/** @param {string} text */
function minus(text) {
  return text.replace("-", "−");
}

/** @param {string} text */
function trimExponent(text) {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}

/** @param {number} value */
function pad(value) {
  return String(value).padStart(2, "0");
}
