// The page's own colours and type, so that a chart is light or dark with it.
export type Look = {
  text: string; quiet: string; line: string; surface: string; ambition: string; better: string; worse: string;
  font: string; hues: string[]; still: boolean;
};

const HUES = 8;

export function readLook(place: HTMLElement): Look {
  const style = getComputedStyle(place);
  const read = (name: string) => style.getPropertyValue(`--xmo-${name}`).trim();
  return {
    text: read("text"),
    quiet: read("quiet"),
    line: read("line"),
    surface: read("surface"),
    ambition: read("text"),
    better: read("better"),
    worse: read("worse"),
    font: style.fontFamily,
    hues: Array.from({ length: HUES }, (_, place) => read(`hue-${place + 1}`)),
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}
