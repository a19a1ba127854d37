/** Comparing taxpayer numbers; some people have a passport's series and number there, in either alphabet. */

// The same comparison as `kernel/spelling.py`; test/numbers.json is compared by both.
const LATIN = "ABCEHIKMOPTXY";
const CYRILLIC = "АВСЕНІКМОРТХУ";

/** Capital letters and digits; Latin letters that look like Cyrillic ones become Cyrillic. */
function plain(number: string): string {
  const capitals = [...number.replace(/№/g, "").normalize("NFKC").toUpperCase()];
  const letters = capitals.map((letter) => CYRILLIC[LATIN.indexOf(letter)] ?? letter);
  return letters.join("").replace(/[^0-9A-ZЀ-ЯҐ]/g, "");
}

export function isSamePerson(expected: string, found: string): boolean {
  const one = plain(expected);
  return one !== "" && one === plain(found);
}
