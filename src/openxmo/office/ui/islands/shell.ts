// What every page does beyond links and forms: htmx, the drawer, the menus, the keyboard, charts when there are any.
import "htmx.org";
import { openCharts } from "./charts_wanted";
import { listenForDrawer } from "./drawer";
import { listenForKeys } from "./keys";
import { listenForMenus } from "./menus";
import { listenForThemes } from "./themes";

/** A picker or a filter shows its answer as soon as something else is chosen. */
document.addEventListener("change", (event) => {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-submits]");
  form?.requestSubmit();
});

listenForDrawer();
listenForMenus();
listenForThemes();
listenForKeys();
openCharts(document);
document.addEventListener("htmx:afterSettle", (event) => openCharts(event.target as HTMLElement));
