// The script of every page. All works without it, except signing with a key file.
import {
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import htmx from "htmx.org";
import { solveCaptcha } from "./captcha.js";
import { keepDrafts } from "./drafts.js";
import { goOn, guardForms } from "./forms.js";
import { closeMenus } from "./menu.js";
import { askAgain } from "./progress.js";
import { tellOfEnd, tellOfLock, watchSession } from "./session.js";

const PARTS = [
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
];

const enliven = (scope) => {
  for (const part of PARTS) createAll(part, undefined, scope);
};

enliven(document);
const saveDrafts = keepDrafts(document);
solveCaptcha(document);
guardForms(document);
goOn(document);
closeMenus(document);
tellOfLock(document);
tellOfEnd(document);
askAgain(htmx);
// A scanner types over what stands in its field, not behind it.
document.querySelector("input[autofocus]")?.select();
const watch = watchSession(document, saveDrafts);
document.addEventListener("esoz:session", ({ detail }) => watch?.renew(detail));
// What htmx puts into the page comes alive as the page itself did.
htmx.on("htmx:after:swap", (event) => {
  enliven(event.target);
  goOn(document);
});
