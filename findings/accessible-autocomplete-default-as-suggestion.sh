#!/usr/bin/env bash
# accessible-autocomplete 3.0.1: a field with a default text, whose source gives objects and whose templates read them.
#
# Input      defaultValue "Київ" (documented: "a string to prefill the autocomplete with"), a source of objects with a
#            name, and templates that show this name: all as documented.
# Guess      the text stands in the input and is no suggestion; templates are only ever given what the source gave.
# Seen       the text is put among the suggestions as well: `suggestion` is called with the text before anybody typed,
#            and when the field is focused the menu opens with one option that reads "undefined".
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" accessible-autocomplete@3.0.1 jsdom@26.1.0 >/dev/null
cat >"$folder/look.cjs" <<'JAVASCRIPT'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM('<body><div id="place"></div></body>', { pretendToBeVisual: true });
Object.assign(globalThis, { self: window, window, document: window.document });
const autocomplete = require("accessible-autocomplete");
const { version } = require("accessible-autocomplete/package.json");

const towns = [{ name: "Київ" }, { name: "Канів" }];
const given = [];
autocomplete({
  element: document.querySelector("#place"),
  id: "town",
  defaultValue: "Київ",
  source: (typed, done) => done(towns.filter((town) => town.name.startsWith(typed))),
  templates: {
    inputValue: (town) => (town ? town.name : ""),
    suggestion: (town) => {
      given.push(typeof town);
      return town.name;
    },
  },
});
const pause = () => new Promise((go) => setTimeout(go, 100));
(async () => {
  await pause();
  const before = [...given];
  document.querySelector("#town").focus();
  await pause();
  const menu = document.querySelector("#town__listbox");
  const seen = {
    "in the input": document.querySelector("#town").value,
    "given to `suggestion` before": before.join(),
    "menu is open": menu.className.includes("--visible"),
    options: [...menu.children].map((option) => option.textContent).join(),
  };
  console.log("accessible-autocomplete", version);
  for (const [name, answer] of Object.entries(seen)) console.log(name.padEnd(30), answer);
  const expected = ["Київ", "string", true, "undefined"];
  process.exit(JSON.stringify(Object.values(seen)) === JSON.stringify(expected) ? 0 : 1);
})();
JAVASCRIPT
node "$folder/look.cjs"
