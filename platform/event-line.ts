/** One event as one line for a person. */
import type { ReadEvent } from "../gateway/delivery/uplink/protocol/read-event.ts";
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

/** Time, site, camera, type, phase, certainty, severity, departments, reason. Control characters from outside do not reach the terminal. */
export function eventLine(event: ReadEvent, language: Language): string {
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
  return said.replaceAll(/\p{Cc}/gu, " ").trimEnd();
}
