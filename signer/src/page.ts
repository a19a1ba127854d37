/** The page script: attaches itself to every form marked data-kep-form. */

import { SigningForm } from "./form.ts";

function attach(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-kep-form]").forEach((form) => new SigningForm(form));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", attach);
else attach();
