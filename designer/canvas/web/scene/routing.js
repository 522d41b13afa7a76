/**
 * The way of a wire: a curve that leaves its output downwards and enters its input from above.
 */

/** How far the curve's handles reach. @param {number} ax @param {number} ay @param {number} bx @param {number} by */
export function reach(ax, ay, bx, by) {
  const down = by - ay;
  if (down >= 0) return Math.max(20, Math.min(120, down * 0.5 + Math.abs(bx - ax) * 0.08));
  return Math.min(220, 64 - down * 0.35 + Math.abs(bx - ax) * 0.1);
}
