import { expect, test } from "vitest";
import { debianSources } from "./debian-sources.ts";

const deb822 = `Types: deb
URIs: http://mirror.test/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.test/debian-security
Suites: trixie-security
Components: main
`;

test("takes the archive that the machine itself uses, whatever its suite", () => {
  expect(debianSources({ "/etc/apt/sources.list.d/debian.sources": deb822 }, "bookworm")).toEqual([
    "deb http://mirror.test/debian bookworm main",
    "deb http://mirror.test/debian bookworm-updates main",
    "deb http://mirror.test/debian-security bookworm-security main",
  ]);
});

test("reads one-line entries with options and skips foreign archives and comments", () => {
  const list = `# deb http://old.test/debian bookworm main
deb https://packages.other.test/apt cloud main
deb [arch=amd64 signed-by=/k.gpg] https://m.test/debian/ bookworm main contrib
deb-src https://m.test/debian bookworm main
`;
  expect(debianSources({ "/etc/apt/sources.list": list }, "bookworm")).toEqual([
    "deb https://m.test/debian bookworm main",
    "deb https://m.test/debian bookworm-updates main",
    "deb https://m.test/debian-security bookworm-security main",
  ]);
});

test("a disabled source is not used, and without any archive the error says what to set", () => {
  const off = deb822.replace(
    "Types: deb\nURIs: http://mirror.test/debian\n",
    "Types: deb\nEnabled: no\nURIs: http://mirror.test/debian\n",
  );
  expect(() => debianSources({ "a.sources": off }, "bookworm")).toThrow(/LAB_DEBIAN_MIRROR/);
});

test("a mirror that was named wins", () => {
  expect(debianSources({ "a.sources": deb822 }, "bookworm", "http://own.test/debian/")).toEqual([
    "deb http://own.test/debian bookworm main",
    "deb http://own.test/debian bookworm-updates main",
    "deb http://own.test/debian-security bookworm-security main",
  ]);
});
