import { expect, test } from "vitest";
import { dropCode } from "./drop-code.ts";

for (const [name, why, wasOpen, code] of [
  ["a box that is not let in has to be enrolled", "unauth", false, "UPLINK_REJECTED"],
  ["a platform that stood still, or a box that did, has forgotten the session", "unauth", true, "UPLINK_BROKEN"],
  ["an enrolment that is taken back ends an open session", "revoked", true, "UPLINK_REJECTED"],
  ["a later version is refused", "unsupported", false, "UPLINK_REJECTED"],
  ["the same box twice", "replaced", true, "UPLINK_TWICE"],
  ["a line that died", "silent", true, "UPLINK_BROKEN"],
  ["a goodbye is no news", "bye", true, null],
  ["a box that numbers anew begins anew", "renumbered", true, null],
] as const)
  test(name, () => expect(dropCode(why, wasOpen)).toBe(code));
