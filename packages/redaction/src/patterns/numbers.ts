import { luhn } from "./checksums.ts";
import { beginOf, endOf, hit, isDigit, leaveOpen, type Scan, spend, unitAt } from "./scan.ts";

/** Beginnings and lengths of the card networks' numbers (ISO/IEC 7812, network rules). */
const card =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}(?:\d\d)?|62\d{14,17}|(?:5[06-8]|6[37])\d{10,17})$/;

/** Countries and the lengths of their account numbers (IBAN registry, SWIFT). */
const ibanLengths = new Map(
  (
    "AD24 AE23 AL28 AO25 AT20 AX18 AZ28 BA20 BE16 BF28 BG22 BH22 BI27 BJ28 BL27 BR29 BY28 CF27 CG27 CH21 CI28 " +
    "CM27 CR22 CV25 CY28 CZ24 DE22 DJ27 DK18 DO28 DZ26 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GA27 GB22 GE22 GF27 " +
    "GI23 GL18 GP27 GQ27 GR27 GT28 GW25 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KM27 KW30 KZ20 LB28 " +
    "LC32 LI21 LT20 LU20 LV21 LY25 MA28 MC27 MD24 ME22 MF27 MG27 MK19 ML28 MN20 MQ27 MR27 MT31 MU30 MZ25 NC27 " +
    "NE28 NI28 NL18 NO15 OM23 PF27 PK24 PL28 PM27 PS29 PT25 QA29 RE27 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 " +
    "SK24 SM27 SN28 SO23 ST25 SV28 TD27 TF27 TG28 TL23 TN24 TR26 UA29 VA22 VG24 WF27 XK20 YE30 YT27"
  )
    .split(" ")
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const longestNumber = 19;

/** The digits from `begin` on, in groups that single blanks or dashes part. */
function digitsFrom(scan: Scan, begin: number): { digits: string; end: number } {
  let digits = "";
  let end = begin;
  for (let at = begin; at < scan.length && digits.length <= longestNumber; at += 1) {
    const unit = unitAt(scan, at);
    if (isDigit(unit)) {
      digits += String.fromCharCode(unit);
      end = at + 1;
    } else if ((unit !== 32 && unit !== 45) || at !== end) break;
    if (at + 1 === scan.length) leaveOpen(scan, begin);
  }
  return { digits, end };
}

/** Called at the first group of a number. A group that follows another one belongs to that number. */
export function findCard(scan: Scan, token: number): void {
  const begin = beginOf(scan, token);
  if (token > 0 && begin - endOf(scan, token - 1) === 1) {
    const before = unitAt(scan, begin - 2);
    if (isDigit(before)) return;
  }
  const { digits, end } = digitsFrom(scan, begin);
  spend(scan, end - begin);
  for (const until of endsOfGroups(scan, begin, end, digits.length)) {
    const number = scan.text.slice(begin, until).replace(/[ -]/g, "");
    if (card.test(number) && luhn(number) && new Set(number).size > 1) {
      hit(scan, begin, until, "payment-card");
      return;
    }
  }
}

/** The whole run first, then each shorter run that ends with a group: an expiry date may follow the number. */
function endsOfGroups(scan: Scan, begin: number, end: number, count: number): number[] {
  const ends = count <= longestNumber ? [end] : [];
  for (let at = end - 1; at > begin + 11; at -= 1)
    if (!isDigit(unitAt(scan, at)) && isDigit(unitAt(scan, at - 1))) ends.push(at);
  return ends;
}

/** ISO 7064: a number of letters and digits, its first four behind the others, is 1 modulo 97. */
function mod97(iban: string): boolean {
  let rest = 0;
  for (let at = 0; at < iban.length; at += 1) {
    const unit = iban.charCodeAt((at + 4) % iban.length);
    rest = isDigit(unit) ? (rest * 10 + unit - 48) % 97 : (rest * 100 + unit - 55) % 97;
  }
  return rest === 1;
}

/** ISO 13616: country, check digits, account, whole or in groups of four. */
export function findIban(scan: Scan, token: number): void {
  const begin = beginOf(scan, token);
  const country = scan.text.slice(begin, begin + 2);
  const length = ibanLengths.get(country);
  if (!length) return;
  let compact = "";
  let at = begin;
  for (; at < scan.length && compact.length < length; at += 1) {
    const unit = unitAt(scan, at);
    if (unit === 32 && compact.length % 4 === 0) continue;
    if (!isDigit(unit) && !(unit >= 65 && unit <= 90)) break;
    compact += String.fromCharCode(unit);
  }
  if (at === scan.length) leaveOpen(scan, begin);
  if (compact.length === length && mod97(compact)) hit(scan, begin, at, "iban");
}
