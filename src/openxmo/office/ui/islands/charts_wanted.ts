// Charts are heavy: what is in view, or nearly, is drawn first; the rest once the page has nothing else to do, for
// whoever scrolls quickly, prints or keeps a picture of the whole page.
const NEAR = "300px";

export function openCharts(within: ParentNode): void {
  const wanted = [...within.querySelectorAll<HTMLElement>("[data-chart]:not([data-open])")];
  if (!wanted.length) return;
  const take = (place: HTMLElement) => {
    seen.unobserve(place);
    void draw(place);
  };
  const seen = new IntersectionObserver(
    (entries) => entries.filter((each) => each.isIntersecting).forEach((each) => take(each.target as HTMLElement)),
    { rootMargin: NEAR },
  );
  wanted.forEach((place) => {
    place.dataset.open = "waiting";
    seen.observe(place);
  });
  whenIdle(() => wanted.filter((place) => place.dataset.open === "waiting" && place.clientWidth).forEach(take));
}

function whenIdle(then: () => void): void {
  if ("requestIdleCallback" in window) window.requestIdleCallback(then, { timeout: 2000 });
  else setTimeout(then, 500);
}

async function draw(place: HTMLElement): Promise<void> {
  if (place.dataset.open !== "waiting") return;
  place.dataset.open = "drawing";
  const { drawChart } = await import("./chart");
  drawChart(place);
  place.dataset.open = "drawn";
}
