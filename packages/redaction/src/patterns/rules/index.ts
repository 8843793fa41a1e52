import type { PatternRule } from "../rule.ts";
import { aiRules1 } from "./ai-1.ts";
import { aiRules2 } from "./ai-2.ts";
import { cloudRules1 } from "./clouds-1.ts";
import { cloudRules2 } from "./clouds-2.ts";
import { cloudRules3 } from "./clouds-3.ts";
import { codeHostingRules1 } from "./code-hosting-1.ts";
import { codeHostingRules2 } from "./code-hosting-2.ts";
import { crmAndAccountingRules1 } from "./crm-and-accounting-1.ts";
import { crmAndAccountingRules2 } from "./crm-and-accounting-2.ts";
import { dataRules1 } from "./data-1.ts";
import { dataRules2 } from "./data-2.ts";
import { identityRules } from "./identity-and-secrets.ts";
import { mailAndMessageRules1 } from "./mail-and-messages-1.ts";
import { mailAndMessageRules2 } from "./mail-and-messages-2.ts";
import { monitoringRules1 } from "./monitoring-1.ts";
import { monitoringRules2 } from "./monitoring-2.ts";
import { paymentRules1 } from "./payments-1.ts";
import { paymentRules2 } from "./payments-2.ts";
import { shopRules } from "./shops.ts";
import { structureRules } from "./structures.ts";

/** The one table: what is found is what is replaced, and what `docs/redaction-rules.md` lists. */
export const patternRules: readonly PatternRule[] = [
  ...structureRules,
  ...paymentRules1,
  ...paymentRules2,
  ...mailAndMessageRules1,
  ...mailAndMessageRules2,
  ...cloudRules1,
  ...cloudRules2,
  ...cloudRules3,
  ...codeHostingRules1,
  ...codeHostingRules2,
  ...aiRules1,
  ...aiRules2,
  ...shopRules,
  ...crmAndAccountingRules1,
  ...crmAndAccountingRules2,
  ...monitoringRules1,
  ...monitoringRules2,
  ...dataRules1,
  ...dataRules2,
  ...identityRules,
];
