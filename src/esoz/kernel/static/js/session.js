// Two minutes before the session ends a dialogue tells of it. Tabs share what they know through localStorage, so work in
// one of them counts for all. Time is read from the clock, not counted: a laptop may have slept meanwhile.
const WARN = 120_000;
const KEY = "esoz-session";

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};
const write = (value) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // a browser without storage: each tab then knows only of itself
  }
};
const shown = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

// The lock of the screen: this page tells the other tabs, and they reload, which leads them to the lock too.
export function tellOfLock(root) {
  const locked = root.querySelector("[data-session-locked]")?.dataset.sessionLocked;
  if (locked) write({ session: locked, locked: true });
}

// Who signs out in one tab is signed out in all: the page that follows tells the others, and they reload, which leads them
// to the sign-in and keeps what was typed there.
const LEFT = "esoz-left";

export function tellOfEnd(root) {
  const mine = root.querySelector("dialog[data-session]")?.dataset.session;
  try {
    const left = sessionStorage.getItem(LEFT);
    sessionStorage.removeItem(LEFT);
    if (left && left !== mine) write({ session: left, locked: true });
    root.addEventListener("submit", ({ target, defaultPrevented }) => {
      if (mine && !defaultPrevented && "sessionEnd" in target.dataset) sessionStorage.setItem(LEFT, mine);
    });
  } catch {
    // a browser without storage: the other tabs learn of it with their next request
  }
}

class Watch {
  #dialog;
  #saveAll;
  #idle;
  #absolute;
  #kind = "";
  #dismissed = false;
  #over = false;

  constructor(dialog, saveAll) {
    this.#dialog = dialog;
    this.#saveAll = saveAll;
    const { sessionIdle, sessionAbsolute } = dialog.dataset;
    this.renew({ idle: Number(sessionIdle), absolute: Number(sessionAbsolute) });
    dialog.addEventListener("close", () => this.#answered());
    setInterval(() => this.#look(), 1000);
    for (const name of ["visibilitychange", "focus", "pageshow"])
      window.addEventListener(name, () => this.#look(), true);
    window.addEventListener("storage", ({ key }) => key === KEY && this.#look());
  }

  // The server has told how many seconds are left.
  renew({ idle, absolute }) {
    this.#idle = Date.now() + idle * 1000;
    this.#absolute = Date.now() + absolute * 1000;
    write({ session: this.#dialog.dataset.session, idle: this.#idle });
    this.#look();
  }

  #look() {
    const told = read();
    if (told.session === this.#dialog.dataset.session) {
      if (told.locked) return this.#leave();
      if (told.idle > this.#idle) this.#idle = told.idle;
    }
    const left = Math.min(this.#idle, this.#absolute) - Date.now();
    const kind = this.#absolute <= this.#idle ? "absolute" : "idle";
    if (left <= 0) return this.#leave();
    if (left > WARN) return this.#hide();
    this.#warn(kind, left);
  }

  #warn(kind, left) {
    const dialog = this.#dialog;
    dialog.querySelector("[data-session-left]").textContent = shown(left);
    const said = dialog.querySelector("[data-session-said]");
    if (left <= 30_000) said.textContent = said.dataset.half;
    else if (left <= 60_000) said.textContent = said.dataset.minute;
    if (dialog.open || (this.#dismissed && this.#kind === kind)) return;
    this.#kind = kind;
    this.#dismissed = false;
    for (const part of dialog.querySelectorAll("[data-session-kind]")) part.hidden = part.dataset.sessionKind !== kind;
    dialog.showModal();
  }

  // Another tab went on: nothing is asked any more.
  #hide() {
    this.#dismissed = false;
    this.#kind = "";
    if (this.#dialog.open) this.#dialog.close();
  }

  async #answered() {
    const kind = this.#kind;
    if (!kind || this.#over) return;
    this.#dismissed = true;
    if (kind === "absolute") return;
    const away = this.#dialog.querySelector("[data-session-away]");
    try {
      const answer = await fetch(this.#dialog.dataset.sessionUrl, { redirect: "manual" });
      if (!answer.ok) return this.#leave();
      away.hidden = true;
      this.renew(await answer.json());
    } catch {
      away.hidden = false;
      this.#dismissed = false; // the dialogue comes back with the next look
    }
  }

  // The session is over or the screen is locked: the server says which, and keeps what was typed.
  async #leave() {
    if (this.#over) return;
    this.#over = true;
    await this.#saveAll();
    location.reload();
  }
}

export function watchSession(root, saveAll) {
  const dialog = root.querySelector("dialog[data-session]");
  return dialog ? new Watch(dialog, saveAll) : undefined;
}
