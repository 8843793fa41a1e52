const longId = /^(?:[a-z]{3}_[0-9a-f]{32}|[0-9a-f]{64})$/;

/** The ends of a long id or fingerprint, by which people tell rows apart; the whole is there for screen readers and in the title. */
export function ShortId({ id }: { id: string }) {
  if (!longId.test(id)) return <code className="font-mono text-xs">{id}</code>;
  return (
    <code title={id} className="font-mono text-xs whitespace-nowrap">
      <span aria-hidden="true">
        {id.slice(0, 4)}…{id.slice(-6)}
      </span>
      <span className="sr-only">{id}</span>
    </code>
  );
}
