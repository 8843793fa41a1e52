/** A stretch of a text that has to go, in UTF-16 code units of the original text, whatever encoding it was found in. */
export interface Hit {
  begin: number;
  end: number;
  /** `secret`: a value of the registry, `name` is the secret's. `pattern`: looks like a secret, `name` is the rule's id. */
  kind: "secret" | "pattern";
  name: string;
}
