/** Texts of programs' tokens and screens' links. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const tokenTexts = {
  title: { en: "Screens and programs", zh: "大屏与程序访问" },
  about: {
    en: "A screen's link opens the live view and nothing else. A token lets a program use the API. Each is shown once, and can be revoked at any time.",
    zh: "大屏链接只能打开实时画面。访问令牌供程序调用接口。两者仅显示一次，可随时吊销。",
  },
  screen: { en: "Screen: live view only", zh: "大屏：仅实时画面" },
  api: { en: "Program: API token", zh: "程序：接口令牌" },
  kind: { en: "For", zh: "用途" },
  name: { en: "Name", zh: "名称" },
  add: { en: "Make a link or a token", zh: "新建链接或令牌" },
  thisOne: { en: "it", zh: "该链接" },
  lastUsed: { en: "Last used", zh: "最近使用" },
  revoke: { en: "Revoke", zh: "吊销" },
  revokeAsk: {
    en: "Revoke {name}? Whoever uses it is shut out at once.",
    zh: "吊销 {name}？使用者将立即失去访问权限。",
  },
  revoked: { en: "{name} is revoked", zh: "已吊销 {name}" },
  screenOnce: {
    en: "Open this address on the screen, or scan it. It stays good until it is revoked, and is not shown again.",
    zh: "请在大屏上打开此地址，或扫描二维码。吊销前一直有效，关闭后不再显示。",
  },
  apiOnce: {
    en: "Copy this token now: it is not shown again. The program sends it with every request.",
    zh: "请立即复制此令牌，关闭后不再显示。程序须在每次请求中携带。",
  },
  copy: { en: "Copy", zh: "复制" },
  certificate: { en: "This box's certificate", zh: "本机证书" },
  certificateAbout: {
    en: "A phone that trusts it no longer warns about this page. Scan the code or save the file, compare the fingerprint, then install it as a CA certificate in the phone's security settings.",
    zh: "手机信任此证书后，打开本页面不再提示风险。请扫码或保存文件，核对指纹后，在手机的安全设置中安装为 CA 证书。",
  },
  certificateSave: { en: "Save the certificate", zh: "保存证书" },
  certificateUntil: { en: "good until {time}", zh: "有效期至 {time}" },
} as const satisfies Record<string, Text>;
