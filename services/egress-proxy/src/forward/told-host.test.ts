import { createRedactor } from "@berth/redaction";
import { describe, expect, it } from "vitest";
import { destinationOf } from "./destination.ts";
import { createHostTeller } from "./told-host.ts";

const secrets = [{ name: "key", value: "MyS3cretOfTheVault" }];
const teller = createHostTeller(secrets, createRedactor(secrets));
const told = (asked: string) => teller.tell(asked, destinationOf(asked, 443));

describe("a refused host as it is told", () => {
  it.each([
    ["example.net", "example.net"],
    ["WWW.Example.NET.:443", "*.example.net"],
    ["a.b.example.co.uk", "*.example.co.uk"],
    ["localhost:8080", "localhost"],
    ["203.0.113.7:22", "203.0.113.7"],
    ["[2001:db8::1234]:443", "(an IPv6 address)"],
    ["6d7953336372657476616c7565.example.net", "*.example.net"],
    ["6d7953336372657476616c75656d.net", "….net"],
    ["MyS3cretOfTheVault.example.net", "(a name with a secret in it)"],
    ["mys3cretofthevault.net", "(a name with a secret in it)"],
    ["x.secretofthevault.net", "(a name with a secret in it)"],
    ["user@example.net", "(unreadable)"],
  ])("%s is told as %s", (asked, expected) => {
    expect(told(asked)).toBe(expected);
  });

  it("never exceeds what the Hub takes", () => {
    const long = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(24)}.${"d".repeat(24)}`;
    expect(told(long).length).toBeLessThanOrEqual(80);
  });
});
