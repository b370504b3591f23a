// The signals behind a number, beside the question: the link's page, without its shell. Without script it is a link.
import htmx from "htmx.org";

let before: Element | null = null;

export function listenForDrawer(): void {
  const drawer = document.querySelector<HTMLDialogElement>("#drawer");
  const body = drawer?.querySelector<HTMLElement>("#drawer-body");
  if (!drawer || !body) return;

  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void show(drawer, body, link);
  });
  drawer.querySelector("#drawer-close")?.addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => event.target === drawer && drawer.close());
  drawer.addEventListener("close", () => {
    body.replaceChildren();
    if (before instanceof HTMLElement) before.focus();
  });
}

async function show(drawer: HTMLDialogElement, body: HTMLElement, link: HTMLAnchorElement): Promise<void> {
  if (!drawer.open) before = link;
  drawer.querySelector<HTMLAnchorElement>("#drawer-whole")!.href = link.href;
  say(body, body.dataset.waiting);
  if (!drawer.open) drawer.showModal();
  let failed = false;
  const fail = () => (failed = true);
  body.addEventListener("htmx:responseError", fail);
  body.addEventListener("htmx:sendError", fail);
  await htmx.ajax("get", link.href, { target: body, swap: "innerHTML", source: body });
  body.removeEventListener("htmx:responseError", fail);
  body.removeEventListener("htmx:sendError", fail);
  if (failed) say(body, body.dataset.failed);
}

function say(body: HTMLElement, words: string | undefined): void {
  const line = document.createElement("p");
  line.role = "status";
  line.textContent = words ?? "";
  body.replaceChildren(line);
}
