// The lines of a log that are on screen, by number: scrolled exactly however many there are, wrapped or not.

import { computed, defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, shallowReactive, watch } from "vue";
import { formatBytes } from "../format.js";
import { lastOffset, offsetShowing, scrollHeight } from "../table/scroll_place.js";
import { useScrollPlace } from "../table/use_scroll_place.js";
import { stretchesOf } from "./log_text.js";

/**
 * @import {LogLine, LogSource} from "./log_source.js"
 */

export const LOG_ROW_PX = 18;
const DIGIT_PX = 7.3;
const OVERSCAN = 10;

/**
 * Props: `source`, `tick` (changes with what it has), `opened` (texts of lines that were opened, by place), `wraps`,
 * `follow`, `hit` (the number of the line found), `marked` (a text to mark), `hasCase`. Emits `follow` (whether a person
 * scrolled to the end), `open` (a line's place and number). Has `toEnd`, `reveal` (a place), `firstLine`.
 */
export const LogLinesView = defineComponent({
  name: "LogLines",
  props: {
    source: { type: Object, required: true },
    tick: { type: Number, required: true },
    opened: { type: Map, required: true },
    wraps: Boolean,
    follow: Boolean,
    hit: { type: Number, default: -1 },
    marked: { type: String, default: "" },
    hasCase: Boolean,
  },
  emits: ["follow", "open"],
  setup(props, { emit, expose }) {
    const view = shallowReactive({ offset: 0, bar: 0, height: 240 });
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const scroller = ref(null);
    const source = computed(() => /** @type {LogSource} */ (props.source));
    const total = computed(() => (void props.tick, source.value.state.total));
    const size = computed(() => ({
      total: total.value,
      viewport: props.wraps ? LOG_ROW_PX : view.height,
      row: LOG_ROW_PX,
    }));
    const { scrollTo, setBar, followBar } = useScrollPlace(scroller, view, size);
    const span = computed(() => {
      const shown = Math.ceil(view.height / LOG_ROW_PX) + OVERSCAN;
      const first = isAtBottom() ? total.value - shown : Math.floor(view.offset / LOG_ROW_PX) - (props.wraps ? 0 : OVERSCAN);
      return { first: Math.max(0, first), last: Math.min(total.value, Math.max(0, first) + shown + OVERSCAN) };
    });
    const gutter = computed(() => {
      const last = source.value.line(span.value.last - 1)?.number ?? total.value - 1;
      return Math.round(String(Math.max(1, total.value, last + 1)).length * DIGIT_PX) + 20;
    });

    /** Wrapped lines have no height of their own before they are drawn: at the end they stand on the bottom. */
    function isAtBottom() {
      return props.wraps && props.follow;
    }

    watch(
      () => [span.value.first, span.value.last, source.value],
      () => void source.value.need(span.value.first, span.value.last),
      { immediate: true },
    );
    watch(
      () => [props.wraps, total.value],
      () => void nextTick(props.follow ? toEnd : setBar),
    );

    const observer = new ResizeObserver(() => {
      measure();
      if (props.follow) toEnd();
    });
    onMounted(() => {
      if (scroller.value) observer.observe(scroller.value);
      if (props.follow) toEnd();
    });
    onBeforeUnmount(() => observer.disconnect());

    function measure() {
      const element = scroller.value;
      if (!element) return;
      view.height = element.clientHeight;
      if (followBar()) tellPlace();
    }

    function tellPlace() {
      const isAtEnd = view.offset >= lastOffset(size.value) - 2;
      if (isAtEnd !== props.follow) emit("follow", isAtEnd);
    }

    function toEnd() {
      scrollTo(lastOffset(size.value));
    }

    /** @param {number} at */
    function reveal(at) {
      scrollTo(props.wraps ? Math.max(0, at - 3) * LOG_ROW_PX : offsetShowing(at, view.offset, size.value));
    }

    /** @param {WheelEvent} event */
    function onWheel(event) {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      if (scrollHeight(size.value) === size.value.total * LOG_ROW_PX && !props.wraps) return;
      const unit = event.deltaMode === 1 ? LOG_ROW_PX : event.deltaMode === 2 ? view.height : 1;
      event.preventDefault();
      scrollTo(view.offset + event.deltaY * unit);
      tellPlace();
    }

    /** @param {KeyboardEvent} event */
    function onKeydown(event) {
      const page = Math.max(LOG_ROW_PX, view.height - 2 * LOG_ROW_PX);
      /** @type {Record<string, number>} */
      const ways = { ArrowDown: LOG_ROW_PX, ArrowUp: -LOG_ROW_PX, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
      const way = ways[event.key];
      if (way === undefined || event.altKey || event.target !== scroller.value) return;
      scrollTo(view.offset + way);
      tellPlace();
      event.preventDefault();
      event.stopPropagation();
    }

    expose({ toEnd, reveal, firstLine });

    /** The number of the first line on screen. */
    function firstLine() {
      return source.value.line(Math.ceil(view.offset / LOG_ROW_PX))?.number ?? 0;
    }

    return () => {
      void props.tick;
      const { first, last } = span.value;
      const rows = [];
      for (let at = first; at < last; at += 1) rows.push(drawLine(at));
      const height = scrollHeight(size.value) + (props.wraps ? Math.max(0, view.height - LOG_ROW_PX) : 0);
      return h(
        "div",
        {
          ref: scroller,
          class: ["ed-log-lines", { "ed-log-wraps": props.wraps, "ed-log-bottom": isAtBottom() }],
          style: { "--log-gutter": `${gutter.value}px` },
          tabindex: 0,
          role: "log",
          "aria-label": "Log",
          "aria-live": "off",
          onScroll: measure,
          onWheel,
          onKeydown,
        },
        [
          h("div", { class: "ed-log-body", style: { height: `${height}px` } }, [
            h("div", { class: "ed-log-window", style: windowStyle(first) }, rows),
          ]),
        ],
      );
    };

    /** @param {number} first */
    function windowStyle(first) {
      if (props.wraps) return { top: `${view.bar}px`, height: `${view.height}px` };
      return { top: `${view.bar + first * LOG_ROW_PX - view.offset}px` };
    }

    /** @param {number} at */
    function drawLine(at) {
      const line = source.value.line(at);
      const text = /** @type {string | undefined} */ (props.opened.get(at)) ?? line?.text ?? "";
      const rest = line && line.bytes && !props.opened.has(at) ? line.bytes - text.length : 0;
      return h("div", { key: at, class: ["ed-log-line", { "ed-log-hit": line && line.number === props.hit }] }, [
        h("span", { class: "ed-log-number" }, line ? (line.number + 1).toLocaleString("en", { useGrouping: false }) : ""),
        h("span", { class: "ed-log-text" }, [
          ...stretchesOf(text).map((part) =>
            part.classes.length || Object.keys(part.style).length
              ? h("span", { class: part.classes, style: part.style }, mark(part.text))
              : mark(part.text),
          ),
          line && rest > 0
            ? h("button", { type: "button", class: "ed-link ed-log-more", onClick: () => emit("open", at, line.number) }, [
                `… ${formatBytes(rest)} more`,
              ])
            : null,
        ]),
      ]);
    }

    /** @param {string} text */
    function mark(text) {
      if (!props.marked) return text;
      const [within, wanted] = props.hasCase ? [text, props.marked] : [text.toLowerCase(), props.marked.toLowerCase()];
      const parts = [];
      let from = 0;
      for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, from)) {
        parts.push(text.slice(from, at), h("mark", text.slice(at, at + wanted.length)));
        from = at + wanted.length;
      }
      return [...parts, text.slice(from)];
    }
  },
});
