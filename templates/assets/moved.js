/* At a former address of a document: go to its new address, to the same clause. */
addEventListener("DOMContentLoaded", () => {
  location.replace(document.getElementById("target").href + location.hash);
});
