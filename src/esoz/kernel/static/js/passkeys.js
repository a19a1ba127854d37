// Asks the browser for a passkey when the form is sent, and sends what it answered. Nothing else works without it.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// Options come as JSON, whose bytes are base64url.
function read(text) {
  const options = JSON.parse(text);
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const known of options.excludeCredentials ?? []) known.id = toBytes(known.id);
  return options;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  const id = toText(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response });
}

const show = (element) => {
  element.hidden = false;
  element.focus();
};

async function ask(form) {
  const say = (word) => form.querySelector(`[data-passkey-${word}]`);
  // Which sentence a refusal of the browser means; any other one is that nobody answered.
  const sentences = { InvalidStateError: say("known"), SecurityError: say("elsewhere") };
  const error = say("error");
  for (const sentence of [error, ...Object.values(sentences)]) sentence.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const publicKey = read(form.dataset.passkeyOptions);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.answer.value = written(credential);
    form.submit();
  } catch (fault) {
    form.removeAttribute("aria-busy");
    show(sentences[fault.name] ?? error);
  }
}

const canDo = Boolean(window.PublicKeyCredential && navigator.credentials);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !canDo;
  document.querySelector("[data-passkey-absent]").hidden = canDo;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") ask(form);
  });
}
