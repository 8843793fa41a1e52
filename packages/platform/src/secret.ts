import { inspect } from "node:util";

const shown = "[secret]";
const values = new WeakMap<Secret, string>();

/** A value that must not be seen: it prints as `[secret]` everywhere and opens only through `reveal()`. */
export class Secret {
  declare private readonly brand: "Secret";
  /** What a copy shows that keeps nothing but fields: structuredClone, v8.serialize, spread, a walk over entries. */
  readonly shown = shown;
  toString(): string {
    return shown;
  }
  toJSON(): string {
    return shown;
  }
  [Symbol.toPrimitive](): string {
    return shown;
  }
  [inspect.custom](): string {
    return shown;
  }
}

export function secretOf(value: string): Secret {
  const secret = new Secret();
  values.set(secret, value);
  return secret;
}

/** The value itself. Keep it out of logs, errors, argv and anything that is stored. */
export function reveal(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new TypeError("not a secret made by secretOf()");
  return value;
}
