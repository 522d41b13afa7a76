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
  frozen: "M7.2 9.3L7.2 11.5L5.5 12.8L6.3 13.9L7.2 13.2L7.2 15.4L8.8 15.4L8.8 13.2L9.7 13.9L10.5 12.8L8.8 11.5L8.8 9.3ZM6.5 8L4.6 9.1L2.6 8.2L2 9.5L3.1 10L1.2 11.1L2 12.3L3.8 11.3L3.7 12.4L5.1 12.5L5.3 10.4L7.2 9.3ZM7.2 6.7L5.3 5.6L5.1 3.5L3.7 3.6L3.8 4.7L2 3.7L1.2 4.9L3.1 6L2 6.5L2.6 7.8L4.6 6.9L6.5 8ZM8.8 6.7L8.8 4.5L10.5 3.2L9.7 2.1L8.8 2.8L8.8 0.6L7.2 0.6L7.2 2.8L6.3 2.1L5.5 3.2L7.2 4.5L7.2 6.7ZM9.5 8L11.4 6.9L13.4 7.8L14 6.5L12.9 6L14.8 4.9L14 3.7L12.2 4.7L12.3 3.6L10.9 3.5L10.7 5.6L8.8 6.7ZM8.8 9.3L10.7 10.4L10.9 12.5L12.3 12.4L12.2 11.3L14 12.3L14.8 11.1L12.9 10L14 9.5L13.4 8.2L11.4 9.1L9.5 8ZM9.5 8L8.8 9.3L7.2 9.3L6.5 8L7.2 6.7L8.7 6.7Z",
  will_run: "M3.5 1.6L14 8L3.5 14.4Z",
  maybe_reused: "M9.6 0.8L3 9.2H7.2L6.2 15.2L13 6.6H8.8Z",
};

/** A breakpoint, in a 12 × 12 box: a stop sign's outline with a dot. */
export const BREAKPOINT = "M3.6 0.4H8.4L11.6 3.6V8.4L8.4 11.6H3.6L0.4 8.4V3.6Z";
