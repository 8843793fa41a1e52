import { fail } from "@berth/platform";

const minLength = 8;
const maxLength = 16_384;
const minDistinct = 4;
const maxUnit = 4;

/**
 * Throws `invalid_input` with the reason if a value cannot be guarded: the redactor replaces every occurrence, so a short
 * or monotonous value would tear holes into ordinary text. The value is never repeated in the reason.
 */
export function checkSecretValue(name: string, value: string): void {
  const reason = reasonAgainst(value);
  if (reason !== null) fail("invalid_input", `The secret "${name}" was not stored: its value ${reason}.`);
}

function reasonAgainst(value: string): string | null {
  const characters = [...value];
  if (characters.length < minLength) return `is shorter than ${minLength} characters`;
  if (value.length > maxLength) return `is longer than ${maxLength} characters`;
  if (new Set(characters).size < minDistinct) return `repeats fewer than ${minDistinct} different characters`;
  if (repeatsUnit(characters)) return `is the same ${maxUnit} or fewer characters again and again`;
  if (isRun(characters)) return "is a plain run of neighbouring characters, which stands in ordinary text";
  if (value.includes("\0")) return "holds a NUL character, which no program can be given";
  if (!value.isWellFormed()) return "is not valid Unicode";
  return null;
}

/** `abcdabcd`, `12341234`, also with a part of the unit at the end. */
const repeatsUnit = (characters: string[]): boolean =>
  Array.from({ length: maxUnit }, (_, index) => index + 1).some((unit) =>
    characters.every((character, at) => character === characters[at % unit]),
  );

/** `12345678`, `zyxwvuts`, `1234567890`: each character is the one after or before the last, 0 after 9. */
const isRun = (characters: string[]): boolean =>
  [1, -1].some((step) =>
    characters.every((character, at) => {
      const before = characters[at - 1];
      if (before === undefined) return true;
      const wraps = step === 1 ? before === "9" && character === "0" : before === "0" && character === "9";
      return wraps || (character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0) === step;
    }),
  );
