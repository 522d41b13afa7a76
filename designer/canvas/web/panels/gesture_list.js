/** What mouse, wheel and fingers do on the canvas, for the sheet. @type {[string, string][]} */
export const GESTURES = [
  ["Drag on empty canvas", "Select by a box; Shift adds, Ctrl toggles"],
  ["Middle drag, or Space and drag", "Pan"],
  ["Wheel", "Zoom or pan, as you chose"],
  ["Ctrl and wheel, or pinch", "Zoom at the pointer"],
  ["Two fingers", "Pan"],
  ["Drag an output", "Draw a wire; a drop on a node takes its best port"],
  ["Double click a subgraph", "Go inside; Esc goes out again"],
  ["Drag the end of a wire", "Lead it elsewhere, or drop it to remove it"],
];
