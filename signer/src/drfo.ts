/** Comparing taxpayer numbers; some people have a passport's series and number there, in either alphabet. */

const CYRILLIC = "АВЕІКМНОРСТХ";
const LATIN = "ABEIKMHOPCTX";

/** Capital Latin letters and digits; Cyrillic letters that look the same become Latin. */
export function normalized(number: string): string {
  const letters = [...number.toUpperCase()].map((letter) => LATIN[CYRILLIC.indexOf(letter)] ?? letter);
  return letters.join("").replace(/[\s-]/g, "");
}

export function isSamePerson(expected: string, found: string): boolean {
  return found !== "" && normalized(expected) === normalized(found);
}
