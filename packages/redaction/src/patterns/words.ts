const lower = 1;
const upper = 2;
const digit = 3;

function kindOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return lower;
  if (unit >= 65 && unit <= 90) return upper;
  return unit >= 48 && unit <= 57 ? digit : 0;
}

/**
 * The words of a name, in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have the same. A word ends where the
 * kind of the characters changes; a capital before small letters begins one, and the last of several does, too.
 */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  let begin = 0;
  let before = 0;
  for (let at = 0; at <= name.length; at += 1) {
    const kind = at < name.length ? kindOf(name.charCodeAt(at)) : 0;
    if (kind === before) continue;
    const goesOn = before === upper && kind === lower;
    const cut = goesOn ? at - 1 : at;
    if (before !== 0 && cut > begin) words.push(name.slice(begin, cut).toLowerCase());
    begin = goesOn ? at - 1 : at;
    before = kind;
  }
  return words;
}
