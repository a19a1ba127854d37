/** A form that takes only the certificate of a key file: the key is opened here and forgotten, nothing is signed. */

import { toBase64 } from "./bytes.ts";
import { Panel } from "./panel.ts";

export class CertificateForm {
  private readonly panel: Panel;
  private working = false;

  constructor(private readonly form: HTMLFormElement) {
    this.panel = new Panel(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.working) void this.submit();
    });
    window.addEventListener("pagehide", () => this.panel.forgetPassword());
    window.addEventListener("pageshow", (event) => event.persisted && this.setWorking(false));
  }

  private async submit(): Promise<void> {
    this.setWorking(true);
    this.panel.clearError();
    try {
      const target = this.form.querySelector<HTMLInputElement>("[data-kep-taken]");
      const certificate = toBase64(await this.panel.takeCertificate());
      if (target) target.value = certificate;
      this.panel.showProgress(this.panel.texts.certificateTaken, 100);
      HTMLFormElement.prototype.submit.call(this.form);
    } catch (error) {
      this.panel.showError(error);
      this.setWorking(false);
    }
  }

  private setWorking(working: boolean): void {
    this.working = working;
    this.panel.setWorking(working);
    if (!working) this.panel.showProgress("", 0);
  }
}
