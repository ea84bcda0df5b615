/** Why a question to the neighbours could not work, in words. */
import type { Language } from "../../../runtime/texts/fill.ts";
import { say } from "../../../runtime/texts/say.ts";
import type { DiscoveryTrouble } from "./discover.ts";

/** One sentence with its remedy. */
export function sayTrouble(language: Language, trouble: DiscoveryTrouble): string {
  switch (trouble.kind) {
    case "no-interface":
      return say(language, "discoveryNoInterface");
    case "container":
      return say(language, "discoveryContainer");
    case "refused":
      return say(language, "discoveryRefused", { code: trouble.code });
  }
}
