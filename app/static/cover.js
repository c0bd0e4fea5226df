// "Dölj skärmen": the button, or Esc twice, blanks the page until the person asks for it back. Nothing is sent and
// nothing typed is lost. A classic script in the head, so that a page hidden before it was reloaded never shows.
(() => {
  const KEY = "covered";
  const QUICK = 700; // Milliseconds between two presses of Esc that belong together.
  const root = document.documentElement;
  let lastEscape = -Infinity;
  let title = "";

  root.classList.add("has-script");

  const remember = (covered) => {
    try {
      covered ? sessionStorage.setItem(KEY, "1") : sessionStorage.removeItem(KEY);
    } catch {
      // Storage may be forbidden: the cover then lasts until the page is left, which is what it is for.
    }
  };

  const remembered = () => {
    try {
      return sessionStorage.getItem(KEY) === "1";
    } catch {
      return false;
    }
  };

  const cover = () => {
    if (root.classList.contains("is-covered")) return;
    title = document.title;
    document.title = "Återkomst";
    root.classList.add("is-covered");
    remember(true);
    document.querySelector("[data-uncover]")?.focus();
  };

  const uncover = () => {
    root.classList.remove("is-covered");
    document.title = title || document.title;
    remember(false);
    document.querySelector("[data-cover]")?.focus();
  };

  if (remembered()) {
    root.classList.add("is-covered");
    document.addEventListener("DOMContentLoaded", () => {
      title = document.title;
      document.title = "Återkomst";
      document.querySelector("[data-uncover]")?.focus();
    });
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-cover]")) cover();
    if (event.target.closest("[data-uncover]")) uncover();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - lastEscape < QUICK) cover();
    lastEscape = event.timeStamp;
  });
})();
