/** What will never arrive is said: in the log and the status of the box, and as an event to its platforms. */
import { EvidenceError } from "../runtime/errors.ts";
import type { Log } from "../runtime/log.ts";
import type { EvidenceFiles } from "./evidence/evidence-files.ts";
import type { SystemEvents } from "./system-events.ts";
import type { UplinksOptions } from "./uplink/open-uplinks.ts";

/** Whom it is told through. */
export interface LossesOptions {
  readonly system: Pick<SystemEvents, "gap" | "evidenceLost">;
  readonly files: Pick<EvidenceFiles, "path">;
  readonly log: Log;
  /** Told what failed; throws on what is a bug. */
  readonly onFailed: (error: unknown) => void;
}

/** What uplinks tell of losses. */
export function lossesOf({
  system,
  files,
  log,
  onFailed,
}: LossesOptions): Pick<UplinksOptions, "onGivenUp" | "onEvidenceLost" | "onEvidenceSpoiled"> {
  const say = (tell: () => unknown): void => {
    try {
      tell();
    } catch (error) {
      onFailed(error); // No room even for this. A GAP is in its table and is told all the same.
    }
  };
  return {
    // Told to the platform in its turn as a GAP, and here as an event of its own, so that nobody has to look for it.
    onGivenUp: (uplink, given) => {
      log.error({ uplink, ...given }, "events given up, the platform is told");
      say(() => system.gap(uplink, given));
    },
    // Its event has told of it, and the platform waits for it: it is told that it waits in vain.
    onEvidenceLost: (uplink, lost) => {
      const path = files.path(lost.sha256);
      onFailed(new EvidenceError("EVIDENCE_LOST", { path, event: lost.eventId, detail: lost.why }));
      say(() => system.evidenceLost(uplink, lost));
    },
    // Not lost: it stays here and is offered again. Whoever minds the platform hears of it from whoever minds this box.
    onEvidenceSpoiled: (uplink, { sha256, eventId, times, waitMs }) => {
      const [path, minutes] = [files.path(sha256), Math.max(1, Math.round(waitMs / 60_000))];
      onFailed(new EvidenceError("EVIDENCE_SPOILED", { uplink, path, event: eventId, times, minutes }));
    },
  };
}
