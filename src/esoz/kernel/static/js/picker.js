// A code picker: without scripts a text field with a "find" button, with scripts a combobox over the same server search.
import accessibleAutocomplete from "accessible-autocomplete";

const PAUSE_MS = 200;

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

function enhance(picker) {
  const input = picker.querySelector("[data-picker-text]");
  const code = picker.querySelector("[data-picker-value]") ?? hiddenCode(picker, input.id);
  const box = picker.querySelector("[data-picker-box]");
  const words = picker.dataset;
  picker.querySelector("[data-picker-find]").remove();
  const search = new Search(words.pickerSource);
  const nothing = () => (search.busy ? words.pickerWait : words.pickerNone);
  const label = (choice) => (choice ? choice.text : "");
  const described = input.getAttribute("aria-describedby");
  const holder = document.createElement("div");
  box.replaceWith(holder);
  accessibleAutocomplete({
    element: holder,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    minLength: 2,
    confirmOnBlur: false,
    displayMenu: "overlay",
    source: (query, show) => search.ask(query, show),
    templates: {
      inputValue: label,
      suggestion: (choice) => (typeof choice === "string" ? escaped(choice) : escaped(label(choice))),
    },
    onConfirm: (choice) => {
      if (choice) code.value = choice.value;
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
  field.addEventListener("input", () => {
    code.value = ""; // the text no longer says what was chosen
  });
}

function enhanceAll() {
  for (const picker of document.querySelectorAll("[data-picker]:not([data-picker-ready])")) {
    picker.dataset.pickerReady = "";
    enhance(picker);
  }
}

enhanceAll();
document.addEventListener("htmx:after:swap", enhanceAll);
