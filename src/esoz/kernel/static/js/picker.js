// A code picker: without scripts a text field with a "find" button, with scripts a combobox over the same server search.
import accessibleAutocomplete from "accessible-autocomplete";

const PAUSE_MS = 200;
const LEAST = 2;

const escaped = (text) => {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
};

// Asks the server after a pause in typing; `busy` tells that the last answer has not come yet.
class Search {
  #timer;
  #latest = 0;
  #url;
  busy = false;

  constructor(url) {
    this.#url = url;
  }

  ask(query, show) {
    clearTimeout(this.#timer);
    const mine = ++this.#latest;
    this.busy = true;
    this.#timer = setTimeout(async () => {
      const found = await this.#fetch(query);
      if (mine !== this.#latest) return;
      this.busy = false;
      show(found);
    }, PAUSE_MS);
  }

  // What was asked is no longer wanted.
  drop() {
    clearTimeout(this.#timer);
    this.#latest++;
    this.busy = false;
  }

  async #fetch(query) {
    const address = new URL(this.#url, location.href);
    address.searchParams.set("q", query);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : [];
    } catch {
      return []; // without the network there is nothing to choose from; the text itself is still sent
    }
  }
}

// The server offered choices as radio buttons (a search without scripts): the combobox takes their place.
const hiddenCode = (picker, name) => {
  const code = document.createElement("input");
  code.type = "hidden";
  code.name = name;
  code.value = picker.querySelector("input:checked")?.value ?? "";
  picker.querySelector(".govuk-form-group").replaceWith(code);
  return code;
};

// What is chosen: a code counts as long as the field shows the very words it was chosen with.
class Chosen {
  #code;
  #words;
  #value;

  constructor(code, words) {
    this.#code = code;
    this.#words = words;
    this.#value = code.value;
  }

  get isThere() {
    return Boolean(this.#code.value);
  }

  take({ value, text }) {
    this.#words = text;
    this.#code.value = this.#value = value;
  }

  compare(text) {
    this.#code.value = text === this.#words ? this.#value : "";
  }
}

function enhance(picker) {
  const input = picker.querySelector("[data-picker-text]");
  const code = picker.querySelector("[data-picker-value]") ?? hiddenCode(picker, input.id);
  const box = picker.querySelector("[data-picker-box]");
  const words = picker.dataset;
  picker.querySelector("[data-picker-find]").remove();
  const search = new Search(words.pickerSource);
  const chosen = new Chosen(code, input.value);
  const nothing = () => (search.busy ? words.pickerWait : words.pickerNone);
  // Beside choices the library asks for the words of nothing, and of the text that the field came with.
  const label = (choice) => (typeof choice === "string" ? choice : (choice?.text ?? ""));
  const described = input.getAttribute("aria-describedby");
  const holder = document.createElement("div");
  let offer;
  box.replaceWith(holder);
  accessibleAutocomplete({
    element: holder,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    minLength: LEAST,
    confirmOnBlur: false,
    displayMenu: "overlay",
    source: (query, show) => {
      chosen.compare(query); // also what was dictated or filled in, which no event tells of
      offer = (found) => show(holder.contains(document.activeElement) ? found : []);
      search.ask(query, offer);
    },
    templates: { inputValue: label, suggestion: (choice) => escaped(label(choice)) },
    onConfirm: (choice) => {
      if (choice?.value) chosen.take(choice); // the text that the field came with has its code already
    },
    tNoResults: nothing,
    tAssistiveHint: () => words.pickerHint,
    tStatusQueryTooShort: (least) => `${words.pickerShort} ${least}`,
    tStatusNoResults: nothing,
    tStatusSelectedOption: (selected, length, index) => `${selected}, ${index + 1} / ${length}`,
    tStatusResults: (length, selected) => `${words.pickerFound} ${length}. ${selected}`,
  });
  const field = holder.querySelector("input");
  if (described)
    field.setAttribute("aria-describedby", `${described} ${field.getAttribute("aria-describedby") ?? ""}`.trim());
  if (input.classList.contains("govuk-input--error")) field.classList.add("govuk-input--error");
  if (!chosen.isThere) forgetOwnText(field);
  search.drop();
  offer?.([]);
  field.addEventListener("input", () => chosen.compare(field.value));
  // Words that no code was chosen for (a draft, a faulty form) are looked for again.
  field.addEventListener("focus", () => {
    if (!chosen.isThere && field.value.length >= LEAST && offer) search.ask(field.value, offer);
  });
}

// The library (3.0.1) offers the text that a field comes with as its only choice, though no code may belong to it. A
// change of the text and back makes it forget that; the search that it begins thereby is dropped.
function forgetOwnText(field) {
  const text = field.value;
  if (text.length < LEAST) return;
  for (const passing of [`${text} `, text]) {
    field.value = passing;
    field.dispatchEvent(new Event("input"));
  }
}

function enhanceAll() {
  for (const picker of document.querySelectorAll("[data-picker]:not([data-picker-ready])")) {
    picker.dataset.pickerReady = "";
    enhance(picker);
  }
}

enhanceAll();
document.addEventListener("htmx:after:swap", enhanceAll);
