import { needleForms } from "./needle-forms.ts";
import { databaseRows } from "./scan-database.ts";
import { contentsOf, regularFiles } from "./scan-files.ts";
import { redisValues } from "./scan-redis.ts";

/** A place where a secret must never turn up. */
export type Sink =
  | { name: string; kind: "files"; roots: string[] }
  | { name: string; kind: "database"; url: string }
  | { name: string; kind: "redis"; url: string }
  | { name: string; kind: "bytes"; where: string; read: () => Promise<Buffer> }
  /** Too large to be brought here: it is searched where it is. */
  | { name: string; kind: "search"; search: (needles: Buffer[]) => Promise<Searched> };

export interface Searched {
  bytesRead: number;
  /** Places with the number of the needle that is there. */
  found: { where: string; needle: number }[];
}

export interface Finding {
  sink: string;
  where: string;
  form: string;
}

async function* partsOf(sink: Exclude<Sink, { kind: "search" }>): AsyncGenerator<{ where: string; bytes: Buffer }> {
  switch (sink.kind) {
    case "files":
      for (const file of regularFiles(sink.roots)) {
        for (const bytes of contentsOf(file)) yield { where: file, bytes };
      }
      return;
    case "database":
      return yield* databaseRows(sink.url);
    case "redis":
      return yield* redisValues(sink.url);
    case "bytes":
      return yield { where: sink.where, bytes: await sink.read() };
  }
}

/** Looks for `value` in every sink, in plain, base64 (three alignments, both alphabets), hex and as a JSON string. */
export async function scanSinks(value: string, sinks: Sink[]): Promise<{ findings: Finding[]; bytesRead: number }> {
  const forms = needleForms(value);
  const findings: Finding[] = [];
  let bytesRead = 0;
  for (const sink of sinks) {
    if (sink.kind === "search") {
      const searched = await sink.search(forms.map(({ bytes }) => bytes));
      bytesRead += searched.bytesRead;
      for (const { where, needle } of searched.found) {
        findings.push({ sink: sink.name, where, form: forms[needle]?.form ?? "" });
      }
      continue;
    }
    for await (const { where, bytes } of partsOf(sink)) {
      bytesRead += bytes.length;
      const hit = forms.find((form) => bytes.includes(form.bytes));
      if (hit) findings.push({ sink: sink.name, where, form: hit.form });
    }
  }
  return { findings, bytesRead };
}
