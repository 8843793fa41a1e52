import { HostRule } from "@berth/contracts";
import { describe, expect, it } from "vitest";
import { isForbiddenAddress, isPublicAddress } from "./addresses.ts";
import { createAllowList } from "./allow-list.ts";
import { destinationOf } from "./destination.ts";
import { refusalOf } from "./refusal.ts";

function verdict(rules: string[], asked: string): string {
  const destination = destinationOf(asked, 443);
  if (!destination) return "unreadable";
  try {
    return createAllowList(rules).check(destination).exact ? "exact" : "below";
  } catch (error) {
    return refusalOf(error).reason;
  }
}

describe("destinations", () => {
  it("reads every spelling of a host as the same host", () => {
    expect(destinationOf("EXAMPLE.com.:8443", 443)).toEqual({ host: "example.com", port: 8443 });
    expect(destinationOf("0x7f.1", 443)).toEqual({ host: "127.0.0.1", port: 443 });
    expect(destinationOf("[::1]:80", 443)).toEqual({ host: "::1", port: 80 });
    expect(destinationOf("[0:0::0:1]:80", 443)).toEqual({ host: "::1", port: 80 });
    for (const broken of ["", ".", "a/b:443", "a b:443", ":443", "a:0", "a:70000", "[::1"]) {
      expect(destinationOf(broken, 443)).toBeNull();
    }
  });

  it.each([
    ["8.8.8.8", true],
    ["2606:4700:4700::1111", true],
    ["10.1.2.3", false],
    ["100.64.0.1", false],
    ["172.31.255.255", false],
    ["192.168.1.1", false],
    ["169.254.169.254", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["203.0.113.10", false],
    ["::1", false],
    ["::", false],
    ["fd00::1", false],
    ["fe80::1", false],
    ["::ffff:8.8.8.8", false],
    ["64:ff9b::a00:1", false],
    ["2002:a00:1::", false],
    ["not an address", false],
  ])("%s is public: %s", (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });

  it.each([
    "169.254.169.254",
    "fd00:ec2::254",
    "100.100.100.200",
    "fe80::1",
    "0.0.0.0",
    "::",
    "::ffff:7f00:1",
    "ff02::1",
    "x",
  ])("%s is reached in no case", (address) => expect(isForbiddenAddress(address)).toBe(true));
});

describe("a list of allowed hosts", () => {
  it.each([
    [["example.com"], "example.com", "exact"],
    [["EXAMPLE.com"], "Example.COM.:443", "exact"],
    [["example.com"], "www.example.com", "not_listed"],
    [["example.com"], "example.com:80", "port"],
    [["example.com:80"], "example.com:80", "exact"],
    [["example.com:80"], "example.com", "port"],
    [["*.example.com"], "a.b.example.com", "below"],
    [["*.example.com"], "example.com", "not_listed"],
    [["*.example.com"], "badexample.com", "not_listed"],
    [["*.example.com", "a.example.com"], "a.example.com", "exact"],
    [["*.example.com:8443"], "a.example.com:8443", "below"],
    [["10.0.0.5"], "10.0.0.5", "address"],
    [["10.0.0.5:443"], "10.0.0.5", "exact"],
    [["10.0.0.5:5432"], "10.0.0.5", "port"],
    [["[fd00::5]:5432"], "[fd00:0::5]:5432", "exact"],
    [["*.0.5:443"], "10.0.0.5", "address"],
    [["169.254.169.254:80"], "169.254.169.254:80", "address"],
    [[""], "example.com", "not_listed"],
    [[], "example.com", "not_listed"],
  ])("%j says of %s: %s", (rules, asked, expected) => {
    expect(verdict(rules, asked)).toBe(expected);
  });

  it.each([
    "example.com",
    "*.example.com",
    "example.com:80",
    "localhost:1",
    "10.0.0.5:5432",
    "[fd00::5]:5432",
    "_x.example.com",
  ])("may hold %s", (rule) => expect(HostRule.safeParse(rule).success).toBe(true));
  it.each([
    "",
    "https://example.com",
    "example.com/path",
    "a b",
    "*.*.com",
    "*",
    "ex*mple.com",
    "example.com:",
    "fd00::5",
  ])("may not hold '%s'", (rule) => expect(HostRule.safeParse(rule).success).toBe(false));
});
