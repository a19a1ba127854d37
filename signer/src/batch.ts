/**
 * A list of documents signed with one opening of the key: each is signed, sent by itself and answered in its own line.
 *
 * The key stays open for what could not be sent, until all is done, the person closes it, five minutes pass, or the
 * page is left; then the worker ends with everything in its memory.
 */

import { toBase64 } from "./bytes.ts";
import { decoded } from "./form.ts";
import { type KeyWorker, Stopped } from "./key-worker.ts";
import { Panel } from "./panel.ts";

const IDLE_MILLISECONDS = 5 * 60 * 1000;

/** What the server says about one document. */
interface Answer {
  readonly done: boolean;
  readonly text: string;
}

interface Item {
  readonly input: HTMLInputElement;
  readonly result: HTMLElement;
}

export class BatchForm {
  private readonly panel: Panel;
  private working = false;
  private worker: KeyWorker | null = null;
  private idle = 0;

  constructor(private readonly form: HTMLFormElement) {
    this.panel = new Panel(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.working) void this.submit();
    });
    form.querySelector("[data-kep-close]")?.addEventListener("click", () => this.close());
    window.addEventListener("pagehide", () => this.close());
  }

  private async submit(): Promise<void> {
    this.working = true;
    this.panel.setWorking(true);
    clearTimeout(this.idle);
    try {
      if (!this.worker) await this.unlock();
      await this.signAll(this.worker);
    } catch (error) {
      this.close();
      this.panel.showProgress("", 0);
      this.panel.showError(error);
    }
    this.working = false;
    this.panel.setWorking(false);
    this.idle = window.setTimeout(() => this.close(), IDLE_MILLISECONDS);
  }

  private async unlock(): Promise<void> {
    this.panel.clearError();
    this.worker = await this.panel.unlock();
    this.panel.forgetPassword();
    this.showKeyFields(false);
  }

  private async signAll(worker: KeyWorker | null): Promise<void> {
    const items = this.waiting();
    const { texts } = this.panel;
    let done = 0;
    for (const [number, item] of items.entries()) {
      this.panel.showProgress(texts.signing(number, items.length), (100 * number) / items.length);
      if (!worker || this.worker !== worker) break; // closed meanwhile
      const answer = await this.signOne(worker, item);
      this.show(item, answer);
      if (answer.done) done += 1;
    }
    this.panel.showProgress(texts.signedAll(done, items.length), 100);
    this.form.querySelector<HTMLElement>("[data-kep-step]")?.focus();
    if (done === items.length) {
      this.close();
      this.form.querySelector<HTMLElement>("[data-kep-submit]")?.setAttribute("hidden", "");
      this.form.querySelector<HTMLElement>("[data-kep-keys]")?.setAttribute("hidden", "");
      this.form.dataset.kepAllDone = ""; // the page shows the way on, and no other way to sign
    }
  }

  private async signOne(worker: KeyWorker, { input }: Item): Promise<Answer> {
    const contents = [decoded(input.value)];
    const { signatures } = await worker.ask({ kind: "sign", contents, isLast: false }, "signed", () => {});
    const body = new URLSearchParams({
      csrf: this.form.querySelector<HTMLInputElement>("[name=csrf]")?.value ?? "",
      signed_content: toBase64(signatures[0]),
    });
    try {
      const response = await fetch(input.dataset.kepAddress ?? "", { method: "POST", body, redirect: "error" });
      return (await response.json()) as Answer;
    } catch {
      return { done: false, text: this.panel.texts.notSent };
    }
  }

  private show({ input, result }: Item, { done, text }: Answer): void {
    result.textContent = text;
    result.dataset.kepDone = String(done);
    if (done) input.disabled = true;
  }

  private waiting(): Item[] {
    const inputs = [...this.form.querySelectorAll<HTMLInputElement>("[data-kep-address]:not(:disabled)")];
    return inputs.map((input) => {
      const result = document.getElementById(input.dataset.kepResult ?? "");
      if (!result) throw new Stopped("broken-page");
      return { input, result };
    });
  }

  private close(): void {
    clearTimeout(this.idle);
    this.worker?.close();
    this.worker = null;
    this.panel.forgetPassword();
    this.showKeyFields(true);
  }

  /** The fields of the key while it is closed, the button that closes it while it is open. */
  private showKeyFields(shown: boolean): void {
    this.form.querySelector("[data-kep-keys]")?.toggleAttribute("hidden", !shown);
    this.form.querySelector("[data-kep-close]")?.toggleAttribute("hidden", shown);
  }
}
