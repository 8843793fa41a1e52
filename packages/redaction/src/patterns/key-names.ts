import { wordsOf } from "./words.ts";

/** How sure a name is about its value. */
export type KeyKind = "password" | "secret" | "token" | "weak" | "header" | "cookie";

/** Three letters of each word below, by which a name that holds none of them is known without a look at its words. */
const roots =
  "key pas pwd sec tok aut cre sig coo dsn jwt psw bea sen nnw lav lic ses tde htw loz slo sid sas pat tic".split(" ");
const holdsRoot = new Uint8Array(1 << 15);
for (const root of roots) {
  const [first = 0, second = 0, third = 0] = [...root].map((letter) => letter.charCodeAt(0) & 31);
  holdsRoot[(first << 10) | (second << 5) | third] = 1;
}

/** Whether the units may be the name of a secret: they hold one of the roots, in either case. Looks at 40 units at most. */
export function mayBeKey(units: Uint16Array, begin: number, end: number): boolean {
  let three = 0;
  for (let at = Math.max(begin, end - 40); at < end; at += 1) {
    three = ((three << 5) | ((units[at] as number) & 31)) & 0x7fff;
    if (holdsRoot[three] === 1) return true;
  }
  return false;
}

const set = (words: string): Set<string> => new Set(words.split(" "));

const passwordWords = set(
  "password passwd passphrase passwort kennwort passcode pwd pswd psw senha contrasena clave wachtwoord motdepasse " +
    "parola haslo lozinka requirepass masterauth sshpass userpass dbpass passwrd keypass storepass",
);
const secretWords = set(
  "secret secrets tokenauth secretkey apikey apitoken authtoken accesstoken secrettoken clientsecret appsecret privatekey accesskey " +
    "authkey accountkey masterkey encryptionkey signingkey sharedkey apisecret consumersecret consumerkey sharedaccesskey " +
    "servicekey licensekey licencekey webhooksecret refreshtoken bearertoken bottoken hmackey sessionsecret jwtsecret keystring",
);
const tokenWords = set("pass token jwt bearer pat authtok ticket");
const weakWords = set("key auth credential credentials cred creds sig cookie session sid sessionid dsn sas");
/** `key` after one of these is the key of an account, not of a map or a keyboard. */
const keyOwners = set(
  "api secret private access account auth authentication authorization encryption encrypt signing sign master service " +
    "subscription license licence storage application consumer client shared session admin write read ingest ingestion " +
    "integration webhook hmac aes deploy ssh instrumentation functions function developer dev rest server security " +
    "live production sandbox personal user partner merchant gateway channel bot app vault root wireguard preshared psk ws " +
    "passwd password pw data",
);
/** `pass` after one of these is a password, not what is done twice. */
const passOwners = set(
  "db database user smtp mail email ftp mysql pg redis admin root login auth my imap ldap proxy sudo web app wifi",
);
/** A name that ends so speaks about a secret without holding it. */
const aboutWords = set(
  "id ids name names type types url uri path file filename field label length len size count hint policy expires expiry " +
    "expiration ttl format prefix suffix ref reference env var variable class min max required enabled disabled at on " +
    "provider source store manager handler helper callback validator schema input output form page view route event status " +
    "state mode usage limit budget error message algorithm alg kind scope scopes method endpoint issuer audience header " +
    "headers index map list set code codes bytes column table model text title description placeholder generator rotation " +
    "public pub iterations rounds cost strength version date time timestamp created updated verified is has reset changed",
);
const publicOwners = set(
  "public pub publishable primary foreign sort partition cache map object group row query context i18n",
);
/** What may follow the word that counts. */
const trailing = set(
  "prod production dev development test staging stage live sandbox base value val new old current default primary secondary " +
    "main b64 base64 hex raw plain plaintext string str here is v data1 salt",
);

const joinedEnds = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "apikey",
  "secretkey",
  "privatekey",
  "accesskey",
  "token",
];

function kindOfWord(word: string, before: string | undefined): KeyKind | null {
  const joined = before === undefined ? "" : `${before}${word}`;
  if (word === "authorization" || joined === "proxyauthorization") return "header";
  if (word === "cookie" || word === "cookies") return "cookie";
  if (passwordWords.has(word) || passwordWords.has(joined)) return "password";
  if (word === "pass" && before !== undefined) return passOwners.has(before) ? "password" : null;
  if (word === "key") {
    if (before !== undefined && publicOwners.has(before)) return null;
    return before !== undefined && keyOwners.has(before) ? "secret" : "weak";
  }
  if (secretWords.has(word) || secretWords.has(joined)) return "secret";
  if (tokenWords.has(word)) return "token";
  if (weakWords.has(word)) return "weak";
  const end = joinedEnds.find((end) => word.endsWith(end) && word.length > end.length);
  if (end === undefined)
    return word.endsWith("key") && word.length > 3 && !publicOwners.has(word.slice(0, -3)) ? "weak" : null;
  return end.startsWith("pass") ? "password" : end === "token" ? "token" : "secret";
}

/**
 * What a name says about its value: `DB_PASSWORD`, `stripe.secretKey`, `apikey_prod`; null for `tokenCount`, `keyboard`.
 * `name` may hold the words before the last one, too ("Secret access key").
 */
/** Words that announce a password even where nothing but a blank follows: `.netrc`, `redis.conf`, commands, sentences. */
export const announcesPassword = (word: string): boolean => passwordWords.has(word.toLowerCase());

export function kindOfKey(name: string): KeyKind | null {
  const words = wordsOf(name);
  let last = words.length - 1;
  while (last > 0 && (trailing.has(words[last] as string) || /^[0-9]/.test(words[last] as string))) last -= 1;
  const word = words[last];
  if (word === undefined || aboutWords.has(word)) return word === "data" && words[last - 1] === "key" ? "secret" : null;
  return kindOfWord(word, words[last - 1]);
}
