// Solves the task of a form while the form is being filled in; without it nobody could send the form.
const AT_ONCE = 256;

const zeros = (bytes) => {
  let count = 0;
  for (const byte of bytes) {
    count += byte ? Math.clz32(byte) - 24 : 8;
    if (byte) break;
  }
  return count;
};

const solve = async (challenge, bits) => {
  const text = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const tokens = Array.from({ length: AT_ONCE }, (_, place) => `${challenge}:${first + place}`);
    const digests = await Promise.all(tokens.map((token) => crypto.subtle.digest("SHA-256", text.encode(token))));
    const found = digests.findIndex((digest) => zeros(new Uint8Array(digest)) >= bits);
    if (found >= 0) return tokens[found];
  }
};

export function solveCaptcha(root) {
  const field = root.querySelector("input[data-captcha]");
  if (!field) return;
  const status = root.querySelector("[data-captcha-status]");
  const done = solve(field.dataset.captcha, Number(field.dataset.bits)).then((token) => {
    field.value = token;
    if (status) status.textContent = status.dataset.done;
  });
  field.form.addEventListener(
    "submit",
    (event) => {
      if (field.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      done.then(() => field.form.requestSubmit());
    },
    true,
  );
}
