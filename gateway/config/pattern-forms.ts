/** The forms that texts of the config must have, in words and by example (pure). */
import type { Text } from "../runtime/texts/fill.ts";

const name = (most: number): Text => ({
  en: `letters, digits, - and _, 1 to ${String(most)} of them`,
  zh: `字母、数字、- 和 _，1 至 ${String(most)} 个`,
});
const small: Text = { en: "small letters, digits and -", zh: "小写字母、数字和 -" };

/** Which patterns of the schema are meant: each is known by how its source begins. */
const forms: readonly (readonly [start: string, form: Text])[] = [
  ["^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$", name(32)],
  ["^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", name(40)],
  ["^[a-z][a-z0-9-]", small],
  ["^[a-z0-9-]", small],
  ["^[a-zA-Z][a-zA-Z0-9]", { en: "letters and digits", zh: "字母和数字" }],
  ["^[0-9A-Za-z][0-9A-Za-z._-]", { en: "letters, digits, -, _ and points", zh: "字母、数字、-、_ 和点" }],
  [
    "^(([01]\\d|2[0-3]):[0-5]\\d-",
    {
      en: "HH:MM-HH:MM, as 22:00-06:00; or daylight; or night",
      zh: "HH:MM-HH:MM，如 22:00-06:00；或 daylight（白天）、night（夜间）",
    },
  ],
  [
    "^(([01]\\d|2[0-3]):[0-5]\\d|24:00|(sunrise",
    {
      en: "HH:MM, as 06:00; or sunrise or sunset with minutes, as sunset-30",
      zh: "HH:MM，如 06:00；或 sunrise（日出）、sunset（日落）加减分钟，如 sunset-30",
    },
  ],
  ["^(0[1-9]|1[0-2])-", { en: "MM-DD, as 03-01", zh: "MM-DD，如 03-01" }],
  ["^\\d{4}-(0[1-9]|1[0-2])-", { en: "YYYY-MM-DD, as 2026-10-01", zh: "YYYY-MM-DD，如 2026-10-01" }],
  ["^\\d{6}$", { en: "six digits of GB/T 2260", zh: "六位行政区划代码（GB/T 2260）" }],
  ["^\\d{20}$", { en: "20 digits of GB/T 28181", zh: "20 位数字的国标编码（GB/T 28181）" }],
  ["^(?:tcp:", { en: "tcp://host:port, as tcp://10.0.0.5:5556", zh: "tcp://主机:端口，如 tcp://10.0.0.5:5556" }],
  ["^tcp:", { en: "tcp://address:port, as tcp://0.0.0.0:5556", zh: "tcp://地址:端口，如 tcp://0.0.0.0:5556" }],
  ["^(\\[[0-9A-Fa-f:.]+\\]", { en: "address:port, as 0.0.0.0:8420", zh: "地址:端口，如 0.0.0.0:8420" }],
  [
    "^(?:(?:[0-9a-zA-Z.:+=",
    { en: "the 40 characters (Z85) that the receiver prints", zh: "平台接收端显示的 40 个字符（Z85）" },
  ],
  ["^[A-Za-z0-9+/]{40,100}", { en: "a public key in base64", zh: "base64 编码的公钥" }],
];

/** The form that a pattern of the schema asks for; null for one that nobody has put into words. */
export function formOf(pattern: string): Text | null {
  // What YAML Schema escapes in a pattern, a RegExp's source may write plainly.
  const plain = pattern.replaceAll("\\/", "/");
  return forms.find(([start]) => plain.startsWith(start))?.[1] ?? null;
}
