import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRedaction, delivery } from "../testing/delivery.ts";
import { plant, recipe, registry } from "../testing/evasion-matrix.ts";
import { createRedactor } from "./create-redactor.ts";

const registries = 100;
const casesEach = 20;

describe("the evasion matrix", () => {
  it("gets nothing of a secret through, whole or in pieces: 2,000 cases", () => {
    let hidden = 0;
    const plan = fc.array(fc.tuple(fc.nat(), recipe, delivery), { minLength: casesEach, maxLength: casesEach });
    fc.assert(
      fc.property(registry, plan, (secrets, cases) => {
        // The pattern layer would find much of it by its looks; what is asked here is the registry's part.
        const redactor = createRedactor(secrets, { patterns: false });
        for (const [index, how, way] of cases) {
          const { value } = secrets[index % secrets.length] ?? { value: "" };
          const planted = plant(value, how);
          if (!planted.text.includes(value)) hidden += 1;
          expect(checkRedaction(redactor, planted, way, how.seed), JSON.stringify({ value, how })).toBeNull();
        }
      }),
      { numRuns: registries, seed: 20261125 },
    );
    // What is found as it is says nothing about decoders.
    expect(hidden).toBeGreaterThan(0.6 * registries * casesEach);
  }, 300_000);
});
