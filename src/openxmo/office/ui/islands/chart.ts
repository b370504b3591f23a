import * as echarts from "echarts/core";
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { isTime, optionsOf } from "./chart_options";
import { readLook } from "./chart_look";
import type { Spec } from "./chart_spec";

echarts.use([
  AriaComponent, BarChart, CanvasRenderer, CustomChart, GridComponent, LabelLayout, LineChart, MarkLineComponent,
  ScatterChart, TooltipComponent,
]);

const ROW = 34; // pixels of a category below others
const ROOM = 56; // of the axis and what stands above

/** Draws the spec that the place names; again when the page turns dark or light, or changes its width. */
export function drawChart(place: HTMLElement): void {
  const spec = JSON.parse(document.getElementById(place.dataset.chart!)!.textContent!) as Spec;
  const rows = rowsOf(spec);
  if (rows) place.style.blockSize = `${rows * ROW + ROOM}px`;
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const draw = () => chart.setOption(optionsOf(spec, readLook(place), place.clientWidth), { notMerge: true });
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (!place.isConnected || place.clientWidth === width) return;
    width = place.clientWidth;
    chart.resize();
    draw();
  }).observe(place);
}

/** How many categories stand below one another; 0 where the chart runs over time. */
function rowsOf(spec: Spec): number {
  const below = spec.kind === "points" || spec.kind === "waterfall" || (spec.kind === "bars" && !isTime(spec));
  return below ? spec.x.length * Math.max(1, spec.series.length * 0.8) : 0;
}
