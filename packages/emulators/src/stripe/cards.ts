import type { CardFacts, Decline } from "./objects/payment.ts";

export interface CardInput {
  number: string;
  /** 1-12. */
  expMonth: number;
  /** Four digits. */
  expYear: number;
  cvc: string;
}

/** Stripe's published test cards: which bank answer each one gets; null is success. */
const testCards: Record<string, { brand: string; decline: Decline | null }> = {
  "4242424242424242": { brand: "visa", decline: null },
  "4000056655665556": { brand: "visa", decline: null },
  "5555555555554444": { brand: "mastercard", decline: null },
  "378282246310005": { brand: "amex", decline: null },
  "4000000000000002": { brand: "visa", decline: declined("generic_decline", "Your card was declined.") },
  "4000000000009995": { brand: "visa", decline: declined("insufficient_funds", "Your card has insufficient funds.") },
  "4000000000009987": { brand: "visa", decline: declined("lost_card", "Your card was declined.") },
  "4000000000000069": {
    brand: "visa",
    decline: { code: "expired_card", declineCode: "expired_card", message: "Your card has expired." },
  },
  "4000000000000127": {
    brand: "visa",
    decline: {
      code: "incorrect_cvc",
      declineCode: "incorrect_cvc",
      message: "Your card's security code is incorrect.",
    },
  },
  "4000000000000119": {
    brand: "visa",
    decline: {
      code: "processing_error",
      declineCode: "processing_error",
      message: "An error occurred while processing your card. Try again in a little bit.",
    },
  },
};

function declined(declineCode: string, message: string): Decline {
  return { code: "card_declined", declineCode, message };
}

/** `invalid`: the form is wrong and no bank was asked. Otherwise what the bank said. */
export type CardVerdict =
  | { kind: "invalid"; message: string }
  | { kind: "accepted"; card: CardFacts }
  | { kind: "declined"; card: CardFacts; decline: Decline };

export function judgeCard(input: CardInput, nowMs: number): CardVerdict {
  const number = input.number.replace(/[\s-]/g, "");
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) return invalid("Your card number is incorrect.");
  const now = new Date(nowMs);
  const monthsLeft = (input.expYear - now.getUTCFullYear()) * 12 + input.expMonth - (now.getUTCMonth() + 1);
  if (!(input.expMonth >= 1 && input.expMonth <= 12)) return invalid("Your card's expiration month is invalid.");
  if (!(monthsLeft >= 0 && monthsLeft < 50 * 12)) return invalid("Your card's expiration year is invalid.");
  if (!/^\d{3,4}$/.test(input.cvc)) return invalid("Your card's security code is invalid.");
  const known = testCards[number];
  const card = {
    brand: known?.brand ?? "visa",
    last4: number.slice(-4),
    exp_month: input.expMonth,
    exp_year: input.expYear,
  };
  const notATestCard = declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
  );
  const decline = known ? known.decline : notATestCard;
  return decline ? { kind: "declined", card, decline } : { kind: "accepted", card };
}

const invalid = (message: string): CardVerdict => ({ kind: "invalid", message });

function passesLuhn(number: string): boolean {
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce(
    (total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)),
    0,
  );
  return sum % 10 === 0;
}
