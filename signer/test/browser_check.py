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
<div data-kep-progress hidden role="status" aria-live="polite"></div>
<div data-kep-holder hidden></div>
<div data-kep-error role="alert" hidden tabindex="-1"></div>
<button type="submit" name="decision" value="approve">Підписати</button>
</form><script src="/dist/kep.js" defer></script></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """Serves the form and the two scripts; remembers what was posted."""

    posted: ClassVar[list[dict[str, list[str]]]] = []
    pages: ClassVar[dict[str, str]] = {
        "/": page_of(),
        "/en": page_of("en"),
        "/other": page_of(attributes='data-kep-expect-drfo="9999999999"'),
        "/same": page_of(attributes='data-kep-expect-drfo="0000000001"'),
        "/no-worker": page_of().replace("kep-worker.js", "missing.js"),
    }

    def do_GET(self) -> None:
        if self.path in self.pages:
            self.reply(200, "text/html; charset=utf-8", self.pages[self.path].encode())
        elif self.path in ("/dist/kep.js", "/dist/kep-worker.js"):
            self.reply(200, "text/javascript; charset=utf-8", (SIGNER / self.path[1:]).read_bytes())
        else:
            self.reply(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        time.sleep(0.3)
        self.posted.append(urllib.parse.parse_qs(body, keep_blank_values=True))
        self.reply(200, "text/html; charset=utf-8", b"<!doctype html><title>done</title><p id=done>done</p>")

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
        for step in (check_signing, check_double_click, check_certificate, check_refusals):
            print(step.__name__)
            step(check)
        browser.close()
    server.shutdown()
    unexpected = [text for text in complaints if "404" not in text]
    assert not unexpected, unexpected
    print("all right")


if __name__ == "__main__":
    main()
