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
import { goOn, guardForms } from "./forms.js";
import { warnBeforeSessionEnds } from "./session.js";

const PARTS = [Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink];

const enliven = (scope) => {
  for (const part of PARTS) createAll(part, undefined, scope);
};

enliven(document);
guardForms(document);
goOn(document);
warnBeforeSessionEnds(document);
// What htmx puts into the page comes alive as the page itself did.
htmx.on("htmx:after:swap", (event) => {
  enliven(event.target);
  goOn(document);
});
