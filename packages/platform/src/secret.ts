import { inspect } from "node:util";

const values = new WeakMap<Secret, string>();

/** A value that must not be seen: it prints as `[secret]` everywhere and opens only through `reveal()`. */
export class Secret {
  declare private readonly brand: "Secret";
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [inspect.custom](): string {
    return "[secret]";
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
