/* The index of defined terms: an address of a term goes on to the page that has its definition and its uses. */
(() => {
  "use strict";

  function goOn() {
    let name;
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const entry = name && document.getElementById(name);
    const link = entry && entry.matches("[data-engross-onward] > li") && entry.querySelector("a");
    // In place of this page: the way back leads to where the reader came from.
    if (link) location.replace(link.href);
  }

  addEventListener("hashchange", goOn);
  goOn();
})();
