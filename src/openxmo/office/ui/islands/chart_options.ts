// From a spec to what the drawing library wants. One hue per place in the spec, so a category keeps its own.
import type { EChartsCoreOption } from "echarts/core";
import { acrossOf, dotsOf, scatterOf, waterfallOf } from "./chart_cuts";
import { ambitionLine, digitsOf, format, hueOf, nameWidth, type Options, shortName, shortTime, valueAxis } from "./chart_parts";
import type { Look } from "./chart_look";
import type { Series, Spec } from "./chart_spec";
import { intervalsOverTime } from "./chart_intervals";

const NARROW = 520;
const MARK = 200, MARK_AT_NARROW = 90; // half of the pixels that the words of a mark may take

export function optionsOf(spec: Spec, look: Look, width: number): EChartsCoreOption {
  const narrow = width < NARROW;
  const drawn = kindOf(spec, look, narrow);
  return {
    animation: false,
    textStyle: { fontFamily: look.font, color: look.text, fontSize: 12 },
    color: look.hues,
    ...drawn,
  };
}

function kindOf(spec: Spec, look: Look, narrow: boolean): Options {
  switch (spec.kind) {
    case "line":
    case "band":
      return linesOf(spec, look, narrow);
    case "points":
      return dotsOf(spec, look, narrow);
    case "bars":
      return isTime(spec) ? barsOverTime(spec, look, narrow) : acrossOf(spec, look, narrow);
    case "waterfall":
      return waterfallOf(spec, look, narrow);
    case "scatter":
      return scatterOf(spec, look);
  }
}

export const isTime = (spec: Spec) => spec.x.every((each) => /^\d{4}(-|$)/.test(String(each)));

function linesOf(spec: Spec, look: Look, narrow: boolean): Options {
  const several = spec.series.length > 1;
  const series = spec.series.flatMap((each, place) => [
    ...(each.low && each.high ? [intervalsOverTime(each, place, hueOf(each, place, look))] : []),
    lineOf(each, place, spec, look, several && !narrow),
  ]);
  return {
    ...overTime(spec, look),
    grid: { left: 8, right: several && !narrow ? nameWidth(spec) + 16 : 28, top: topOf(spec, several && narrow), bottom: 4, outerBoundsMode: "same" },
    yAxis: valueAxis(spec, look, 4),
    series: [...series, ...rulers(spec, look, narrow)],
  };
}

const topOf = (spec: Spec, more: boolean) => (spec.marks?.length ? 34 : 16) + (more ? 8 : 0);

function lineOf(series: Series, place: number, spec: Spec, look: Look, named: boolean): Options {
  const colour = hueOf(series, place, look);
  const values = series.values as (number | null)[];
  const last = values.reduce<number>((found, value, at) => (value === null ? found : at), -1);
  return {
    type: "line",
    name: series.name,
    data: values.map((value, at) => ({ value, label: { show: spec.series.length === 1 && at === last } })),
    symbol: "circle",
    symbolSize: 5,
    showSymbol: true,
    lineStyle: { width: 2, color: colour, type: series.dashed ? "dashed" : "solid" },
    itemStyle: { color: colour },
    label: {
      position: "top", color: look.text, fontWeight: 600,
      formatter: (at: { value: number }) => format(at.value, digitsOf(spec)),
    },
    endLabel: { show: named, color: colour, fontWeight: 600, formatter: series.name, distance: 8 },
    labelLayout: { moveOverlap: "shiftY" },
    emphasis: { disabled: true },
    z: 3,
  };
}

function barsOverTime(spec: Spec, look: Look, narrow: boolean): Options {
  return {
    ...overTime(spec, look),
    grid: { left: 8, right: 16, top: topOf(spec, narrow), bottom: 4, outerBoundsMode: "same" },
    yAxis: valueAxis({ ...spec, zero: true }, look, 4),
    series: [
      ...spec.series.map((each, place) => ({
        type: "bar", name: each.name, data: each.values, barMaxWidth: 28, emphasis: { disabled: true },
        itemStyle: { color: hueOf(each, place, look), borderRadius: [2, 2, 0, 0] },
      })),
      ...rulers(spec, look, narrow),
    ],
  };
}

function overTime(spec: Spec, look: Look): Options {
  return {
    xAxis: {
      type: "category", data: spec.x.map(String), boundaryGap: spec.kind === "bars",
      axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false },
      axisLabel: { color: look.quiet, hideOverlap: true, lineHeight: 15, formatter: (each: string) => shortTime(each) },
    },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0,
      backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.text, fontSize: 12 },
      axisPointer: { type: "line", lineStyle: { color: look.quiet, width: 1 } },
      formatter: (points: { dataIndex: number }[]) => told(spec, points[0]?.dataIndex ?? 0),
    },
  };
}

/** What is heard at one place of the time axis: each series with its interval. */
function told(spec: Spec, at: number): string {
  const lines = spec.series.map((each) => {
    const value = (each.values as (number | null)[])[at];
    const low = each.low?.[at], high = each.high?.[at];
    const digits = digitsOf(spec);
    const interval = low == null || high == null ? "" : ` (${format(low, digits)} – ${format(high, digits)})`;
    return `${each.name}  ${format(value, digits)}${interval}`;
  });
  return [`${shortTime(String(spec.x[at]), true)}${spec.unit ? `, ${spec.unit}` : ""}`, ...lines].join("\n");
}

/** Where the words of a mark begin: away from the edge that it stands near, so that none are cut off. */
function sideOf(spec: Spec, at: string): "left" | "center" | "right" {
  const place = spec.x.map(String).indexOf(at) / Math.max(spec.x.length - 1, 1);
  if (place < 0) return "center";
  return place < 1 / 3 ? "left" : place > 2 / 3 ? "right" : "center";
}

/** The ambition across, and a mark wherever an instrument broke or an initiative began. */
function rulers(spec: Spec, look: Look, narrow: boolean): Options[] {
  const marks = (spec.marks ?? []).map((mark) => ({
    xAxis: String(mark.at),
    label: {
      formatter: shortName(mark.label, narrow ? MARK_AT_NARROW : MARK),
      position: "end", color: look.quiet, align: sideOf(spec, String(mark.at)),
    },
    lineStyle: { color: look.quiet, type: [2, 3], width: 1 },
  }));
  const lines = [...marks, ...ambitionLine(spec, look, "yAxis")];
  if (!lines.length) return [];
  return [{ type: "line", data: [], silent: true, markLine: { silent: true, symbol: "none", data: lines } }];
}
