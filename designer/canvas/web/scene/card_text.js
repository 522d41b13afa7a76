/**
 * Text on painted cards: the fonts of the theme, and widths that are measured once.
 *
 * @import {Run} from "./card_layout.js"
 */

const FALLBACK = "Inter, system-ui, sans-serif";
const FAMILY = `"Inter Variable", ${FALLBACK}`;
/** Small texts have figures of one width, as `font-variant-numeric` gives elements. */
const TABULAR = `"Inter Tabular", "Inter Variable", ${FALLBACK}`;
/** Texts up to here are small. */
const SMALL = 11;
/** Widths that are kept; titles and settings come and go. */
const MOST = 4000;
/** @type {Map<string, number>} */
const widths = new Map();

/** Fetches the font that only painted cards use, before one is painted. */
export function loadFonts() {
  void document.fonts.load(`${SMALL}px "Inter Tabular"`);
  document.fonts.addEventListener("loadingdone", () => widths.clear());
}

/** @param {CanvasRenderingContext2D} context @param {number} size @param {number} weight */
export function setFont(context, size, weight) {
  context.font = `${weight} ${size}px ${size <= SMALL ? TABULAR : FAMILY}`;
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} size @param {number} weight */
export function widthOf(context, text, size, weight) {
  const key = `${weight} ${size} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size >= MOST) widths.clear();
  setFont(context, size, weight);
  const { width } = context.measureText(text);
  widths.set(key, width);
  return width;
}

/** A Material icon by its name, its top left corner at a point. @param {CanvasRenderingContext2D} context @param {string} name @param {{x: number, y: number, size: number, colour: string}} how */
export function paintIcon(context, name, { x, y, size, colour }) {
  context.font = `400 ${size}px "Material Icons"`;
  context.fillStyle = colour;
  context.fillText(name, x, y + size);
}

/**
 * Runs of text one after the other on a baseline.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Run[]} runs
 * @param {{x: number, y: number, size: number, weights: {normal: number, strong: number}, colour: string, strongColour?: string}} how
 */
export function paintRuns(context, runs, { x, y, size, weights, colour, strongColour = colour }) {
  let at = x;
  for (const { text, isStrong } of runs) {
    const weight = isStrong ? weights.strong : weights.normal;
    const width = widthOf(context, text, size, weight);
    setFont(context, size, weight);
    context.fillStyle = isStrong ? strongColour : colour;
    context.fillText(text, at, y);
    at += width;
  }
}
