// Charts are heavy: their island is only fetched by a page that has one in view, or nearly.
const NEAR = "300px";

export function openCharts(within: ParentNode): void {
  const wanted = [...within.querySelectorAll<HTMLElement>("[data-chart]:not([data-open])")];
  if (!wanted.length) return;
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        seen.unobserve(entry.target);
        void draw(entry.target as HTMLElement);
      }
    },
    { rootMargin: NEAR },
  );
  wanted.forEach((place) => {
    place.dataset.open = "waiting";
    seen.observe(place);
  });
}

async function draw(place: HTMLElement): Promise<void> {
  const { drawChart } = await import("./chart");
  drawChart(place);
  place.dataset.open = "drawn";
}
