/** Code units that nobody sees: joiners, marks, variation selectors, fillers, direction and zero bytes. */
const alone: Uint8Array = Uint8Array.from({ length: 0x10000 }, (_, unit) => {
  if (unit >= 0xd800 && unit <= 0xdfff) return 0;
  return unit === 0 || /[\p{Cf}\p{M}\u115f\u1160\u17b4\u17b5\u3164\uffa0]/u.test(String.fromCharCode(unit)) ? 1 : 0;
});
/** The first half of all tags and of the other variation selectors, and of nothing else. */
const tags = 0xdb40;

export function isInvisible(units: Uint16Array, at: number): boolean {
  const unit = units[at] ?? 1;
  if (alone[unit] === 1 || unit === tags) return true;
  return unit >= 0xdc00 && unit <= 0xdfff && units[at - 1] === tags;
}
