"""What stands in a key file, as far as it could be read: one broken piece never hides another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..certificate import Certificate
from ..errors import SignatureError, WrongPassword
from ..keys import PrivateKey, read_private_keys
from .passwords import KEY_WORK, TooMuchWork, Work


@dataclass
class Contents:
    """Keys and certificates; how many keys have another password; why other pieces could not be read."""

    keys: list[PrivateKey] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    locked: int = 0
    faults: list[SignatureError] = field(default_factory=list)

    @contextmanager
    def piece(self) -> Iterator[None]:
        """Reads one piece: what is wrong with it is noted and the others are read all the same."""
        try:
            yield
        except TooMuchWork:
            raise
        except WrongPassword:
            self.locked += 1
        except SignatureError as fault:
            self.faults.append(fault)

    def add_key(self, data: bytes, work: Work) -> None:
        """A PrivateKeyInfo in DER: one key, or two."""
        work.spend(KEY_WORK)
        self.keys += read_private_keys(data)

    def add_certificate(self, data: bytes) -> None:
        """A certificate in DER."""
        with self.piece():
            self.certificates.append(Certificate.parse(data))

    def add(self, other: "Contents") -> None:
        """All that stands in another one."""
        self.keys += other.keys
        self.certificates += other.certificates
        self.locked += other.locked
        self.faults += other.faults

    def must_open(self) -> None:
        """`WrongPassword` when no key opens and something is locked, else what is wrong when there is no key at all."""
        if self.keys:
            return
        if self.locked:
            raise WrongPassword("nothing opens with this password")
        if self.faults and not self.certificates:
            raise self.faults[0]
