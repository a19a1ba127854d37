/** One form of a page: opens the key, signs every document of the form, and sends the form once. */

import { type Bytes, fromBase64, toBase64 } from "./bytes.ts";
import { KeyWorker, Stopped } from "./key-worker.ts";
import { Panel } from "./panel.ts";

interface Document {
  readonly content: Bytes;
  readonly target: HTMLInputElement;
}

export class SigningForm {
  private readonly panel: Panel;
  private working = false;
  private worker: KeyWorker | null = null;

  constructor(private readonly form: HTMLFormElement) {
    this.panel = new Panel(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.working) void this.submit(event.submitter);
    });
    window.addEventListener("pagehide", () => this.forget());
    window.addEventListener("pageshow", (event) => event.persisted && this.setWorking(false));
  }

  private async submit(submitter: HTMLElement | null): Promise<void> {
    this.setWorking(true);
    this.panel.clearError();
    try {
      await this.sign();
      this.send(submitter);
    } catch (error) {
      this.panel.showError(error);
      this.setWorking(false);
    } finally {
      this.worker?.close();
      this.worker = null;
    }
  }

  private async sign(): Promise<void> {
    const documents = this.readDocuments();
    const worker = (this.worker = await this.panel.unlock());
    const contents = documents.map(({ content }) => content);
    const { signatures } = await worker.ask({ kind: "sign", contents, isLast: true }, "signed", (part) => {
      const done = Math.round(part * contents.length);
      this.panel.showProgress(this.panel.texts.signing(done, contents.length), 100 * part);
    });
    documents.forEach(({ target }, i) => {
      target.value = toBase64(signatures[i]);
    });
    this.panel.forgetPassword();
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
    this.panel.showProgress(this.panel.texts.sending, 100);
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
    this.panel.setWorking(working);
    if (!working) this.panel.showProgress("", 0);
  }

  private forget(): void {
    this.worker?.close();
    this.worker = null;
    this.panel.forgetPassword();
  }
}

/** @throws Stopped broken-page */
export function decoded(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw new Stopped("broken-page");
  }
}
