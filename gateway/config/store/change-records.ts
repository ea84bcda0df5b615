/** Who changed the config, as records for an auditor. */
import type { SecurityLog } from "../../runtime/security-log.ts";
import type { ConfigStore } from "./config-store.ts";

/** Characters of the sentences that say what was changed; all of them stand in the revision itself. */
const maxTextLength = 600;

/**
 * Notes every config that the box takes on; returns how to stop.
 * @param sinceMs when this process began: files that were changed while the box was off are noted, too
 */
export function recordChanges(store: ConfigStore, security: SecurityLog, sinceMs: number): () => void {
  let knownN = store.revisions.list().find(({ atMs }) => atMs < sinceMs)?.n ?? 0;
  const look = (): void => {
    const all = store.revisions.list(); // Newest first.
    for (const { n, revision, via, user, changes } of all.filter((one) => one.n > knownN).toReversed()) {
      knownN = n;
      const former = all.find((old) => old.n < n - 1 && old.revision === revision);
      const said = changes.map(({ en }) => en).join("; ");
      const detail = { revision, n, via, backTo: former?.n ?? null, changes: said.slice(0, maxTextLength) };
      security.note({ act: via === "return" ? "config-returned" : "config-applied", user, address: null, detail });
    }
  };
  look();
  return store.onChanged(look);
}
