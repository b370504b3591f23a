// Intervals: a band along a line, a whisker across a dot.
import type { CustomSeriesRenderItemAPI as Api, CustomSeriesRenderItemParams as Params } from "echarts";
import type { Options } from "./chart_parts";
import type { Series } from "./chart_spec";

/** A band between the two bounds; a lone point gets a bar, for a band needs two. */
export function intervalsOverTime(series: Series, place: number, colour: string): Options {
  const low = series.low!, high = series.high!;
  const data = low.map((each, at) => [at, each, high[at] ?? null]);
  const known = (at: number) => low[at] != null && high[at] != null;
  return {
    type: "custom", name: `${series.name} interval ${place}`, data, silent: true, z: 1, clip: true,
    encode: { x: 0, y: [1, 2] }, tooltip: { show: false },
    renderItem: (_: Params, api: Api) => {
      const at = api.value(0) as number;
      if (!known(at)) return null;
      const here = { low: api.coord([at, low[at]!]), high: api.coord([at, high[at]!]) };
      if (!known(at + 1)) {
        return known(at - 1) ? null : whisker(here.low, here.high, colour);
      }
      const next = { low: api.coord([at + 1, low[at + 1]!]), high: api.coord([at + 1, high[at + 1]!]) };
      return { type: "polygon", shape: { points: [here.low, next.low, next.high, here.high] }, style: { fill: colour, opacity: 0.16 } };
    },
  };
}

/** A whisker along the axis of values, for categories that stand below one another. */
export function whiskersAcross(series: Series, colour: string, shift: number): Options {
  const data = series.low!.map((low, at) => [low, series.high![at] ?? null, at]);
  return {
    type: "custom", name: `${series.name} interval`, data, silent: true, z: 2, encode: { x: [0, 1], y: 2 }, tooltip: { show: false },
    renderItem: (_: Params, api: Api) => {
      const at = api.value(2) as number, low = series.low![at], high = series.high![at];
      if (low == null || high == null) return null;
      const from = api.coord([low, at]), to = api.coord([high, at]);
      return whisker([from[0]!, from[1]! + shift], [to[0]!, to[1]! + shift], colour);
    },
  };
}

function whisker(from: number[], to: number[], colour: string) {
  return {
    type: "line" as const,
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style: { stroke: colour, lineWidth: 6, opacity: 0.28, lineCap: "round" as const },
  };
}
