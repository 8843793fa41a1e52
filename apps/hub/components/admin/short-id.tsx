/** The end of an id, by which people tell rows apart; the whole id is there for copying and for screen readers. */
export function ShortId({ id }: { id: string }) {
  return (
    <code title={id} className="font-mono text-xs whitespace-nowrap">
      <span aria-hidden="true">
        {id.slice(0, 4)}…{id.slice(-6)}
      </span>
      <span className="sr-only">{id}</span>
    </code>
  );
}
