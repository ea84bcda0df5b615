/** Why an event fired, as one sentence a person reads first; pure. */
import type { Trigger } from "../../analysis/zones/trigger.ts";
import { fill, type Text } from "../../runtime/texts/fill.ts";

/** What the sentence is about. */
export interface ReasonSubject {
  readonly camera: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

const measured: Readonly<Record<string, Text>> = {
  "co-presence-ratio": { en: "{rods} rods for {persons} person(s)", zh: "{persons} 人 {rods} 竿" },
  "area-ratio": { en: "{percent} % of the water covered", zh: "覆盖水面 {percent}%" },
  "presence-dwell": { en: "{objects} in the zone", zh: "区域内 {objects} 个目标" },
  count: { en: "{value} counted, {threshold} allowed", zh: "计数 {value},允许 {threshold}" },
};
const plain: Text = { en: "{value} against {threshold}", zh: "测得 {value},阈值 {threshold}" };
const phases = {
  start: {
    en: "{camera}: {name}, {certainty}: {measured}, held {held} s",
    zh: "{camera}:{name}({certainty}),{measured},已持续 {held} 秒",
  },
  update: {
    en: "{camera}: {name} goes on, {certainty}: {measured}, {held} s so far",
    zh: "{camera}:{name}持续中({certainty}),{measured},已 {held} 秒",
  },
  end: { en: "{camera}: {name} has ended ({end}) after {held} s", zh: "{camera}:{name}结束({end}),共 {held} 秒" },
} as const satisfies Record<Trigger["phase"], Text>;
const certainties = {
  suspected: { en: "suspected", zh: "疑似" },
  detected: { en: "detected", zh: "确认" },
} as const satisfies Record<Trigger["certainty"], Text>;
const ends = {
  cleared: { en: "cleared", zh: "已消除" },
  "camera-lost": { en: "camera lost or blind", zh: "摄像机离线或无可用画面" },
  "rule-changed": { en: "rule changed", zh: "规则变更" },
  schedule: { en: "outside its schedule", zh: "不在布防时间" },
} as const satisfies Record<NonNullable<Trigger["endReason"]>, Text>;

/** The sentence in both languages. */
export function reasonFor(trigger: Trigger, subject: ReasonSubject): Text {
  return { en: sentence(trigger, subject, "en"), zh: sentence(trigger, subject, "zh") };
}

function sentence(trigger: Trigger, subject: ReasonSubject, language: "en" | "zh"): string {
  const values = {
    ...trigger.measure,
    value: short(trigger.value),
    threshold: short(trigger.threshold),
    percent: short(trigger.value * 100),
    objects: trigger.objects.length,
  };
  const text = measured[trigger.ruleKind] ?? plain;
  const filled = fill(text[language], values);
  return fill(phases[trigger.phase][language], {
    camera: subject.camera,
    name: language === "zh" ? subject.nameZh : subject.nameEn,
    certainty: certainties[trigger.certainty][language],
    // A place that the rule did not fill must not reach a person.
    measured: filled.includes("{") ? fill(plain[language], values) : filled,
    held: Math.max(0, Math.round((trigger.atMs - trigger.onsetMs) / 1_000)),
    end: ends[trigger.endReason ?? "cleared"][language],
  });
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}
