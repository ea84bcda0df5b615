/** A camera's diagnosis as lines of text (pure). */
import { typeOf } from "../config/catalogue/catalogue.ts";
import type { CameraStatus } from "../runtime/status.ts";
import { durationText } from "../runtime/texts/duration.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say, texts, type TextKey } from "../runtime/texts/say.ts";

/** What is wrong with a camera's picture, and its newest day. */
export function diagnosisLines({ id, state, diagnosis }: CameraStatus, nowMs: number, language: Language): string[] {
  if (!diagnosis || state === "disabled") return [];
  const { open, blind, day } = diagnosis;
  const lines = open.map((kind) =>
    say(language, "diagnosisOpen", {
      camera: id,
      name: typeOf(kind.id)?.[language === "zh" ? "nameZh" : "nameEn"] ?? kind.id,
      since: durationText(language, nowMs - kind.sinceMs),
      value: kind.value,
    }),
  );
  if (blind) lines.push(say(language, "diagnosisBlind", { camera: id, reason: blindText(blind, language) }));
  if (blind === "view-moved") lines.push(say(language, "diagnosisMoved", { camera: id }));
  const reasons = Object.entries(day.notObservedMin).map(
    ([reason, minutes]) => `${blindText(reason, language)} ${minutes}`,
  );
  if (day.countedMin >= 1)
    lines.push(
      say(language, "diagnosisDay", {
        camera: id,
        hours: Math.max(1, Math.round(day.countedMin / 60)),
        online: percentText(day.onlineShare),
        intact: percentText(day.intactShare),
        minutes: day.notObservedMinTotal,
        reasons: reasons.length === 0 ? "" : ` (${reasons.join(", ")})`,
      }),
    );
  return lines;
}

function blindText(reason: string, language: Language): string {
  const key = `blind-${reason}`;
  return isText(key) ? say(language, key) : reason;
}

function isText(key: string): key is TextKey {
  return Object.hasOwn(texts, key);
}

function percentText(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
