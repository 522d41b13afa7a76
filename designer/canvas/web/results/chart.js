// One chart, drawn by the bundled ECharts, which is fetched when the first chart is shown.
// Options hold arrays and our own keys only; names from data travel as values, never as keys.

import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef, watch } from "vue";
import { watchTheme } from "../panels/theme.js";

const CHART_MODULE = "nicegui-echart";

/**
 * @typedef {object} Palette colours of the theme in force
 * @property {string} ink
 * @property {string} muted
 * @property {string} line
 * @property {string} surface
 * @property {string} font
 * @property {string[]} series
 *
 * @typedef {(palette: Palette) => Record<string, any>} ChartOptions
 */

/** Props: `options` (a function of the palette), `label` for screen readers, `ratio` width to height. */
export const Chart = defineComponent({
  name: "ReportChart",
  props: { options: { type: Function, required: true }, label: { type: String, required: true } },
  setup(props, { expose }) {
    /** @type {import("vue").Ref<HTMLElement | null>} */
    const host = ref(null);
    /** @type {import("vue").ShallowRef<any>} */
    const chart = shallowRef(null);
    const failed = ref(false);
    let gone = false;

    /** @type {any} */
    let library = null;
    const readOptions = () => ({ ...baseOptions(readPalette()), ...props.options(readPalette()) });
    const draw = () => chart.value?.setOption(readOptions(), { notMerge: true });
    const resize = new ResizeObserver(() => chart.value?.resize());
    const stopFollowing = watchTheme(draw);

    onMounted(async () => {
      library = await import(/* @vite-ignore */ CHART_MODULE).catch(() => null);
      failed.value = !library;
      if (!library || gone || !host.value) return;
      chart.value = library.echarts.init(host.value, null, { renderer: "canvas" });
      draw();
      resize.observe(host.value);
    });
    watch(() => props.options, draw);
    onBeforeUnmount(() => {
      gone = true;
      resize.disconnect();
      stopFollowing();
      chart.value?.dispose();
    });

    /** Saves the chart as it is drawn. @param {"png" | "svg"} format @param {string} name of the file, without its ending */
    function save(format, name) {
      if (!library || !host.value) return;
      const { clientWidth: width, clientHeight: height } = host.value;
      const renderer = format === "svg" ? "svg" : "canvas";
      const copy = library.echarts.init(document.createElement("div"), null, { renderer, width, height });
      copy.setOption({ ...readOptions(), animation: false, backgroundColor: readPalette().surface });
      const url = copy.getDataURL({ type: format, pixelRatio: 2 });
      Object.assign(document.createElement("a"), { href: url, download: `${name}.${format}` }).click();
      copy.dispose();
    }

    expose({ save });

    return () =>
      h(
        "div",
        { ref: host, class: "ed-chart", role: "img", "aria-label": props.label },
        failed.value ? "The chart could not be loaded." : undefined,
      );
  },
});

/** @returns {Palette} */
function readPalette() {
  const style = getComputedStyle(document.body);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink-2"),
    muted: read("--ink-3"),
    line: read("--line"),
    surface: read("--surface"),
    font: read("--font"),
    series: [
      "--type-table",
      "--type-transform",
      "--type-report",
      "--type-model",
      "--type-imagefolder",
      "--type-value",
      "--type-untrainedmodel",
      "--type-any",
    ].map(read),
  };
}

/** @param {Palette} palette */
function baseOptions(palette) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 120,
    color: palette.series,
    textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 11 },
    grid: { left: 44, right: 16, top: 28, bottom: 40 },
    tooltip: {
      trigger: "item",
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: 11 },
      renderMode: "richText",
    },
  };
}

/**
 * A value axis in the theme's colours.
 *
 * @param {Palette} palette
 * @param {string} name
 * @param {Record<string, any>} [more]
 */
export function valueAxis(palette, name, more = {}) {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: palette.muted, fontSize: 11 },
    axisLabel: { color: palette.muted, fontSize: 11 },
    axisLine: { show: true, lineStyle: { color: palette.line } },
    splitLine: { lineStyle: { color: palette.line, opacity: 0.6 } },
    ...more,
  };
}
