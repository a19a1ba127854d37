// Shows the notice about an old browser when this one lacks what the pages use. Itself it must run in any: no newer
// syntax, and it is built for ES5.
(function () {
  var notice = document.querySelector("[data-outdated-browser]");
  if (!notice) return;
  var isEnough =
    "noModule" in document.createElement("script") &&
    typeof window.HTMLDialogElement === "function" &&
    typeof HTMLFormElement.prototype.requestSubmit === "function" &&
    typeof Element.prototype.replaceChildren === "function" &&
    typeof String.prototype.replaceAll === "function" &&
    typeof window.Worker === "function";
  if (!isEnough) notice.removeAttribute("hidden");
})();
