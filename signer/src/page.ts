/** The page script: attaches itself to every form marked data-kep-form. */

import { BatchForm } from "./batch.ts";
import { CertificateForm } from "./certificate-form.ts";
import { SigningForm } from "./form.ts";

function attach(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-kep-form]")) {
    if ("kepBatch" in form.dataset) new BatchForm(form);
    else if ("kepCertificateOnly" in form.dataset) new CertificateForm(form);
    else new SigningForm(form);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", attach);
else attach();
