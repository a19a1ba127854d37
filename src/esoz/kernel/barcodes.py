"""Bars and squares that scanners read: CODE128 and QR, as SVG."""

import io
import re
from urllib.parse import quote

import segno

# CODE128 (ISO/IEC 15417): widths of bars and spaces of each symbol, then of the stop.
WIDTHS = re.findall(
    r"\d{6}",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 ",
)
STOP = "2331112"
START_B, MODULUS, QUIET = 104, 103, 10
IN_BARS = re.compile(r"[ -~]+")


def barcode(text: str) -> str:
    """CODE128 of a text of printable ASCII (set B) as SVG; raise ValueError for anything else."""
    if not IN_BARS.fullmatch(text):
        raise ValueError("CODE128 set B takes printable ASCII only")
    values = [START_B, *(ord(letter) - ord(" ") for letter in text)]
    check = sum(value * max(place, 1) for place, value in enumerate(values)) % MODULUS
    widths = "".join(WIDTHS[value] for value in [*values, check]) + STOP
    bars, at = [], QUIET
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            bars.append(f'<rect x="{at}" width="{width}" height="40"/>')
        at += width
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at + QUIET} 40">{"".join(bars)}</svg>'


def qr_code(text: str) -> str:
    """A QR of a text as SVG, with the quiet zone of two modules that paper needs."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def picture(svg: str) -> str:
    """An SVG as an address that a page shows it by, without a second request."""
    return f"data:image/svg+xml;charset=utf-8,{quote(svg)}"
