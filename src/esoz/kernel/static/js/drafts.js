// What is typed into a form marked `data-draft` is kept at the server, so that the end of a session takes nothing with it.
// A form marked `data-draft="own"` saves itself into its record at `data-draft-url`; its `version` says which state of the
// record it was filled in from, so that of two windows none overwrites the other unseen.
const PAUSE = 2000;
const AGAIN = 10_000;
const NEVER = new Set(["form_token", "password"]);

class Keeper {
  #form;
  #savesItself;
  #timer;
  #dirty = false;
  #isSaving = false;
  #saving = Promise.resolve();

  constructor(form) {
    this.#form = form;
    this.#savesItself = form.dataset.draft === "own";
    const typed = () => this.#plan(PAUSE);
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", (event) => event.defaultPrevented || this.#stop());
    window.addEventListener("pagehide", () => this.save(true));
  }

  get isDirty() {
    return this.#dirty && !this.#form.dataset.sent;
  }

  // Does another form, or this one itself, have to wait until what was typed is kept.
  isAwaitedBy(form) {
    return form === this.#form ? this.#isSaving : this.isDirty;
  }

  #plan(pause) {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pause);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#dirty = false;
  }

  save(leaving = false) {
    if (!this.isDirty) return this.#saving;
    this.#stop();
    this.#isSaving = true;
    this.#saving = this.#send(leaving).finally(() => (this.#isSaving = false));
    return this.#saving;
  }

  async #send(leaving) {
    try {
      const answer = await fetch(this.#form.dataset.draftUrl ?? "/drafts", {
        method: "POST",
        body: this.#fields(),
        keepalive: leaving,
        redirect: "manual",
      });
      if (answer.ok) this.#tell(await answer.json());
      else if (answer.type !== "opaqueredirect") this.#failed(answer.status === 403 ? "draftForeign" : "draftFailed");
      else if (!leaving) location.reload(); // the session is over, the text is kept
    } catch {
      this.#failed("draftFailed");
    }
  }

  // What was typed stays in the page, and is sent again later: the answer may be another one then.
  #failed(word) {
    this.#say(word);
    this.#plan(AGAIN);
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

  // `trouble`: why the record itself was not changed, in words; what was typed is kept beside it.
  #tell({ saved_at: savedAt, trouble, version, ...left }) {
    if (version) this.#form.elements.namedItem("version").value = version;
    if (trouble) this.#show(trouble);
    else if (savedAt) this.#say("draftSaved", savedAt);
    else this.#say("draftRefused");
    document.dispatchEvent(new CustomEvent("esoz:session", { detail: left }));
  }

  #say(word, time = "") {
    this.#show(`${this.#line?.dataset[word]} ${time}`.trim());
  }

  get #line() {
    return this.#form.querySelector(this.#savesItself ? "[data-draft-own]" : "[data-draft-status] [role=status]");
  }

  #show(text) {
    const line = this.#line;
    if (!line) return;
    line.textContent = text;
    const place = line.closest("[data-draft-status]");
    if (place) place.hidden = false;
  }
}

// Returns a function that saves everything not yet saved.
export function keepDrafts(root) {
  const keepers = [...root.querySelectorAll("form[data-draft]")]
    .filter((form) => form.elements.namedItem("draft"))
    .map((form) => new Keeper(form));
  const saveAll = () => Promise.all(keepers.map((keeper) => keeper.save()));
  // Another form of the page (the lock, the sign-out) waits until what was typed is kept; so does this one until what is
  // being saved has its answer, which says what it goes on from.
  root.addEventListener(
    "submit",
    async (event) => {
      const { target, submitter } = event;
      if (target.method !== "post" || !keepers.some((keeper) => keeper.isAwaitedBy(target))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await saveAll();
      target.requestSubmit(submitter);
    },
    true,
  );
  return saveAll;
}
