"""Signs in a real Chromium under the production CSP; run by hand: `python test/browser_check.py` after `npm run build`.

Needs playwright, a Chromium (CHROMIUM, /usr/bin/chromium by default), `node build.mjs tests` before, and the package
esoz, whose verification has the last word about the signatures.
"""

import base64
import http.server
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Page, sync_playwright

from esoz.signature import Certificate, TrustList, verify

SIGNER = Path(__file__).resolve().parent.parent
CSP = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"
PASSWORD = "Passw0rd!"
DOCUMENTS = [f'{{"документ": {number}}}'.encode() for number in range(20)]


PANEL = """<div data-kep-progress hidden>
<progress max="100" value="0" data-kep-bar></progress><p data-kep-step role="status" aria-live="polite"></p></div>
<div data-kep-holder hidden></div>"""


def page_of(language: str = "uk", attributes: str = "") -> str:
    """The form of the contract with every document in it."""
    documents = "".join(
        f'<input type="hidden" data-kep-content value="{base64.b64encode(document).decode()}"'
        ' data-kep-target="signed_content">'
        '<input type="hidden" name="signed_content">'
        for document in DOCUMENTS
    )
    return f"""<!doctype html><html lang="{language}"><title>Підпис</title>
<form method="post" data-kep-form data-kep-worker="/dist/kep-worker.js" {attributes}>
<input type="hidden" name="csrf" value="token">{documents}
<label>Ключ <input type="file" data-kep-file></label>
<label>Пароль <input type="password" data-kep-password autocomplete="off"></label>
<div data-kep-certificate-group hidden><label>Сертифікат <input type="file" data-kep-certificate></label></div>
{PANEL}
<div data-kep-error role="alert" hidden tabindex="-1"></div>
<button type="submit" name="decision" value="approve">Підписати</button>
</form><script src="/dist/kep.js" defer></script></html>"""


def batch_page() -> str:
    """A list whose documents are sent one by one."""
    lines = "".join(
        f'<p id="result-{number}"></p><input type="hidden" data-kep-content data-kep-address="/one/{number}"'
        f' data-kep-result="result-{number}" value="{base64.b64encode(document).decode()}">'
        for number, document in enumerate(DOCUMENTS)
    )
    return f"""<!doctype html><html lang="uk"><title>Підписати все</title>
<form method="post" data-kep-form data-kep-batch data-kep-worker="/dist/kep-worker.js">
<input type="hidden" name="csrf" value="token">{lines}
<div data-kep-keys><label>Ключ <input type="file" data-kep-file></label>
<label>Пароль <input type="password" data-kep-password autocomplete="off"></label></div>
{PANEL}
<div data-kep-error role="alert" hidden tabindex="-1"></div>
<button type="submit" data-kep-submit>Підписати все</button>
<button type="button" data-kep-close hidden>Закрити ключ</button>
</form><script src="/dist/kep.js" defer></script></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """Serves the form and the two scripts; remembers what was posted."""

    posted: ClassVar[list[dict[str, list[str]]]] = []
    fails: ClassVar[set[str]] = set()
    certificates: ClassVar[bytes] = b""
    asked: ClassVar[list[str]] = []
    pages: ClassVar[dict[str, str]] = {
        "/": page_of(),
        "/en": page_of("en"),
        "/other": page_of(attributes='data-kep-expect-drfo="9999999999"'),
        "/same": page_of(attributes='data-kep-expect-drfo="0000000001"'),
        "/batch": batch_page(),
        "/directory": page_of(attributes='data-kep-directory="/certificates"'),
        "/no-worker": page_of().replace("kep-worker.js", "missing.js"),
    }

    def do_GET(self) -> None:
        if self.path in self.pages:
            self.reply(200, "text/html; charset=utf-8", self.pages[self.path].encode())
        elif self.path in ("/dist/kep.js", "/dist/kep-worker.js"):
            self.reply(200, "text/javascript; charset=utf-8", (SIGNER / self.path[1:]).read_bytes())
        elif self.path.startswith("/certificates?keys="):
            self.asked.append(self.path)
            self.reply(200 if self.certificates else 404, "application/octet-stream", self.certificates)
        else:
            self.reply(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.startswith("/one/"):
            self.answer_one(urllib.parse.parse_qs(body))
            return
        time.sleep(0.3)
        self.posted.append(urllib.parse.parse_qs(body, keep_blank_values=True))
        self.reply(200, "text/html; charset=utf-8", b"<!doctype html><title>done</title><p id=done>done</p>")

    def answer_one(self, fields: dict[str, list[str]]) -> None:
        """One document of the batch: taken, or refused when the check wants it so."""
        if self.path in self.fails:
            self.reply(500, "text/plain", b"out of order")
            return
        self.posted.append(fields)
        self.reply(200, "application/json", '{"done": true, "text": "Підписано"}'.encode())

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Check:
    """One browser page on the site, with what a person does there."""

    def __init__(self, page: Page, address: str, keys: Path) -> None:
        self.page = page
        self.address = address
        self.keys = keys

    def fill(self, path: str, key: str, password: str = PASSWORD) -> None:
        self.page.goto(self.address + path)
        self.page.set_input_files("[data-kep-file]", self.keys / key)
        self.page.fill("[data-kep-password]", password)

    def sign(self) -> dict[str, list[str]]:
        Site.posted.clear()
        start = time.monotonic()
        self.page.click("button")
        self.page.wait_for_selector("#done")
        print(f"   {len(DOCUMENTS)} documents, {time.monotonic() - start:.2f} s (0.3 s of it the server)")
        assert len(Site.posted) == 1, f"sent {len(Site.posted)} times"
        return Site.posted[0]

    def refusal(self, expected: str) -> None:
        Site.posted.clear()
        self.page.click("button")
        self.page.wait_for_selector("[data-kep-error]:not([hidden])")
        text = self.page.inner_text("[data-kep-error]")
        assert expected in text, text
        assert self.page.evaluate("document.activeElement === document.querySelector('[data-kep-error]')")
        assert self.page.get_attribute("button", "aria-disabled") is None
        assert not Site.posted


def must_be_signed(fields: dict[str, list[str]], certificate: Path) -> None:
    """Every document came back validly signed by that person, with the other fields and without the secrets."""
    assert set(fields) == {"csrf", "signed_content", "decision"}, set(fields)
    trust = TrustList([Certificate.parse(certificate.read_bytes())])
    signed = [verify(base64.b64decode(value), trust, at=datetime.now(UTC)) for value in fields["signed_content"]]
    assert [document.content for document in signed] == DOCUMENTS
    assert {document.signers[0].identity.drfo for document in signed} == {"0000000001"}


def check_signing(check: Check) -> None:
    check.fill("/same", "gost.jks")
    must_be_signed(check.sign(), check.keys / "gost.cer")
    check.fill("/same", "kupyna.p12")
    must_be_signed(check.sign(), check.keys / "kupyna.cer")


def check_double_click(check: Check) -> None:
    check.fill("/", "gost.jks")
    Site.posted.clear()
    check.page.evaluate("for (let i = 0; i < 5; i++) document.querySelector('button').click()")
    assert check.page.get_attribute("button", "aria-disabled") == "true"
    check.page.wait_for_selector("#done")
    assert len(Site.posted) == 1


def check_refusals(check: Check) -> None:
    check.fill("/", "gost.jks", "wrong")
    check.refusal("Пароль не підходить")
    assert check.page.input_value("[data-kep-password]") == ""
    check.page.fill("[data-kep-password]", PASSWORD)
    must_be_signed(check.sign(), check.keys / "gost.cer")
    check.fill("/en", "gost.jks", "wrong")
    check.refusal("The password does not fit")
    check.fill("/", "expired.jks")
    check.refusal("Строк дії сертифіката скінчився")
    check.fill("/", "gost.cer")
    check.refusal("Це не файл ключа")
    check.fill("/other", "gost.jks")
    check.refusal("РНОКПП 9999999999")
    assert "Лисенко" in check.page.inner_text("[data-kep-holder]")
    check.fill("/", "gost.jks", "")
    check.refusal("Введіть пароль")
    check.fill("/no-worker", "gost.jks")
    check.refusal("не зміг запустити")


def check_certificate(check: Check) -> None:
    check.fill("/", "Key-6.dat")
    check.refusal("немає його сертифіката")
    assert check.page.is_visible("[data-kep-certificate]")
    check.page.set_input_files("[data-kep-certificate]", check.keys / "gost.cer")
    must_be_signed(check.sign(), check.keys / "gost.cer")


def check_batch(check: Check) -> None:
    """One opening of the key signs all; what failed is signed again without the password."""
    check.fill("/batch", "gost.jks")
    Site.posted.clear()
    Site.fails = {"/one/3", "/one/7"}
    check.page.click("[data-kep-submit]")
    count = len(DOCUMENTS)
    check.page.locator("[data-kep-step]", has_text=f"надіслано: {count - 2} з {count}").wait_for()
    assert "Не надіслано" in check.page.inner_text("#result-3")
    assert check.page.inner_text("#result-4") == "Підписано"
    assert not check.page.is_visible("[data-kep-password]")
    assert check.page.input_value("[data-kep-password]") == ""
    Site.fails = set()
    check.page.click("[data-kep-submit]")
    check.page.locator("[data-kep-step]", has_text="надіслано: 2 з 2").wait_for()
    assert check.page.inner_text("#result-3") == "Підписано"
    assert not check.page.is_visible("[data-kep-submit]")
    assert {fields["csrf"][0] for fields in Site.posted} == {"token"}
    trust = TrustList([Certificate.parse((check.keys / "gost.cer").read_bytes())])
    signatures = [base64.b64decode(fields["signed_content"][0]) for fields in Site.posted]
    signed = [verify(signature, trust, at=datetime.now(UTC)) for signature in signatures]
    assert sorted(document.content for document in signed) == sorted(DOCUMENTS)


def check_closing(check: Check) -> None:
    """A closed key asks for the password again."""
    check.fill("/batch", "gost.jks")
    Site.fails = {"/one/0"}
    check.page.click("[data-kep-submit]")
    check.page.click("[data-kep-close]")
    Site.fails = set()
    check.page.locator("button[data-kep-submit]:not([aria-disabled])").wait_for()
    assert check.page.is_visible("[data-kep-password]")
    check.refusal("Введіть пароль")


def check_directory(check: Check) -> None:
    """A key without a certificate: our own server finds it by the identifier of the key."""
    Site.certificates = (check.keys / "gost.cer").read_bytes()
    check.fill("/directory", "Key-6.dat")
    must_be_signed(check.sign(), check.keys / "gost.cer")
    assert len(Site.asked) == 1
    Site.certificates = b""
    check.fill("/directory", "Key-6.dat")
    check.refusal("немає його сертифіката")


STEPS = (
    check_signing,
    check_double_click,
    check_certificate,
    check_directory,
    check_batch,
    check_closing,
    check_refusals,
)


def main() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as keys, sync_playwright() as playwright:
        subprocess.run(["node", str(SIGNER / ".tests/write-keys.js"), keys], check=True)
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        check = Check(page, f"http://127.0.0.1:{server.server_port}", Path(keys))
        for step in STEPS:
            print(step.__name__)
            step(check)
        browser.close()
    server.shutdown()
    unexpected = [text for text in complaints if "404" not in text and "500" not in text]
    assert not unexpected, unexpected
    print("all right")


if __name__ == "__main__":
    main()
