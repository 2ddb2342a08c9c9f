/* The pages of the record: light or dark, as the theme keeps it for the pages of the site. Loaded in the head, so that a page
   never shows the other scheme first. */
(() => {
  const { root, palettes } = document.currentScript.dataset;
  const key = `${new URL(root, location).pathname.replace(/index\.html$/, "")}.__palette`;
  const known = JSON.parse(palettes);
  const system = matchMedia("(prefers-color-scheme: dark)");

  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key))?.color.scheme;
    } catch {
      return undefined;
    }
  };
  const isDark = () => (kept() ? kept() === known.dark.color.scheme : system.matches);
  const show = () => { document.documentElement.dataset.scheme = isDark() ? "dark" : "light"; };

  show();
  system.addEventListener("change", show);
  addEventListener("storage", show);
  // A page that Back shows again was left before the reader switched.
  addEventListener("pageshow", show);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".scheme");
    button.hidden = false;
    button.addEventListener("click", () => {
      try {
        localStorage.setItem(key, JSON.stringify(isDark() ? known.light : known.dark));
      } catch {
        // Where nothing can be kept, the scheme of the system stays.
      }
      show();
    });
  });
})();
