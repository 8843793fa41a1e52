import { MonoBlock } from "@berth/ui";

const setOne = "berth-vault set github --tool http_request --host api.github.com";
const bindOne = "berth-vault bind github --tool http_request --host api.github.com";

/** How a secret gets into the vault without passing this page, and how one that was kept here gets its places. */
export function PutOneIn() {
  return (
    <details className="mt-4 rounded-card border border-line bg-surface px-4 py-3 sm:px-5">
      <summary className="min-h-6 cursor-pointer rounded-control font-medium">
        Put a secret in, or let one be used without asking
      </summary>
      <div className="mt-3 grid max-w-3xl gap-3 border-t border-line pt-3 text-sm text-soft">
        <p>
          Values never leave your agent’s server. This page has no field for one, because what is typed here would pass
          Berth on its way. At the server’s own console this command reads the value and stores it:
        </p>
        <MonoBlock label="Store a secret">{setOne}</MonoBlock>
        <p>
          The tool and the host after the name are where your agent may use it without asking. A secret that was kept on
          this page has no such place yet. It gets one at the console only: if Berth could say where a secret may go,
          somebody who broke into Berth could have yours sent to a place of their own.
        </p>
        <MonoBlock label="Say where a secret may be used">{bindOne}</MonoBlock>
      </div>
    </details>
  );
}
