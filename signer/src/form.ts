/** One form of a page: opens the key, signs every document of the form, and sends the form once. */

import { type Bytes, fromBase64, toBase64 } from "./bytes.ts";
import type { Holder } from "./certificate.ts";
import { isSamePerson } from "./drfo.ts";
import { KeyWorker, Stopped, type StopReason } from "./key-worker.ts";
import { MAX_FILE_SIZE, type Request } from "./protocol.ts";
import { type Texts, textsFor } from "./texts.ts";

interface Document {
  readonly content: Bytes;
  readonly target: HTMLInputElement;
}

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

export class SigningForm {
  private readonly texts: Texts = textsFor(document.documentElement.lang);
  private working = false;
  private worker: KeyWorker | null = null;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.working) void this.submit(event.submitter);
    });
    window.addEventListener("pagehide", () => this.forget());
    window.addEventListener("pageshow", (event) => event.persisted && this.setWorking(false));
  }

  private async submit(submitter: HTMLElement | null): Promise<void> {
    this.setWorking(true);
    this.clearError();
    try {
      await this.sign();
      this.send(submitter);
    } catch (error) {
      if (!(error instanceof Stopped)) console.error(error);
      this.showError(error instanceof Stopped ? error : new Stopped("unexpected"));
      this.setWorking(false);
    } finally {
      this.worker?.close();
      this.worker = null;
    }
  }

  private async sign(): Promise<void> {
    if (!window.isSecureContext) throw new Stopped("insecure-page");
    const documents = this.readDocuments();
    const request = await this.readKey();
    const worker = (this.worker = new KeyWorker(this.form.dataset.kepWorker ?? ""));
    this.showProgress(this.texts.opening(0));
    const { holder } = await worker.ask(request, "opened", (part) => {
      this.showProgress(this.texts.opening(10 * Math.round(10 * part)));
    });
    this.showHolder(holder);
    this.mustBeExpected(holder);
    const contents = documents.map(({ content }) => content);
    const { signatures } = await worker.ask({ kind: "sign", contents }, "signed", (part) => {
      this.showProgress(this.texts.signing(Math.round(part * contents.length), contents.length));
    });
    documents.forEach(({ target }, i) => {
      target.value = toBase64(signatures[i]);
    });
    this.password.value = "";
  }

  private async readKey(): Promise<Request> {
    const file = await fileOf(this.field("[data-kep-file]"));
    if (!file) throw new Stopped("no-file");
    const password = this.password.value;
    if (!password) throw new Stopped("no-password");
    const certificates = await fileOf(this.form.querySelector<HTMLInputElement>("[data-kep-certificate]"));
    return { kind: "open", file, password, certificates };
  }

  private mustBeExpected(holder: Holder): void {
    const expected = this.form.dataset.kepExpectDrfo;
    if (!expected || isSamePerson(expected, holder.drfo)) return;
    throw new Stopped("other-person", { expected, found: holder.drfo });
  }

  /** Contents and where their signatures go; several contents may name one field that the form has several times. */
  private readDocuments(): Document[] {
    const used = new Map<string, number>();
    const contents = [...this.form.querySelectorAll<HTMLInputElement>("[data-kep-content]")];
    const documents = contents.map((input) => {
      const name = input.dataset.kepTarget ?? "";
      const position = used.get(name) ?? 0;
      used.set(name, position + 1);
      const target = this.form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)[position];
      return { content: decoded(input.value), target };
    });
    if (documents.length === 0 || documents.some(({ target }) => !target)) throw new Stopped("broken-page");
    return documents;
  }

  /**
   * Sends the form past its own handler, with the pressed button as the browser would send it.
   * `working` stays on, so no second click can send it again.
   */
  private send(submitter: HTMLElement | null): void {
    this.showProgress(this.texts.sending);
    this.form.querySelector("[data-kep-pressed]")?.remove();
    const name = submitter?.getAttribute("name");
    if (name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name, value: submitter?.getAttribute("value") ?? "" });
      pressed.dataset.kepPressed = "";
      this.form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(this.form);
  }

  private setWorking(working: boolean): void {
    this.working = working;
    this.form.setAttribute("aria-busy", String(working));
    for (const button of this.form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      if (working) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (!working) this.showProgress("");
  }

  private forget(): void {
    this.worker?.close();
    this.worker = null;
    this.password.value = "";
  }

  private showProgress(text: string): void {
    const box = this.form.querySelector<HTMLElement>("[data-kep-progress]");
    if (!box || box.textContent === text) return;
    box.textContent = text;
    box.hidden = text === "";
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

  private showError(stopped: Stopped): void {
    if (stopped.reason === "wrong-password") this.password.value = "";
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

  private clearError(): void {
    this.form
      .querySelectorAll("[data-kep-file], [data-kep-password], [data-kep-certificate]")
      .forEach((field) => field.removeAttribute("aria-invalid"));
    for (const box of this.form.querySelectorAll<HTMLElement>("[data-kep-error], [data-kep-holder]")) {
      box.hidden = true;
      box.replaceChildren();
    }
  }

  private get password(): HTMLInputElement {
    return this.field("[data-kep-password]");
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

function decoded(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw new Stopped("broken-page");
  }
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
