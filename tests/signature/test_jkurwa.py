"""jkurwa, a JavaScript library of Ukrainian signatures, and this one read each other (GOST: it knows no other)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from esoz.signature import sign, verify, write_jks, write_pkcs8

from .centre import NOW, centre, doctor_of
from .test_key_files import PASSWORD, iit_container

SIGNER = Path(__file__).parents[2] / "signer"
CONTENT = '{"документ": 1}'.encode()

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (SIGNER / "node_modules" / "jkurwa").is_dir(),
    reason="node or the packages of signer/ are not installed",
)

VERIFY = """
const jkurwa = require("jkurwa"), gost89 = require("gost89"), fs = require("fs");
const message = new jkurwa.models.Message(fs.readFileSync(process.argv[1]));
process.stdout.write(String(message.verify(gost89.compat.algos().hash)));
"""
SIGN = """
const jkurwa = require("jkurwa"), gost89 = require("gost89"), fs = require("fs");
const [folder, password, time, detached] = process.argv.slice(1);
const box = new jkurwa.Box({ algo: gost89.compat.algos() });
const read = (name) => fs.readFileSync(`${folder}/${name}`);
box.load({ keyBuffers: [read("key")], certBuffers: [read("cert")], password });
const step = { op: "sign", time: Number(time), detached: detached === "1" };
box.pipe(read("content"), [step], {}).then((data) => fs.writeFileSync(`${folder}/signed`, data));
"""


def node(script: str, *arguments: object) -> str:
    """Run a script with the packages of the signer."""
    done = subprocess.run(["node", "-e", script, *map(str, arguments)], cwd=SIGNER, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_signature_when_made_by_us_then_is_right_for_jkurwa(tmp_path: Path) -> None:
    doctor = doctor_of("dstu-gost")
    data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
    for name, variant, expected in (("right", data, "true"), ("wrong", data.replace(b"1}", b"2}"), "false")):
        (tmp_path / name).write_bytes(variant)
        assert node(VERIFY, tmp_path / name) == expected


@pytest.mark.parametrize("detached", [False, True])
@pytest.mark.parametrize("kind", ["jks", "pkcs8", "iit"])
def test_key_file_when_made_by_us_then_jkurwa_signs_with_it_and_we_verify(
    tmp_path: Path, kind: str, detached: bool
) -> None:
    doctor = doctor_of("dstu-gost")
    password = "password" if kind != "jks" else PASSWORD
    files = {
        "jks": lambda: write_jks(doctor.key, doctor.chain, password),
        "pkcs8": lambda: write_pkcs8(doctor.key, password, gost=True),
        "iit": lambda: iit_container(doctor.key.pkcs8, password),
    }
    (tmp_path / "key").write_bytes(files[kind]())
    (tmp_path / "cert").write_bytes(doctor.certificate.der)
    (tmp_path / "content").write_bytes(CONTENT)
    node(SIGN, tmp_path, password, int(NOW.timestamp()), int(detached))
    signed = (tmp_path / "signed").read_bytes()
    (signer,) = verify(signed, centre("dstu-gost").trust, at=NOW, content=CONTENT if detached else None).signers
    assert (signer.certificate, signer.signed_at) == (doctor.certificate, NOW)
