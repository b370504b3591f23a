// The buttons that choose light or dark; theme.ts shows and keeps the choice.
export function listenForThemes(): void {
  mark();
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-theme-choice]");
    if (!(button instanceof HTMLButtonElement)) return;
    dispatchEvent(new CustomEvent("choose-theme", { detail: button.dataset.themeChoice }));
    mark();
  });
}

function mark(): void {
  const chosen = document.documentElement.dataset.themeChoice;
  for (const button of document.querySelectorAll<HTMLElement>("button[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}
