/** The shapes under which a value is looked for: an independent reading, not the redactor's own. */
export function needleForms(value: string): { form: string; bytes: Buffer }[] {
  const plain = Buffer.from(value, "utf8");
  const aligned = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), plain])
      .toString("base64")
      .replaceAll("=", "");
    // The first and last characters also hold bits of the neighbours; what lies between is the value's alone.
    const firstOwn = Math.ceil((offset * 8) / 6);
    const lastOwn = Math.floor(((offset + plain.length) * 8) / 6);
    return encoded.slice(firstOwn, lastOwn);
  });
  return [
    { form: "plain", bytes: plain },
    // How a JavaScript engine keeps a text in which one character is not Latin.
    { form: "utf-16", bytes: Buffer.from(value, "utf16le") },
    ...aligned.flatMap((text, offset) => [
      { form: `base64+${offset}`, bytes: Buffer.from(text) },
      { form: `base64url+${offset}`, bytes: Buffer.from(text.replaceAll("+", "-").replaceAll("/", "_")) },
    ]),
    { form: "hex", bytes: Buffer.from(plain.toString("hex")) },
    { form: "json", bytes: Buffer.from(JSON.stringify(value).slice(1, -1)) },
  ];
}
