// Charts that compare: categories below one another, so that long names stay readable.
import { ambitionLine, digitsOf, format, hueOf, labelWidth, type Options, shortName, valueAxis } from "./chart_parts";
import type { CustomSeriesRenderItemAPI as Api } from "echarts";
import type { Look } from "./chart_look";
import type { Spec } from "./chart_spec";
import { whiskersAcross } from "./chart_intervals";

const APART = 12; // pixels between the dots of one category

export function acrossOf(spec: Spec, look: Look, narrow: boolean): Options {
  return {
    ...across({ ...spec, zero: true }, look, narrow, 44),
    series: [
      ...spec.series.map((each, place) => ({
        type: "bar", name: each.name, data: each.values, barMaxWidth: 18, emphasis: { disabled: true },
        itemStyle: { color: hueOf(each, place, look), borderRadius: [0, 2, 2, 0] },
        label: { show: true, position: "right", color: look.text, formatter: (at: { value: number }) => format(at.value, digitsOf(spec)) },
      })),
      ...ruler(spec, look),
    ],
  };
}

export function dotsOf(spec: Spec, look: Look, narrow: boolean): Options {
  const shifts = spec.series.map((_, place) => (place - (spec.series.length - 1) / 2) * APART);
  return {
    ...across(spec, look, narrow, 44),
    series: [
      ...spec.series.flatMap((each, place) => [
        ...(each.low && each.high ? [whiskersAcross(each, hueOf(each, place, look), shifts[place]!)] : []),
        {
          type: "scatter", name: each.name, z: 3, symbolSize: 9, symbolOffset: [0, shifts[place]], emphasis: { disabled: true },
          data: (each.values as (number | null)[]).map((value, at) => [value, at]),
          itemStyle: { color: hueOf(each, place, look) },
          label: {
            show: true, position: place % 2 ? "bottom" : "top", distance: 3, color: look.text, fontSize: 11,
            formatter: (at: { value: number[] }) => format(at.value[0], digitsOf(spec)),
          },
        },
      ]),
      ...ruler(spec, look),
    ],
  };
}

/** What each part adds or takes. Levels are ticks, not bars, so that the axis need not begin at zero. */
export function waterfallOf(spec: Spec, look: Look, narrow: boolean): Options {
  const values = spec.series[0]!.values as number[];
  const levels = new Set(spec.totals ?? []);
  let level = 0;
  const steps = values.map((value, at) => {
    const from = levels.has(at) ? value : level;
    level = levels.has(at) ? value : level + value;
    return { from: Math.min(from, level), to: Math.max(from, level), value, isLevel: levels.has(at) };
  });
  const colour = (step: Step) => (step.isLevel || !step.value ? look.text : step.value < 0 ? look.worse : look.better);
  return {
    ...across(spec, look, narrow, 52),
    series: [
      {
        type: "custom", z: 3, encode: { x: [0, 1], y: 2 }, data: steps.map((step, at) => [step.from, step.to, at]),
        renderItem: (_: unknown, api: Api) => stepAt(api, steps[api.value(2) as number]!, colour, look),
      },
      ...ruler(spec, look),
    ],
  };
}

type Step = { from: number; to: number; value: number; isLevel: boolean };

function stepAt(api: Api, step: Step, colour: (step: Step) => string, look: Look) {
  const [left, middle] = api.coord([step.from, api.value(2)]) as [number, number];
  const right = api.coord([step.to, api.value(2)])[0]!;
  const tall = step.isLevel ? 22 : 14;
  const width = Math.max(right - left, 3);
  return {
    type: "group" as const,
    children: [
      { type: "rect" as const, shape: { x: left - (step.isLevel ? 1.5 : 0), y: middle - tall / 2, width, height: tall, r: 1 }, style: { fill: colour(step) } },
      { type: "text" as const, style: { text: signed(step), x: left + width + 6, y: middle, verticalAlign: "middle" as const, fill: look.text, font: `12px ${look.font}` } },
    ],
  };
}

const signed = (step: { value: number; isLevel: boolean }) => (step.value > 0 && !step.isLevel ? "+" : "") + format(step.value);

export function scatterOf(spec: Spec, look: Look): Options {
  const reach = Math.max(...spec.series.flatMap((each) => (each.values as [number, number][]).map((value) => value[0])));
  const axis = (name: string | undefined): Options => ({ ...valueAxis({ ...spec, zero: spec.zero ?? false, ambition: undefined }, look, 4), name, nameLocation: "middle", nameGap: 30, nameTextStyle: { color: look.quiet } });
  return {
    grid: { left: 28, right: 24, top: 20, bottom: 28, outerBoundsMode: "same" },
    xAxis: axis(spec.x_label), yAxis: axis(spec.y_label ?? spec.unit),
    tooltip: { renderMode: "richText", confine: true, backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.text, fontSize: 12 },
      formatter: (at: { value: [number, number, string?]; seriesName: string }) => `${at.value[2] ?? at.seriesName}\n${format(at.value[0])}, ${format(at.value[1])}` },
    series: spec.series.map((each, place) => ({
      type: "scatter", name: each.name, symbolSize: 10,
      data: (each.values as [number, number, string?][]).map((value) => ({ value, label: { position: value[0] > reach * 0.7 ? "left" : "right" } })), emphasis: { disabled: true },
      itemStyle: { color: hueOf(each, place, look), opacity: 0.85 },
      label: { show: true, color: look.text, formatter: (at: { value: [number, number, string?] }) => at.value[2] ?? "" },
      labelLayout: { hideOverlap: true },
    })),
  };
}

function across(spec: Spec, look: Look, narrow: boolean, right: number): Options {
  const width = labelWidth(spec, narrow);
  return {
    grid: { left: 4, right, top: 22, bottom: 4, outerBoundsMode: "same" },
    yAxis: {
      type: "category", data: spec.x.map(String), inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: look.text, width, overflow: "break", lineHeight: 14, formatter: (each: string) => shortName(each, width) },
    },
    xAxis: valueAxis(spec, look, narrow ? 3 : 5),
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0, axisPointer: { type: "none" },
      backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.text, fontSize: 12 },
      formatter: (points: { dataIndex: number }[]) => told(spec, points[0]?.dataIndex ?? 0),
    },
  };
}

function told(spec: Spec, at: number): string {
  const lines = spec.series.map((each) => {
    const low = each.low?.[at], high = each.high?.[at];
    const interval = low == null || high == null ? "" : ` (${format(low)} – ${format(high)})`;
    return `${each.name}  ${format((each.values as (number | null)[])[at])}${interval}`;
  });
  return [`${spec.x[at]}${spec.unit ? `, ${spec.unit}` : ""}`, ...lines].join("\n");
}

function ruler(spec: Spec, look: Look): Options[] {
  const lines = ambitionLine(spec, look, "xAxis");
  return lines.length ? [{ type: "line", data: [], silent: true, markLine: { silent: true, symbol: "none", data: lines } }] : [];
}
