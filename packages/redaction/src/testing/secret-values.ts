import fc from "fast-check";

const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const of = (unit: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(unit)), minLength, maxLength });
const words = ["correct", "horse", "battery", "staple", "Sommer", "winter", "secret", "admin", "Berlin", "pass"];

/** As the vault asks for: at least eight characters, and more than a handful of different ones. */
const isAccepted = (value: string): boolean =>
  value.trim() === value && Array.from(value).length >= 8 && new Set(value).size >= 5;

/** Secrets such as customers have: keys, passwords with signs, pass phrases, other scripts, numbers, PEM. */
export const secretValue: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: of(alnum, 8, 64) },
    { weight: 3, arbitrary: of(`${alnum}-_`, 16, 48) },
    { weight: 4, arbitrary: of(`${alnum}!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~ `, 8, 40) },
    {
      weight: 2,
      arbitrary: fc.array(fc.constantFrom(...words), { minLength: 3, maxLength: 6 }).map((all) => all.join("-")),
    },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...words), { minLength: 3, maxLength: 6 }).map((all) => all.join(" ")),
    },
    { weight: 2, arbitrary: of(`${alnum}äöüßéñçøåÄÖÜ`, 8, 32) },
    { weight: 1, arbitrary: of("абвгдежзиклмнопрстуфхцчшы0123456789", 8, 24) },
    { weight: 1, arbitrary: of("密码安全服务器数据库用户abc123", 8, 20) },
    { weight: 1, arbitrary: of("😀🔑🔥🚀abcdefgh1234", 12, 24) },
    { weight: 2, arbitrary: of("0123456789", 8, 24) },
    { weight: 2, arbitrary: of("0123456789abcdef", 16, 64) },
    { weight: 1, arbitrary: of(`${alnum}+/`, 24, 88).map((value) => `${value}==`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          of(alnum, 4, 12),
          fc.constantFrom("%41", "\\n", "&amp;", "\\u0041", "=3D", "%2F", "\\\\"),
          of(alnum, 4, 12),
        )
        .map((all) => all.join("")),
    },
    { weight: 1, arbitrary: of("!$%&/()=?*#<>|^~.,;:-_@", 10, 24) },
    {
      weight: 1,
      arbitrary: of(`${alnum}+/`, 128, 400).map(
        (body) => `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----`,
      ),
    },
  )
  .filter(isAccepted);
