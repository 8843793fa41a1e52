import { invalidRequest } from "./errors.ts";

export interface FormObject {
  [key: string]: FormValue;
}
export type FormValue = string | FormValue[] | FormObject;

/**
 * Stripe's form encoding: `a[b]=1`, `a[0][c]=2`, `a[]=3`. Leaves stay text. Query strings have the same form.
 * Throws Stripe's 400 for a key that is both a value and a group.
 */
export function parseForm(encoded: string): FormObject {
  const root: FormObject = Object.create(null);
  for (const [name, value] of new URLSearchParams(encoded)) insert(root, pathOf(name), value, name);
  return withArrays(root) as FormObject; // the root has names, not numbers, and so stays an object
}

/** `a[b][]` -> ["a", "b", ""]. */
function pathOf(name: string): string[] {
  const head = /^[^[\]]+/.exec(name)?.[0];
  const rest = head === undefined ? "" : name.slice(head.length);
  if (head === undefined || !/^(\[[^[\]]*\])*$/.test(rest)) throw invalidRequest(`Invalid parameter name: ${name}`);
  return [head, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? "")];
}

function insert(root: FormObject, path: string[], value: string, name: string): void {
  let group = root;
  for (const [depth, segment] of path.entries()) {
    const key = segment === "" ? String(Object.keys(group).length) : segment;
    if (depth === path.length - 1) {
      if (typeof group[key] === "object") throw invalidRequest(`Invalid parameter: ${name}`, { param: name });
      group[key] = value;
      return;
    }
    const next = group[key] ?? (Object.create(null) as FormObject);
    if (typeof next === "string" || Array.isArray(next))
      throw invalidRequest(`Invalid parameter: ${name}`, { param: name });
    group[key] = next;
    group = next;
  }
}

/** Groups whose keys are 0, 1, 2, … are lists. The root object keeps no prototype, so `__proto__` is a name like any other. */
function withArrays(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withArrays(inner)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  if (isList) return entries.map(([, inner]) => inner);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
