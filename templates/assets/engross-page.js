/* What every page needs, whatever stands on it: the theme's own script once the page can be read, and keys that reach
   wide tables, the menu and the search of small windows; what stands on every sheet of paper. */
(() => {
  const { engrossTheme } = document.currentScript.dataset;
  const LATEST = 500;
  const SEARCH = ["/", "f", "s"];
  const FIRST_MOVES = ["pointerdown", "keydown"];

  // What is printed on every sheet stands on the root element, which the theme keeps where it swaps pages in place.
  window.addEventListener("beforeprint", () => {
    const { engrossHead, engrossHash } = document.querySelector(".eg-cover")?.dataset ?? {};
    Object.assign(document.documentElement.dataset, {
      engrossHead: engrossHead ?? document.title,
      engrossHash: engrossHash ?? "",
    });
  });

  // A table wider than the page scrolls in a box that the theme makes for it: keys must reach that box (WCAG 2.1.1).
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
  const themed = () => window.document$?.subscribe(() => setTimeout(watch));

  // The theme's signs for menu and search are labels of hidden boxes, which keys do not reach (WCAG 2.1.1, 4.1.2). A
  // label may not be a button; what it shows may.
  for (const label of document.querySelectorAll("label[data-engross-name]")) {
    const box = document.getElementById(label.htmlFor);
    const sign = document.createElement("span");
    const tell = () => sign.setAttribute("aria-expanded", box.checked);
    Object.assign(sign, { tabIndex: 0, role: "button", ariaLabel: label.dataset.engrossName });
    sign.append(...label.childNodes);
    label.append(sign);
    sign.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      sign.click();
    });
    box.addEventListener("change", tell);
    tell();
  }

  // A key for the theme's search that is pressed before it listens is handed to it when it does.
  let pressed;

  function load() {
    if (document.querySelector("script[data-engross-late]")) return;
    const script = document.createElement("script");
    script.src = engrossTheme;
    script.dataset.engrossLate = "";
    script.onload = () => {
      FIRST_MOVES.forEach((name) => removeEventListener(name, onMove, true));
      // The theme begins with this event, which is over by now, and shares it with nobody: where other scripts stand
      // on the page, the theme's is not late.
      document.dispatchEvent(new Event("DOMContentLoaded"));
      themed();
      document.dispatchEvent(new Event("engross-theme"));
      if (pressed) setTimeout(() => pressed.target.dispatchEvent(new KeyboardEvent("keydown", pressed)));
    };
    document.body.append(script);
  }

  function onMove(event) {
    if (SEARCH.includes(event.key)) pressed ??= event;
    load();
  }

  if (!engrossTheme) {
    themed();
    return;
  }
  const idle = () => (window.requestIdleCallback ?? setTimeout)(load, { timeout: LATEST });
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true });
  FIRST_MOVES.forEach((name) => addEventListener(name, onMove, { capture: true, passive: true }));
})();
