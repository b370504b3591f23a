// What a page hands to a chart; docs/how-to/add-a-component.md describes it.
export type Point = { x: number; y: number; label?: string };
export type Series = {
  name: string;
  values: (number | null)[] | [number, number, string?][];
  low?: (number | null)[];
  high?: (number | null)[];
  hue?: number;
  dashed?: boolean;
};
export type Spec = {
  kind: "line" | "bars" | "points" | "band" | "scatter" | "waterfall";
  unit?: string;
  x: (string | number)[];
  x_label?: string;
  y_label?: string;
  series: Series[];
  ambition?: number;
  marks?: { at: string; label: string }[];
  zero?: boolean;
  totals?: number[]; // places of a waterfall that are levels, not steps
};
