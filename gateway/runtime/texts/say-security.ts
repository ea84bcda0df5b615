/** Titles of security records. */
import type { Text } from "./fill.ts";

export const securityTexts = {
  "security-login": { en: "{user} logged in from {address}", zh: "{user} 从 {address} 登录" },
  "security-logout": { en: "{user} logged out", zh: "{user} 退出登录" },
  "security-login-failed": { en: "{count} failed login(s) from {address}", zh: "登录失败 {count} 次，来自 {address}" },
  "security-login-locked": {
    en: "logins refused for too many failures: {count}, from {address}",
    zh: "失败次数过多，已拒绝登录 {count} 次，来自 {address}",
  },
  "security-code-redeemed": { en: "the one-time code was used from {address}", zh: "从 {address} 使用了一次性设置码" },
  "security-code-wrong": {
    en: "{count} wrong one-time code(s) from {address}",
    zh: "一次性设置码错误 {count} 次，来自 {address}",
  },
  "security-user-added": { en: "{user} added a user", zh: "{user} 新增了用户" },
  "security-user-changed": { en: "{user} changed a user", zh: "{user} 修改了用户" },
  "security-user-removed": { en: "{user} removed a user", zh: "{user} 删除了用户" },
  "security-token-added": {
    en: "{user} made an access token or a screen's link",
    zh: "{user} 新建了访问令牌或大屏链接",
  },
  "security-token-removed": {
    en: "{user} revoked an access token or a screen's link",
    zh: "{user} 吊销了访问令牌或大屏链接",
  },
  "security-screen-opened": { en: "a screen's link was opened from {address}", zh: "从 {address} 打开了大屏链接" },
  "security-users-file-changed": {
    en: "the file of users was changed on the box itself",
    zh: "用户文件在本机上被直接修改",
  },
  "security-config-applied": { en: "config applied by {user}", zh: "{user} 应用了配置" },
  "security-config-returned": {
    en: "a config change was not confirmed and went back by itself",
    zh: "配置变更未确认，已自动回退",
  },
  "security-config-confirmed": { en: "a config change was confirmed", zh: "配置变更已确认" },
  "security-command-unsigned": {
    en: "{count} command(s) that nobody trusted has signed",
    zh: "收到 {count} 条无可信签名的命令",
  },
  "security-keys-renewed": { en: "this box made new keys of its own", zh: "本机更换了自身密钥" },
  "security-evidence-held": { en: "{user} put evidence on hold", zh: "{user} 将证据设为留存" },
  "security-evidence-released": { en: "{user} released evidence from hold", zh: "{user} 解除了证据留存" },
  "security-evidence-seen": { en: "{user} looked at evidence", zh: "{user} 查看了证据" },
  "security-walk-begun": {
    en: "{user} began a test walk: what fires on it is not sent",
    zh: "{user} 开始试走：期间触发的事件不上报",
  },
  "security-walk-ended": { en: "{user} ended a test walk", zh: "{user} 结束试走" },
  "security-records-lost": {
    en: "security records were lost before the box could write",
    zh: "本机可写入前有安全记录丢失",
  },
} as const satisfies Record<string, Text>;
