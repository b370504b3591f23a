// Runs before the page is drawn, so that a dark page never flashes light. No script means: as the device.
export {};

const KEY = "openxmo-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto"; // storage is off: the choice then lasts as long as the page
  }
}

function show(choice: string): void {
  const isDark = choice === "dark" || (choice === "auto" && dark.matches);
  root.dataset.bsTheme = isDark ? "dark" : "light";
  root.dataset.themeChoice = choice;
}

root.classList.add("with-scripts");
show(read());
dark.addEventListener("change", () => show(root.dataset.themeChoice ?? "auto"));
addEventListener("choose-theme", (event) => {
  const choice = (event as CustomEvent<string>).detail;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // as above
  }
  show(choice);
});
