import PostalMime from "postal-mime";

/** A mail as it arrived. `to` are the envelope's recipients, in lower case. */
export interface MailMessage {
  /** Sorts by arrival: `msg_000001`. */
  id: string;
  receivedAt: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  messageId: string | null;
  /** Web addresses in the text and the HTML, each once, in order of appearance. */
  links: string[];
}

/** Parses the raw mail. Throws if it is no mail at all, which the SMTP server answers with 554. */
export async function readMessage(
  raw: Uint8Array,
  envelope: { receivedAt: string; from: string; to: readonly string[] },
): Promise<Omit<MailMessage, "id">> {
  const mail = await PostalMime.parse(raw, { maxNestingDepth: 10 });
  const text = mail.text ?? "";
  const html = mail.html ?? "";
  return {
    receivedAt: envelope.receivedAt,
    from: mail.from?.address ?? envelope.from,
    to: envelope.to.map((address) => address.toLowerCase()),
    subject: mail.subject ?? "",
    text,
    html,
    messageId: mail.messageId ?? null,
    links: linksOf(text, html),
  };
}

function linksOf(text: string, html: string): string[] {
  const inText = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  const inHtml = [...html.matchAll(/href="(https?:\/\/[^"]+)"/g)].map((match) => unescapeAttribute(match[1] ?? ""));
  return [...new Set([...inText, ...inHtml])];
}

const unescapeAttribute = (value: string): string =>
  value
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
