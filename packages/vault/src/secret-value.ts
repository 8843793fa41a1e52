import { fail } from "@berth/platform";

const minLength = 8;
const maxLength = 16_384;
const minDistinct = 4;

/**
 * Throws `invalid_input` with the reason if a value cannot be guarded: the redactor replaces every occurrence, so a short
 * or monotonous value would tear holes into ordinary text. The value is never repeated in the reason.
 */
export function checkSecretValue(name: string, value: string): void {
  const refuse = (reason: string) => fail("invalid_input", `The secret "${name}" was not stored: ${reason}`);
  if (value.length < minLength) refuse(`its value is shorter than ${minLength} characters.`);
  if (value.length > maxLength) refuse(`its value is longer than ${maxLength} characters.`);
  if (new Set(value).size < minDistinct) refuse(`its value repeats fewer than ${minDistinct} different characters.`);
  if (value.includes("\0")) refuse("its value holds a NUL character, which no program can be given.");
}
