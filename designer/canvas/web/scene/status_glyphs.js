/**
 * The shapes of a node's states, in a 16 × 16 box: every state has one of its own, so that colour only
 * repeats what the shape says. The same on cards, painted chips and in lists.
 *
 * @import {VisualState} from "./node_state.js"
 */

/** `running` is a ring that the card draws itself; elsewhere this stands for it. @type {{[state in VisualState]: string}} */
export const GLYPHS = {
  idle: "",
  queued: "M3.2 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8ZM8.7 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8ZM14.2 8.9a1.1 1.1 0 1 1 0-1.8a1.1 1.1 0 0 1 0 1.8Z",
  running: "M8 0.8A7.2 7.2 0 1 1 0.8 8H3.4A4.6 4.6 0 1 0 8 3.4Z",
  completed: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM6.9 11.3L3.8 8.2L5 7l1.9 1.9L11 4.8L12.2 6Z",
  reused: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM8.9 3L4.6 8.9H7.4L6.9 13L11.4 6.9H8.4Z",
  failed: "M5 0.8H11L15.2 5V11L11 15.2H5L0.8 11V5ZM5.6 4.4L4.4 5.6L6.8 8L4.4 10.4L5.6 11.6L8 9.2L10.4 11.6L11.6 10.4L9.2 8L11.6 5.6L10.4 4.4L8 6.8Z",
  cancelled: "M3.5 1.5H12.5A2 2 0 0 1 14.5 3.5V12.5A2 2 0 0 1 12.5 14.5H3.5A2 2 0 0 1 1.5 12.5V3.5A2 2 0 0 1 3.5 1.5ZM5.5 5.5V10.5H10.5V5.5Z",
  skipped: "M2 3L7.5 8L2 13ZM8 3L13.5 8L8 13ZM13.6 3H15V13H13.6Z",
  stopped: "M3.4 2H6.6V14H3.4ZM9.4 2H12.6V14H9.4Z",
  stale: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM8 2.4a5.6 5.6 0 0 1 0 11.2Z",
  disabled: "M8 0.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4ZM4 7.2H12V8.8H4Z",
  bypassed: "M1 7.2H10V4L15 8L10 12V8.8H1Z",
  frozen: "M7.3 1H8.7V4.2L11 2.9L11.7 4.1L8.7 5.8V6.9L9.7 6.3L12.7 8L9.7 9.7L8.7 9.1V10.2L11.7 11.9L11 13.1L8.7 11.8V15H7.3V11.8L5 13.1L4.3 11.9L7.3 10.2V9.1L6.3 9.7L3.3 8L6.3 6.3L7.3 6.9V5.8L4.3 4.1L5 2.9L7.3 4.2Z",
  will_run: "M3.5 1.6L14 8L3.5 14.4Z",
  maybe_reused: "M9.6 0.8L3 9.2H7.2L6.2 15.2L13 6.6H8.8Z",
};

/** A breakpoint, in a 12 × 12 box: a stop sign's outline with a dot. */
export const BREAKPOINT = "M3.6 0.4H8.4L11.6 3.6V8.4L8.4 11.6H3.6L0.4 8.4V3.6Z";
