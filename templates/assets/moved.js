/* At an address from which a document moved: go to where it is now, to the clause that was asked for. */
addEventListener("DOMContentLoaded", () => {
  location.replace(document.getElementById("target").href + location.hash);
});
