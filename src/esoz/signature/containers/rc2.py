"""RC2 (RFC 2268), decrypting only: the default cipher of key files of the nineties, which programs still write."""

from struct import pack, unpack

# PITABLE of the standard: the bytes from 0 to 255 in an order taken from the digits of pi.
_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)
_BLOCK = 8
_TURNS = (1, 2, 3, 5)
_ROUNDS_BEFORE_MASH = (5, 6, 5)
_WORD = 0xFFFF


def decrypt_cbc(key: bytes, bits: int, iv: bytes, data: bytes) -> bytes:
    """CBC without removing the padding; `bits` is the effective length of the key."""
    words, out, before = _expanded(key, bits), bytearray(), iv
    for at in range(0, len(data), _BLOCK):
        block = data[at : at + _BLOCK]
        out += bytes(x ^ y for x, y in zip(_decrypted(words, block), before, strict=True))
        before = block
    return bytes(out)


def _expanded(key: bytes, bits: int) -> tuple[int, ...]:
    """64 words of the key (RFC 2268, 2)."""
    size, whole = len(key), (bits + 7) // 8
    table = bytearray(key) + bytearray(128 - size)
    for i in range(size, 128):
        table[i] = _PI[(table[i - 1] + table[i - size]) & 0xFF]
    table[128 - whole] = _PI[table[128 - whole] & (0xFF >> (8 * whole - bits))]
    for i in range(127 - whole, -1, -1):
        table[i] = _PI[table[i + 1] ^ table[i + whole]]
    return unpack("<64H", bytes(table))


def _decrypted(words: tuple[int, ...], block: bytes) -> bytes:
    """One block (RFC 2268, 4)."""
    r = list(unpack("<4H", block))
    place = 63
    for mash, rounds in enumerate(_ROUNDS_BEFORE_MASH):
        for i in (3, 2, 1, 0) if mash else ():
            r[i] = r[i] - words[r[i - 1] & 63] & _WORD
        for _ in range(rounds):
            for i in (3, 2, 1, 0):
                turned = (r[i] >> _TURNS[i] | r[i] << 16 - _TURNS[i]) & _WORD
                mixed = (r[i - 1] & r[i - 2]) + (~r[i - 1] & r[i - 3])
                r[i] = turned - words[place] - mixed & _WORD
                place -= 1
    return pack("<4H", *r)
