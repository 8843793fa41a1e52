import { confusablesMap } from "confusables";
import { type Carrier, type Dice, pick } from "./carrier.ts";

type Disguise = (carrier: Carrier, dice: Dice) => Carrier;

/** Puts something between atoms, seldom or often. */
function insert(carrier: Carrier, dice: Dice, make: () => string): Carrier {
  const rarity = pick(dice, [1, 2, 5, 12]);
  return carrier.flatMap((atom, index): Carrier => {
    if (index === 0 || dice(rarity) !== 0) return [atom];
    return [{ text: make(), marks: [] }, atom];
  });
}

const inserted =
  (make: (dice: Dice) => string): Disguise =>
  (carrier, dice) =>
    insert(carrier, dice, () => make(dice));

const wrapped =
  (width: number, lineBreak: string): Disguise =>
  (carrier) => {
    let column = 0;
    return carrier.flatMap((atom): Carrier => {
      column += atom.text.length;
      if (column <= width) return [atom];
      column = atom.text.length;
      return [{ text: lineBreak, marks: [] }, atom];
    });
  };

/** One character for another, where the atom is one. */
const replaced =
  (replace: (char: string, dice: Dice) => string | undefined): Disguise =>
  (carrier, dice) =>
    carrier.map((atom) => ({ text: replace(atom.text, dice) ?? atom.text, marks: atom.marks }));

const styles = [0x1d400, 0x1d434, 0x1d468, 0x1d4d0, 0x1d5a0, 0x1d5d4, 0x1d608, 0x1d63c, 0x1d670];

function styled(char: string, dice: Dice): string | undefined {
  const code = char.codePointAt(0) ?? 0;
  const base = pick(dice, styles);
  if (/^[A-Z]$/.test(char)) return String.fromCodePoint(base + code - 0x41);
  if (/^[a-z]$/.test(char)) {
    const out = String.fromCodePoint(base + 26 + code - 0x61);
    return out.normalize("NFKC") === char ? out : undefined;
  }
  return /^[0-9]$/.test(char) ? String.fromCodePoint(0x1d7ce + 10 * dice(5) + code - 0x30) : undefined;
}

/** Letters of other scripts that are drawn like Latin ones (UTS 39), the common ones. */
const lookAlikes = new Map<string, string[]>();
for (const [char, latin] of confusablesMap) {
  if (
    /^[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]$/u.test(char) &&
    /^[A-Za-z]$/.test(latin)
  ) {
    lookAlikes.set(latin, [...(lookAlikes.get(latin) ?? []), char]);
  }
}

export const disguises: Record<string, Disguise> = {
  "zero width": inserted((dice) =>
    pick(dice, ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200b\u200b\u200c"]),
  ),
  "soft hyphen": inserted(() => "\u00ad"),
  "variation selector": inserted((dice) => pick(dice, ["\ufe0f", "\ufe00", "\u{e0100}"])),
  "combining mark": inserted((dice) => pick(dice, ["\u0301", "\u0336", "\u20dd", "\u034f"])),
  "combining mark behind the last": (carrier) => [...carrier, { text: "\u0301", marks: [] }],
  tags: inserted((dice) => String.fromCodePoint(0xe0000 + dice(128)).repeat(1 + dice(3))),
  bidi: inserted((dice) =>
    pick(dice, ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069", "\u200e"]),
  ),
  "full width": replaced((char) =>
    /^[!-~]$/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : undefined,
  ),
  styled: replaced(styled),
  homoglyph: replaced((char, dice) => {
    const alike = lookAlikes.get(char);
    return alike && dice(3) !== 0 ? pick(dice, alike) : undefined;
  }),
  "terminal colours": inserted((dice) =>
    pick(dice, ["\x1b[31m", "\x1b[0m", "\x1b[1;38;5;200m", "\x1b[K", "\x1b]0;x\x07"]),
  ),
  "wrapped at 64": wrapped(64, "\n"),
  "wrapped at 76": wrapped(76, "\r\n"),
  "wrapped and indented": wrapped(20, "\n        "),
  "yaml folded": inserted(() => "\\\n    "),
  "shell quotes": inserted((dice) => pick(dice, ["''", '""', "'\"\"'"])),
  "shell line": inserted(() => "\\\n"),
  "joined strings": inserted((dice) => pick(dice, ['" + "', "' + '", '" "', "` + `"])),
  "joined by dots": inserted((dice) => pick(dice, ['" . "', '" ..\n   "'])),
  spaced: inserted(() => " "),
};
