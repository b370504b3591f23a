// What all kinds of charts share: numbers, hues, the axis of values, the line of the ambition.
import type { Look } from "./chart_look";
import type { Series, Spec } from "./chart_spec";

// The library's own option types are wider than any checker can follow through spreads.
export type Options = Record<string, unknown>;

const PER_LETTER = 7;
const LONGEST = 24;

/** The digits that all values of a chart share, so that 8 beside 7.6 reads 8.0. */
export function digitsOf(spec: Spec): number {
  const values = spec.series.flatMap((each) => each.values as unknown[]).filter((each): each is number => typeof each === "number");
  if (values.every((each) => Number.isInteger(each))) return 0;
  const largest = Math.max(...values.map(Math.abs));
  return largest >= 1000 ? 0 : largest >= 1 ? 1 : 2;
}

export function format(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const shown = digits ?? (Number.isInteger(value) || size >= 100 ? 0 : size >= 1 ? 1 : 2);
  return value
    .toLocaleString(document.documentElement.lang || "en", { minimumFractionDigits: shown, maximumFractionDigits: shown })
    .replace("-", "−");
}

export const hueOf = (series: Series, place: number, look: Look): string =>
  look.hues[(series.hue ?? place) % look.hues.length]!;

export const nameWidth = (spec: Spec): number =>
  Math.min(Math.max(...spec.series.map((each) => each.name.length), 0), LONGEST) * PER_LETTER;

export const labelWidth = (spec: Spec, narrow: boolean): number =>
  Math.min(Math.max(...spec.x.map((each) => String(each).length), 0) * PER_LETTER + 12, narrow ? 130 : 220);

/** Values begin at zero where bars need it; elsewhere the axis holds what is drawn and the ambition. */
export function valueAxis(spec: Spec, look: Look, parts: number): Options {
  return {
    type: "value", scale: !spec.zero, splitNumber: parts, ...stepsToAmbition(spec, parts),
    axisLabel: { color: look.quiet, formatter: (value: number) => value.toLocaleString(document.documentElement.lang || "en").replace("-", "−"), showMinLabel: true },
    splitLine: { lineStyle: { color: look.line, width: 1 } }, axisLine: { show: false }, axisTick: { show: false },
  };
}

/** Even steps up to an ambition that lies beyond what is drawn; the library alone would end on an odd one. */
function stepsToAmbition(spec: Spec, parts: number): Options {
  const drawn = spec.series.flatMap((each) => [each.values, each.low ?? [], each.high ?? []].flat()).filter((each): each is number => typeof each === "number");
  if (spec.ambition === undefined || spec.ambition === null || !drawn.length) return {};
  const all = [...drawn, spec.ambition, ...(spec.zero ? [0] : [])];
  const low = Math.min(...all), high = Math.max(...all), step = roundStep((high - low) / parts);
  const first = Math.floor(low / step), last = Math.ceil(high / step);
  const beyond = (edge: number) => (edge * step === spec.ambition ? 1 : 0); // its line is not the frame
  return { min: (first - (first === 0 ? 0 : beyond(first))) * step, max: (last + beyond(last)) * step, interval: step };
}

/** The next of 1, 2, 2.5, 5, 10, and ten times these. */
function roundStep(least: number): number {
  const size = 10 ** Math.floor(Math.log10(least || 1));
  return [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => each >= least * 0.999)!;
}

export function ambitionLine(spec: Spec, look: Look, axis: "xAxis" | "yAxis"): Options[] {
  if (spec.ambition === undefined || spec.ambition === null) return [];
  return [{
    [axis]: spec.ambition,
    lineStyle: { color: look.ambition, type: "dashed", width: 1.25 },
    label: {
      formatter: `${document.documentElement.dataset.wordAmbition ?? "ambition"} ${format(spec.ambition)}`, color: look.text,
      position: axis === "yAxis" ? "insideStartTop" : "end", fontWeight: 600,
    },
  }];
}

/** A month by its name; its year stands at January, and wherever asked. */
export function shortTime(key: string, whole = false): string {
  const found = /^(\d{4})-(\d{2})$/.exec(key);
  if (!found) return key;
  const month = new Date(Number(found[1]), Number(found[2]) - 1, 1);
  const isJanuary = found[2] === "01";
  const name = month.toLocaleDateString(document.documentElement.lang || "en", { month: "short" });
  return whole ? `${name} ${found[1]}` : isJanuary ? `${name}\n${found[1]}` : name;
}

/** Long names end in an ellipsis after two lines: the table below holds them whole. */
export function shortName(name: string, width: number): string {
  const most = Math.floor((width / PER_LETTER) * 2);
  return name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name;
}
