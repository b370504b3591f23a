// A menu is a `details`: it works without script; with it, Escape and a click elsewhere close it.
export function listenForMenus(): void {
  document.addEventListener("click", (event) => closeAll((menu) => !menu.contains(event.target as Node)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const toggle = document.querySelector<HTMLInputElement>("#stages-toggle");
    if (toggle?.checked) toggle.checked = false;
    closeAll((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      return true;
    });
  });
}

function closeAll(which: (menu: HTMLDetailsElement) => boolean): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (which(menu)) menu.open = false;
  }
}
