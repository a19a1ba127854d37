// What is typed into a form marked `data-draft` is kept at the server, so that the end of a session takes nothing with it.
// A form marked `data-draft="own"` saves itself (htmx) while it is filled in; here it is saved only when the page is left.
const PAUSE = 2000;
const AGAIN = 10_000;
const NEVER = new Set(["form_token", "password"]);

class Keeper {
  #form;
  #savesItself;
  #timer;
  #dirty = false;
  #saving = Promise.resolve();

  constructor(form) {
    this.#form = form;
    this.#savesItself = form.dataset.draft === "own";
    const typed = () => this.#plan(PAUSE);
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", () => this.#stop());
    form.addEventListener("htmx:after:request", () => this.#savesItself && this.#stop());
    window.addEventListener("pagehide", () => this.save(true));
  }

  get form() {
    return this.#form;
  }

  get isDirty() {
    return this.#dirty && !this.#form.dataset.sent;
  }

  #plan(pause) {
    this.#dirty = true;
    clearTimeout(this.#timer);
    if (!this.#savesItself) this.#timer = setTimeout(() => this.save(), pause);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#dirty = false;
  }

  save(leaving = false) {
    if (!this.isDirty) return this.#saving;
    this.#stop();
    this.#saving = this.#send(leaving);
    return this.#saving;
  }

  async #send(leaving) {
    try {
      const answer = await fetch("/drafts", {
        method: "POST",
        body: this.#fields(),
        keepalive: leaving,
        redirect: "manual",
      });
      if (answer.ok) this.#tell(await answer.json());
      else if (answer.type === "opaqueredirect" && !leaving) location.reload(); // the session is over, the text is kept
    } catch {
      if (!this.#savesItself) this.#say("draftFailed");
      this.#plan(AGAIN);
    }
  }

  #fields() {
    const given = new FormData(this.#form);
    const kept = new URLSearchParams();
    const secret = new Set([...this.#form.querySelectorAll("input[type=password]")].map(({ name }) => name));
    for (const [name, value] of given) {
      if (typeof value === "string" && !NEVER.has(name) && !secret.has(name)) kept.append(name, value);
    }
    kept.append("draft_key", given.get("form_token") ?? "");
    return kept;
  }

  #tell({ saved_at: savedAt, ...left }) {
    if (savedAt && !this.#savesItself) this.#say("draftSaved", savedAt);
    document.dispatchEvent(new CustomEvent("esoz:session", { detail: left }));
  }

  #say(word, time = "") {
    const place = this.#form.querySelector("[data-draft-status]");
    if (!place) return;
    place.hidden = false;
    const line = place.querySelector("[role=status]");
    line.textContent = `${line.dataset[word]} ${time}`.trim();
  }
}

// Returns a function that saves everything not yet saved.
export function keepDrafts(root) {
  const keepers = [...root.querySelectorAll("form[data-draft]")]
    .filter((form) => form.elements.namedItem("draft"))
    .map((form) => new Keeper(form));
  const saveAll = () => Promise.all(keepers.map((keeper) => keeper.save()));
  // Another form of the page (the lock, the sign-out) waits until what was typed is kept.
  root.addEventListener(
    "submit",
    async (event) => {
      const { target, submitter } = event;
      if (target.method !== "post" || !keepers.some((keeper) => keeper.isDirty && keeper.form !== target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await saveAll();
      target.requestSubmit(submitter);
    },
    true,
  );
  return saveAll;
}
