/** One event as one line for a person. */
import type { ReadEvent } from "../gateway/delivery/uplink/protocol/read-event.ts";
import type { SignatureState } from "./check-signature.ts";
import { fill, type Language, type Text } from "../gateway/runtime/texts/fill.ts";

const line: Text = {
  en: "{time}  {site}  {camera}  {name}  {phase} · {certainty} · severity {severity}  {departments}  {title}",
  zh: "{time}  {site}  {camera}  {name}  {phase} · {certainty} · {severity} 级  {departments}  {title}",
};
const words = {
  start: { en: "start", zh: "开始" },
  update: { en: "update", zh: "更新" },
  end: { en: "end", zh: "结束" },
  suspected: { en: "suspected", zh: "疑似" },
  detected: { en: "detected", zh: "确认" },
} as const satisfies Record<string, Text>;

const signatures = {
  valid: { en: "✓ signed (SM2)", zh: "✓ 签名有效（SM2）" },
  invalid: { en: "✗ WRONG SIGNATURE", zh: "✗ 签名无效" },
  missing: { en: "✗ SIGNATURE MISSING", zh: "✗ 缺少签名" },
  unknown: { en: "? signed with a key that is not enrolled", zh: "? 签名密钥未登记" },
} as const satisfies Record<string, Text>;

/** Time, site, camera, type, phase, certainty, severity, departments, reason, signature. Control characters from outside do not reach the terminal. */
export function eventLine(event: ReadEvent, language: Language, signature: SignatureState = "none"): string {
  const { data } = event;
  const said = fill(line[language], {
    time: event.time.slice(0, 19).replace("T", " "),
    site: data.site?.name ?? event.source,
    camera: data.camera?.name ?? "-",
    name: (language === "zh" ? data.nameZh : data.nameEn) ?? event.type,
    phase: data.phase ? words[data.phase][language] : "-",
    certainty: data.certainty ? words[data.certainty][language] : "-",
    severity: data.severity ?? "-",
    departments: (data.departments ?? []).join(",") || "-",
    title: data.title?.[language] ?? "",
  });
  const marked = signature === "none" ? said : `${said}  ${signatures[signature][language]}`;
  return marked.replaceAll(/\p{Cc}/gu, " ").trimEnd();
}
