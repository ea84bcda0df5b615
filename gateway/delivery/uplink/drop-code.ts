/** Why a session ended → which error that is, if any; pure. */
import type { DropReason } from "./protocol/box-port.ts";

/**
 * What the end of a session means; null: nothing to tell. A platform that let this box in and then says "unauth" has
 * forgotten the session, because one of the two stood still for a while: enrolling again would not help.
 */
export function dropCode(
  why: DropReason,
  wasOpen: boolean,
): "UPLINK_TWICE" | "UPLINK_REJECTED" | "UPLINK_BROKEN" | null {
  if (why === "renumbered" || why === "bye") return null;
  if (why === "replaced") return "UPLINK_TWICE";
  if (why === "revoked" || why === "unsupported" || (why === "unauth" && !wasOpen)) return "UPLINK_REJECTED";
  return "UPLINK_BROKEN";
}
