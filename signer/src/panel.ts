/** The part of a signing form that people see: key, password, certificate; progress, holder, error. */

import type { Bytes } from "./bytes.ts";
import type { Holder } from "./certificate.ts";
import { isSamePerson } from "./drfo.ts";
import { KeyWorker, Stopped, type StopReason } from "./key-worker.ts";
import { MAX_FILE_SIZE, type OpenRequest } from "./protocol.ts";
import { type Texts, textsFor } from "./texts.ts";

/** The field a person has to correct. */
const FIELD_AT_FAULT: Partial<Record<StopReason, string>> = {
  "no-file": "[data-kep-file]",
  "not-a-key": "[data-kep-file]",
  "no-password": "[data-kep-password]",
  "wrong-password": "[data-kep-password]",
  "not-a-certificate": "[data-kep-certificate]",
  "no-certificate": "[data-kep-certificate]",
  "certificate-mismatch": "[data-kep-certificate]",
};

const CERTIFICATE_WANTED: readonly StopReason[] = ["no-certificate", "certificate-mismatch", "not-a-certificate"];

export class Panel {
  readonly texts: Texts = textsFor(document.documentElement.lang);

  constructor(private readonly form: HTMLFormElement) {}

  /** Opens the key in a worker and checks whose it is. @throws Stopped; the worker is closed then. */
  async unlock(): Promise<KeyWorker> {
    return (await this.open()).worker;
  }

  /** The certificate that fits the key; the key is forgotten at once. @throws Stopped */
  async takeCertificate(): Promise<Bytes> {
    const { worker, certificate } = await this.open();
    worker.close();
    this.forgetPassword();
    return certificate;
  }

  private async open(): Promise<{ worker: KeyWorker; certificate: Bytes }> {
    if (!window.isSecureContext) throw new Stopped("insecure-page");
    const request = await this.readKey();
    const worker = new KeyWorker(this.form.dataset.kepWorker ?? "");
    try {
      this.showProgress(this.texts.opening(0), 0);
      const { holder, certificate } = await worker.ask(request, "opened", (part) => {
        const percent = 10 * Math.round(10 * part);
        this.showProgress(this.texts.opening(percent), percent);
      });
      this.showHolder(holder);
      this.mustBeExpected(holder);
      return { worker, certificate };
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  forgetPassword(): void {
    const password = this.form.querySelector<HTMLInputElement>("[data-kep-password]");
    if (password) password.value = "";
  }

  setWorking(working: boolean): void {
    this.form.setAttribute("aria-busy", String(working));
    for (const button of this.form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      if (working) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  /** @param percent 0..100 of the bar; the text is read aloud when it changes. */
  showProgress(text: string, percent: number): void {
    const box = this.form.querySelector<HTMLElement>("[data-kep-progress]");
    const step = box?.querySelector<HTMLElement>("[data-kep-step]");
    const bar = box?.querySelector<HTMLProgressElement>("[data-kep-bar]");
    if (!box) return;
    box.hidden = text === "";
    if (bar) bar.value = percent;
    if (step && step.textContent !== text) step.textContent = text;
  }

  showError(error: unknown): void {
    if (!(error instanceof Stopped)) console.error(error);
    const stopped = error instanceof Stopped ? error : new Stopped("unexpected");
    if (stopped.reason === "wrong-password") this.forgetPassword();
    if (CERTIFICATE_WANTED.includes(stopped.reason))
      this.form.querySelector("[data-kep-certificate-group]")?.removeAttribute("hidden");
    const field = FIELD_AT_FAULT[stopped.reason];
    if (field) this.form.querySelector(field)?.setAttribute("aria-invalid", "true");
    const box = this.form.querySelector<HTMLElement>("[data-kep-error]");
    if (!box) return;
    box.textContent = this.texts.stopped[stopped.reason](stopped.detail);
    box.hidden = false;
    box.focus();
  }

  clearError(): void {
    this.form
      .querySelectorAll("[data-kep-file], [data-kep-password], [data-kep-certificate]")
      .forEach((field) => field.removeAttribute("aria-invalid"));
    for (const box of this.form.querySelectorAll<HTMLElement>("[data-kep-error], [data-kep-holder]")) {
      box.hidden = true;
      box.replaceChildren();
    }
  }

  private async readKey(): Promise<OpenRequest> {
    const file = await fileOf(this.field("[data-kep-file]"));
    if (!file) throw new Stopped("no-file");
    const password = this.field("[data-kep-password]").value;
    if (!password) throw new Stopped("no-password");
    const certificates = await fileOf(this.form.querySelector<HTMLInputElement>("[data-kep-certificate]"));
    const directory = this.form.dataset.kepDirectory;
    return { kind: "open", file, password, certificates, directory };
  }

  private mustBeExpected(holder: Holder): void {
    const expected = this.form.dataset.kepExpectDrfo;
    if (!expected || isSamePerson(expected, holder.drfo)) return;
    throw new Stopped("other-person", { expected, found: holder.drfo });
  }

  private showHolder(holder: Holder): void {
    const box = this.form.querySelector<HTMLElement>("[data-kep-holder]");
    const list = document.createElement("dl");
    for (const [field, label] of Object.entries(this.texts.holder) as [keyof Holder, string][]) {
      const value = field === "validUntil" ? this.texts.date(holder.validUntil) : holder[field];
      if (value) list.append(element("dt", label), element("dd", value));
    }
    box?.replaceChildren(list);
    if (box) box.hidden = false;
  }

  private field(selector: string): HTMLInputElement {
    const field = this.form.querySelector<HTMLInputElement>(selector);
    if (!field) throw new Stopped("broken-page");
    return field;
  }
}

async function fileOf(input: HTMLInputElement | null): Promise<Bytes | undefined> {
  const file = input?.files?.[0];
  const content = file
    ?.slice(0, MAX_FILE_SIZE + 1)
    .arrayBuffer()
    .catch(() => {
      throw new Stopped("unreadable-file");
    });
  return content && new Uint8Array(await content);
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
