import { createHash } from "node:crypto";

/** One act on a vault, made from a seed, so that the process that dies and the one that looks after it agree on it. */
export type Act =
  | { kind: "set" | "rotate"; name: string; value: string }
  | { kind: "import"; values: Record<string, string> }
  | { kind: "remove"; name: string }
  | { kind: "rekey"; key: string };

/** Name to values, the present one last. */
export type Model = Record<string, string[]>;

const names = ["api_key", "crm_token", "long_pem", "mail_password"];

const draw = (seed: string): Buffer => createHash("sha512").update(seed).digest();
/** Long enough for a name's row to need pages of its own, for one of them. */
const makeValue = (name: string, seed: string): string =>
  draw(`${seed} ${name}`)
    .toString("hex")
    .repeat(name === "long_pem" ? 90 : 1);

/** The act of this seed on a vault that is as `model` says. */
export function actOf(seed: string, model: Model): Act {
  const bytes = draw(seed);
  const name = names[bytes.readUInt8(0) % names.length] ?? "api_key";
  const present = model[name] !== undefined;
  switch (bytes.readUInt8(1) % 6) {
    case 0:
    case 1:
      return { kind: "rekey", key: draw(`${seed} key`).subarray(0, 32).toString("hex") };
    case 2:
      return { kind: "import", values: Object.fromEntries(names.map((each) => [each, makeValue(each, seed)])) };
    case 3:
      return present ? { kind: "remove", name } : { kind: "set", name, value: makeValue(name, seed) };
    default:
      return { kind: present ? "rotate" : "set", name, value: makeValue(name, seed) };
  }
}

/** The vault after the act. */
export function after(model: Model, act: Act): Model {
  const put = (values: Record<string, string>): Model => ({
    ...model,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [...(model[name] ?? []), value]])),
  });
  switch (act.kind) {
    case "set":
    case "rotate":
      return put({ [act.name]: act.value });
    case "import":
      return put(act.values);
    case "remove":
      return Object.fromEntries(Object.entries(model).filter(([name]) => name !== act.name));
    case "rekey":
      return model;
  }
}
