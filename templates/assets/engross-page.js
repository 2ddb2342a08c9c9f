/* For every page: loads the theme's script once the page can be read, and its search when a reader uses it; makes wide
   tables, and the menu and search of small windows, reachable by keyboard; sets the running head and foot for print. */
(() => {
  const { engrossTheme } = document.currentScript.dataset;
  const LATEST = 500;
  const SEARCH = ["/", "f", "s"];
  const FIRST_MOVES = ["pointerdown", "keydown"];

  // The theme sets up its search with every page: it starts a worker and loads the entries. Here both wait until a reader
  // is in the search box, and the entries are none: the site's own worker loads them with the first query.
  const waiting = [];
  let isAsked = new URLSearchParams(location.search).has("q");
  const whenAsked = (work) => { if (isAsked) work(); else waiting.push(work); };
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".md-search__input")) return;
    isAsked = true;
    waiting.splice(0).forEach((work) => work());
  });
  const { open, send } = XMLHttpRequest.prototype, held = new WeakSet();
  XMLHttpRequest.prototype.open = function (method, url, ...options) {
    const address = String(url).replace(/search\/search_index\.json$/, "search/nothing.json");
    if (address !== String(url)) held.add(this);
    return open.call(this, method, address, ...options);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (held.has(this)) whenAsked(() => send.apply(this, body));
    else send.apply(this, body);
  };
  const { Worker } = window;
  window.Worker = function (address, ...options) {
    if (!/\/engross-search\.[^/]*$/.test(address)) return new Worker(address, ...options);
    const stand = new EventTarget(), messages = [];
    stand.postMessage = (message) => messages.push(message);
    whenAsked(() => {
      const worker = new Worker(address, ...options);
      worker.onmessage = ({ data }) => stand.dispatchEvent(new MessageEvent("message", { data }));
      stand.postMessage = (message) => worker.postMessage(message);
      messages.forEach(stand.postMessage);
    });
    return stand;
  };

  // The running head and foot are on the root element, which the theme keeps when it replaces the page.
  window.addEventListener("beforeprint", () => {
    const { engrossHead, engrossHash } = document.querySelector(".eg-cover")?.dataset ?? {};
    Object.assign(document.documentElement.dataset, {
      engrossHead: engrossHead ?? document.title,
      engrossHash: engrossHash ?? "",
    });
  });

  // A wide table scrolls in a box of the theme, which must be reachable by keyboard (WCAG 2.1.1).
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
  // The theme announces every page that it shows; its boxes exist in the next task.
  const themed = () => window.document$?.subscribe(() => setTimeout(watch));

  // The theme's icons for menu and search are labels of hidden checkboxes, which keys do not reach (WCAG 2.1.1, 4.1.2). A
  // label must not be a button, but its content may.
  for (const label of document.querySelectorAll("label[data-engross-name]")) {
    const box = document.getElementById(label.htmlFor);
    const sign = document.createElement("span");
    const update = () => sign.setAttribute("aria-expanded", box.checked);
    Object.assign(sign, { tabIndex: 0, role: "button", ariaLabel: label.dataset.engrossName });
    sign.append(...label.childNodes);
    label.append(sign);
    sign.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      sign.click();
    });
    box.addEventListener("change", update);
    update();
  }

  // A key for the theme's search that is pressed too early is passed on once the theme listens.
  let pressed;

  function load() {
    if (document.querySelector("script[data-engross-late]")) return;
    const script = document.createElement("script");
    script.src = engrossTheme;
    script.dataset.engrossLate = "";
    script.onload = () => {
      FIRST_MOVES.forEach((name) => removeEventListener(name, onMove, true));
      // The theme starts at this event, which is over by now. It is dispatched only if no other script could react to it:
      // on pages with other scripts, the theme's script is loaded in time.
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
