/** What of the evidence is still to come, and what will not come, each with its reason. */
import type { JSX } from "preact";
import type { EventDetail } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { clipTexts } from "../texts/clip.ts";

const reasons: Readonly<Record<string, Text>> = clipTexts;

/** Lines under the pictures; nothing when nothing is amiss. */
export function LaterEvidenceLines({ event }: { readonly event: EventDetail }): JSX.Element | null {
  const { evidenceComing: coming, evidenceLacking: lacking, evidence, test } = event;
  const hasClip = evidence.some(({ kind }) => kind === "clip");
  const knowsClip = hasClip || coming.includes("clip") || lacking.some(({ what }) => what === "clip");
  if (test || (coming.length === 0 && lacking.length === 0 && knowsClip)) return null;
  return (
    <ul class="plain-list note no-print" data-testid="later-evidence">
      {[...new Set(coming)].map((what) => (
        <li key={what} role="status">
          … {t(what === "clip" ? clipTexts.comingClip : clipTexts.comingPicture)}
        </li>
      ))}
      {lacking.map(({ what, why }, index) => (
        <li key={`${what} ${index}`}>
          △{" "}
          {t(what === "clip" ? clipTexts.lacksClip : clipTexts.lacksPicture, {
            why: reasons[why] ? t(reasons[why]) : why,
          })}
        </li>
      ))}
      {!knowsClip && <li>{t(clipTexts.noClip)}</li>}
    </ul>
  );
}
