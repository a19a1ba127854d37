// A form goes to the server once, however often its button is pressed.
export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  // A page taken from the browser's memory ("Back") must be ready to send again.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const form of root.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
}

// A form whose work is done (the signature has come) sends itself; its button is for browsers without scripts.
export function goOn(root) {
  root.querySelector("form[data-go]:not([data-sent])")?.requestSubmit();
}
