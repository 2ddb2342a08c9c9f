/* A table wider than the page scrolls in a box that the theme makes for it: keys must reach that box (WCAG 2.1.1). */
(() => {
  // What is printed on every sheet stands on the root element, which the theme keeps where it swaps pages in place.
  window.addEventListener("beforeprint", () => {
    const { engrossHead, engrossHash } = document.querySelector(".eg-cover")?.dataset ?? {};
    Object.assign(document.documentElement.dataset, {
      engrossHead: engrossHead ?? document.title,
      engrossHash: engrossHash ?? "",
    });
  });
  const sizes = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const watch = () => {
    sizes.disconnect();
    document.querySelectorAll(".md-typeset__scrollwrap").forEach((box) => sizes.observe(box));
  };
  // The theme tells of every page that it shows; it has made its boxes by the next turn.
  if (window.document$) window.document$.subscribe(() => setTimeout(watch));
})();
