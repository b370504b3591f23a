// The keys of the pages about cases: j and k move, Enter opens, t takes, r replies, c names the cause, / searches.
// Without this file everything works by links and buttons.
(() => {
  "use strict";
  const WRITING = "input, textarea, select, [contenteditable]";
  const rows = () => [...document.querySelectorAll("tr[data-case]")];
  const current = () => document.activeElement?.closest?.("tr[data-case]") ?? null;

  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const here = current();
    const place = here ? all.indexOf(here) + step : step > 0 ? 0 : all.length - 1;
    const next = all[Math.min(Math.max(place, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const press = (selector, within) => {
    const found = (within ?? document).querySelector(selector);
    if (!found) return false;
    found.click();
    return true;
  };

  const goTo = (id) => {
    const part = document.getElementById(id);
    const field = part?.querySelector("textarea, select, input:not([type=hidden])");
    if (!field) return false;
    field.focus();
    part.scrollIntoView({ block: "nearest" });
    return true;
  };

  const openAt = (hash) => {
    const link = current()?.querySelector("a[data-key-open]");
    if (!link) return false;
    window.location.assign(link.href + hash);
    return true;
  };

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    Enter: () => document.activeElement === current() && press("a[data-key-open]", current()),
    t: () => press("[data-key-take] button", current()),
    r: () => openAt("#reply") || goTo("reply"),
    c: () => openAt("#cause") || goTo("cause"),
    "/": () => {
      const search = document.querySelector("[data-key-search]");
      search?.focus();
      return Boolean(search);
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(WRITING)) return;
    const deed = KEYS[event.key];
    if (deed?.()) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // A link to a form (#reply) puts the cursor into it.
  const arrive = () => window.location.hash && goTo(window.location.hash.slice(1));
  window.addEventListener("hashchange", arrive);
  document.addEventListener("DOMContentLoaded", arrive);
  if (document.readyState !== "loading") arrive();
})();
