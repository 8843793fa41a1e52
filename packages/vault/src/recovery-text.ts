/** Shown when a recovery key is made, and printed word for word in docs/runbooks/vault.md. */
export const recoveryConsequences = `What losing the recovery key means
- It is shown this one time. Nobody keeps a copy: not this server, not the Hub, not we.
- If you lose it, nobody can open the backups that were sealed for it, not even we. No support request changes that.
- While this server runs, nothing is lost with it: make another key with "berth-vault recovery-key new --replace", then a
  new backup. Backups sealed for the lost key stay closed for good.
- If the server is gone too, every secret in the vault is gone: make new ones at each service and store them again.
- Whoever finds it and a backup can read every secret. Write it down, keep it away from the backups and off this server.`;
