/**
 * Aho-Corasick over UTF-16 code units, own because `@monyone/aho-corasick` replaces leftmost-longest only: with
 * overlapping secrets it leaves the tail of the second. This one reports where each match ends and how much of the
 * text so far may still be the start of one. Flat arrays: 26 bytes a state, linear in the patterns' total length.
 */
export class Automaton {
  readonly #parent: Int32Array;
  readonly #unit: Uint16Array;
  readonly #fail: Int32Array;
  readonly #depth: Int32Array;
  readonly #longest: Int32Array;
  /** Open addressing; a slot holds the child's state, which knows its parent and unit. 0 is empty (the root is no child). */
  readonly #slots: Int32Array;
  readonly #labels = new Map<number, number>();
  #states = 1;

  /** `label` is handed back by `labelAt`; where two patterns are the same text, the first one's holds. */
  constructor(patterns: Iterable<{ text: string; label: number }>) {
    const all = [...patterns];
    const room = all.reduce((sum, { text }) => sum + text.length, 1);
    this.#parent = new Int32Array(room);
    this.#unit = new Uint16Array(room);
    this.#fail = new Int32Array(room);
    this.#depth = new Int32Array(room);
    this.#longest = new Int32Array(room);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(room * 2 + 2)));
    for (const { text, label } of all) this.#add(text, label);
    this.#link();
  }

  #slotOf(state: number, unit: number): number {
    const mask = this.#slots.length - 1;
    const mixed = Math.imul(state ^ Math.imul(unit + 1, 0x85ebca6b), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const child = this.#slots[slot] ?? 0;
      if (child === 0 || (this.#parent[child] === state && this.#unit[child] === unit)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #add(text: string, label: number): void {
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const slot = this.#slotOf(state, unit);
      let child = this.#slots[slot] ?? 0;
      if (child === 0) {
        child = this.#states;
        this.#states += 1;
        this.#slots[slot] = child;
        this.#parent[child] = state;
        this.#unit[child] = unit;
        this.#depth[child] = at + 1;
      }
      state = child;
    }
    if (state !== 0 && !this.#labels.has(state)) this.#labels.set(state, label);
  }

  /** Failure links and the longest pattern that ends in each state; shallow states first, as each builds on shallower. */
  #link(): void {
    const order = Int32Array.from({ length: this.#states }, (_, state) => state);
    order.sort((a, b) => (this.#depth[a] ?? 0) - (this.#depth[b] ?? 0));
    for (const state of order) {
      if (state === 0) continue;
      const parent = this.#parent[state] ?? 0;
      const fail = parent === 0 ? 0 : this.step(this.#fail[parent] ?? 0, this.#unit[state] ?? 0);
      this.#fail[state] = fail;
      this.#longest[state] = this.#labels.has(state) ? state : (this.#longest[fail] ?? 0);
    }
  }

  /** The state after one more code unit. 0 is the start. */
  step(from: number, unit: number): number {
    let state = from;
    for (;;) {
      const child = this.#slots[this.#slotOf(state, unit)] ?? 0;
      if (child !== 0) return child;
      if (state === 0) return 0;
      state = this.#fail[state] ?? 0;
    }
  }

  /** How many of the last code units may be the start of a match that is not complete yet (or is the match itself). */
  depthOf(state: number): number {
    return this.#depth[state] ?? 0;
  }

  /** The state of the longest pattern that ends here, 0 if none does. Its length is `depthOf`, its label `labelAt`. */
  longestAt(state: number): number {
    return this.#longest[state] ?? 0;
  }

  /** The next shorter pattern that ends where this one does, 0 if none. */
  shorterAt(match: number): number {
    return this.#longest[this.#fail[match] ?? 0] ?? 0;
  }

  labelAt(match: number): number {
    return this.#labels.get(match) ?? -1;
  }
}
