"""The hash DSTU 7564:2014 "Kupyna" of 256, 384 and 512 bits, mandatory for Ukrainian certificates since 2026."""

from functools import cache, lru_cache
from struct import Struct, pack
from types import ModuleType

from ._accelerator import native_if

# DSTU 7564:2014, annex: the four substitutions; row i of the state uses number i mod 4.
_SUBSTITUTIONS = (
    bytes.fromhex(
        "a8435f066b756c5971df879517f0d8096df31dcbc94d2caf79e097fd6f4b45393edda34fb4b69a0e1fbf15e149d293c692729e61"
        "d163faeef419d5ad58a4bba1dcf2833742e47a329cccab4a8f6e04272ee7e25a9616232bc265660fbca947413448fcb76a88a553"
        "86f95bdb387bc31e2233242836c7b23b8e77baf5149f08559b4cfe605cda1846cd7d21b03f1b89ffeb84693a9dd7d3706740b5de"
        "5d3091b1781101e5006898a0c502a6742d0ba276b3becebdaee98a311cecf19994aaf6262fefe88c3503d47ffb05c15e90203d82"
        "f7ea0a0d7ef8501ac40757b83c62e3c8ac526410d0d9130c122951b9cfd6738d8154c0ed4e44a72a8525e6ca7c8b5680"
    ),
    bytes.fromhex(
        "cebbeb92eacb13c1e93ad6b2d29017f8421556b4651c8843c55c36baf557678d31f664589ef422aa750f02b1df6d734d7c262ef7"
        "085d443e9f14c8ae5410d8bc1a6b69f3bd33abfad19b684e169591ee4c638e5bcc3c19a181497bd96f3760cae72b48fd9645fc41"
        "120d79e5898ce32030dcb76c4ab53f97d4622d06a4a5835f2adac9007ea255bf11d59ccf0e0a3d517d931bfec44709860b8f9d6a"
        "07b9b0981832714bef3b70a0e440ffc3a9e678f98b46801e38e1b8a8e00c23761d252405f16e94289a84e8a34f77d385e252f282"
        "507a2f7453b361af3935decd1f99acad722cddd087be5ea6ec04c60334fbdb59b6c201f05aeda766217f8a27c7c029d7"
    ),
    bytes.fromhex(
        "93d99ab5982245fcba6adf029fdc51594a172bc294f4bba362e471d4cd7016e1493cc0d85c9bad8553a17ac82de0d172a62cc4e3"
        "7678b7b4093b0e414cdeb29025a5d7031100c32e92ef4e129d7dcb3510d54f9e4da955c6d07b1897d336e64856818f77cc9cb9e2"
        "acb82f15a47cda381e0b05d6146e6c7e66fdb1e560af5e3387c9f05d6d3f888dc7f71de9eced802927cf99a8500f3724283095d2"
        "3e5b4083b369571f071c8abc20ebce8eabee31a273f9ca3a1afb0dc1fefaf26fbd96dd4352b608f3aebe19893226b0ea4b648482"
        "6bf579bf015f75631b233d682a65e891f6ff1358f1470a7fc5a7e7615a0646444204a0db398654aa8c34218bf80c7467"
    ),
    bytes.fromhex(
        "688dca4d734b4e2ad45226b3541e191f2203463d2d4a5383138ab7d52579f5bd582f0d02ed519e11f23e555ed1163c66705df345"
        "40cce8945608ce1a3ad2e1dfb5386e0ee5f4f986e94fd68523cf32993114aeeec848d330a19241b118c42c71724415fd37be5faa"
        "9b88d8ab899cfa60eabc620c24a6a8ec6720db7c28ddac5b347e10f17b8f63a0059a437721bf2709c39fb6d729c2ebc0a48b8c1d"
        "fbffc1b2972ef865f67507044933e4d9b9d042c76c90008e6f5001c5da473fcd69a2e27aa7c6930f0a06e62b96a31caf6a128439"
        "e7b082f7fe9d875c8135deb4a5fc80efcbbb6b76ba5a7d780b95e3ad74983b36646ddcf059a94c177f91b8c9571be061"
    ),
)
# The first row of the circulant matrix over GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
_MATRIX = (1, 1, 5, 1, 8, 6, 7, 4)
_POLYNOMIAL = 0x11D
# What x^8 is modulo the polynomial: a byte whose highest bit leaves it when doubled.
_CARRY = 0x1D
_64 = (1 << 64) - 1


class Kupyna:
    """One state size: 8 columns for digests of up to 256 bits, 16 columns above.

    The permutations T⊕ and T+ run together in one integer: 16 bytes for each column, in turn one of T⊕ and one of T+.
    The low eight bytes are the column; the high ones are free for carries, and for a copy of the column, so that a
    shift of the integer turns all columns.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.size = 8 * columns
        rounds = range(10 if columns == 8 else 14)
        lanes = range(2 * columns)
        # A state as whole words, and with the places of T+ and of the copies left free.
        self._narrow, self._wide = Struct(f"<{columns}Q"), Struct("<" + "Q24x" * columns)
        self._constants = [(self._for_xor(number), self._for_addition(number)) for number in rounds]
        self._columns = sum(_64 << 128 * lane for lane in lanes)
        self._first = sum(_64 << 256 * column for column in range(columns))
        self._lowest_bits = int.from_bytes(b"\1" * 16 * len(lanes), "little")
        # The last row of the large state is shifted by 11 (DSTU 7564:2014, 6.4).
        shifts = (0, 1, 2, 3, 4, 5, 6, 7 if columns == 8 else 11)
        self._rows = [self._row(row, shift) for row, shift in enumerate(shifts)]

    def _for_xor(self, number: int) -> int:
        return sum((column << 4 ^ number) << 256 * column for column in range(self.columns))

    def _for_addition(self, number: int) -> int:
        total = 0
        for column in range(self.columns):
            constant = 0x00F0F0F0F0F0F0F3 + ((((self.columns - 1 - column) << 4) ^ number) << 56)
            total |= constant << 256 * column + 128
        return total

    def _row(self, row: int, shift: int) -> tuple[slice, slice, bytes]:
        """Where a row stands, where it stood before its shift when the state is written twice, its substitution."""
        lanes = 2 * self.columns
        start = row + 16 * ((lanes - 2 * shift) % lanes)
        return slice(row, None, 16), slice(start, start + 16 * lanes, 16), _SUBSTITUTIONS[row % 4]

    def digest(self, message: bytes, bits: int) -> bytes:
        """The last `bits` of the final state."""
        if _NATIVE is not None:
            return bytes(_NATIVE.kupyna(message, self.columns, _packed_tables())[-bits // 8 :])
        size = self.size
        tail = b"\x80" + bytes(-(len(message) + 13) % size) + (8 * len(message)).to_bytes(12, "little")
        whole = len(message) - len(message) % size
        state = size
        for data in (message[:whole], message[whole:] + tail):
            for words in self._narrow.iter_unpack(data):
                block = int.from_bytes(self._wide.pack(*words), "little")
                both = self._permute(state ^ block | block << 128)
                state ^= (both ^ both >> 128) & self._first
        state ^= self._permute(state) & self._first
        words = self._wide.unpack(state.to_bytes(4 * size, "little"))
        return self._narrow.pack(*words)[-bits // 8 :]

    def _permute(self, state: int) -> int:
        """Both permutations: T⊕ of the even places, T+ of the odd ones."""
        size, columns = 4 * self.size, self._columns
        lowest, others = self._lowest_bits, 127 * self._lowest_bits
        for for_xor, for_addition in self._constants:
            data = 2 * ((state ^ for_xor) + for_addition).to_bytes(size, "little")
            out = bytearray(size)
            for place, before, substitution in self._rows:
                out[place] = data[before].translate(substitution)
            # Byte i of a mixed column is the sum of c · byte i + k, where c runs through 1 1 5 1 8 6 7 4: those with
            # 8 in c, doubled, those with 4, doubled, those with 2, doubled, and those with 1.
            d = int.from_bytes(out, "little")
            d |= d << 64
            d5, d6 = d >> 40, d >> 48
            d26 = d >> 16 ^ d6
            state = d >> 32
            state = (state & others) << 1 ^ (state >> 7 & lowest) * _CARRY ^ d26 ^ d5 ^ d >> 56
            state = (state & others) << 1 ^ (state >> 7 & lowest) * _CARRY ^ d5 ^ d6
            state = (state & others) << 1 ^ (state >> 7 & lowest) * _CARRY ^ d26 ^ d ^ d >> 8 ^ d >> 24
            state &= columns
        return state


@cache
def _packed_tables() -> bytes:
    """For the C code: for each row and byte the substitution times the matrix."""
    return b"".join(pack("<256Q", *_mixed_columns(row)) for row in range(8))


def _mixed_columns(row: int) -> list[int]:
    """What every byte standing in this row gives to its column: the substitution times the matrix."""
    out = []
    for value in _SUBSTITUTIONS[row % 4]:
        column = 0
        for target in range(8):
            column |= _times(_MATRIX[(row - target) % 8], value) << 8 * target
        out.append(column)
    return out


def _times(a: int, b: int) -> int:
    """The product in GF(2^8)."""
    result = 0
    while a:
        if a & 1:
            result ^= b
        b <<= 1
        if b >> 8:
            b ^= _POLYNOMIAL
        a >>= 1
    return result


@lru_cache(maxsize=2)
def _engine(columns: int) -> Kupyna:
    return Kupyna(columns)


def digest(message: bytes, bits: int) -> bytes:
    """Kupyna-256, Kupyna-384 or Kupyna-512 of a message."""
    return _engine(8 if bits <= 256 else 16).digest(message, bits)


def _compare(native: ModuleType) -> bool:
    """The C code against the Python code for both sizes of the state."""
    message = bytes(range(200))
    return all(
        native.kupyna(message, columns, _packed_tables())[4 * columns :] == digest(message, 32 * columns)
        for columns in (8, 16)
    )


_NATIVE: ModuleType | None = None
_NATIVE = native_if(_compare)
