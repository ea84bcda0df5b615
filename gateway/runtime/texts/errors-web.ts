/** What the page's server refuses, and why. */
import type { ErrorText } from "./error-text.ts";

export const webErrors = {
  WEB_LOGIN_WRONG: {
    retry: "never",
    exit: 12,
    en: ["user or password is wrong", "Try again; an admin of this box can set a new password under Users."],
    zh: ["用户名或密码错误", "请重试；本机管理员可在“用户”中重设密码。"],
  },
  WEB_LOCKED: {
    retry: "slow",
    exit: 12,
    en: ["too many wrong tries from this address", "Wait {seconds} s, then try again."],
    zh: ["此地址错误次数过多", "请等待 {seconds} 秒后重试。"],
  },
  WEB_BUSY: {
    retry: "backoff",
    exit: 1,
    en: ["the box checks other logins just now", "Try again in a few seconds."],
    zh: ["本机正在处理其他登录", "请几秒后重试。"],
  },
  WEB_PASSWORD_SHORT: {
    retry: "never",
    exit: 2,
    en: ["the password has the wrong length", "Choose one of {min} to {max} characters."],
    zh: ["密码长度不符", "请使用 {min} 至 {max} 个字符。"],
  },
  WEB_CODE_WRONG: {
    retry: "never",
    exit: 12,
    en: ["this is not the code of this box", "Read the 8 digits on the console of the box once more."],
    zh: ["验证码不正确", "请再次核对本机控制台上显示的 8 位数字。"],
  },
  WEB_CODE_EXPIRED: {
    retry: "never",
    exit: 12,
    en: ["the one-time code is no longer good", "Restart the box; it prints a new code, good for 15 minutes."],
    zh: ["一次性验证码已失效", "请重启本机，将显示新的验证码，15 分钟内有效。"],
  },
  WEB_SIGNED_OUT: {
    retry: "never",
    exit: 12,
    en: ["nobody is logged in here", "Log in again; what was drawn is kept."],
    zh: ["尚未登录", "请重新登录；已绘制的内容不会丢失。"],
  },
  WEB_ROLE: {
    retry: "never",
    exit: 12,
    en: ["this needs the role {role}", "Ask an admin of this box to do it, or to change your role."],
    zh: ["此操作需要“{role}”角色", "请由本机管理员操作，或请其调整您的角色。"],
  },
  WEB_TOKEN_LIMIT: {
    retry: "never",
    exit: 12,
    en: ["this token is not for that", "Log in with a name and a password to do it."],
    zh: ["此令牌不能用于该操作", "请使用用户名和密码登录后操作。"],
  },
  WEB_LINK_UNKNOWN: {
    retry: "never",
    exit: 12,
    en: ["this link opens nothing: it was revoked, or is not complete", "Ask an admin of this box for another."],
    zh: ["此链接无效：可能已被吊销或不完整", "请向本机管理员索取新的链接。"],
  },
  WEB_FORGERY: {
    retry: "never",
    exit: 12,
    en: ["the request does not come from this box's own page", "Load the page anew and repeat it there."],
    zh: ["该请求并非来自本机页面", "请刷新页面后重试。"],
  },
  WEB_UNKNOWN: {
    retry: "never",
    exit: 1,
    en: ["there is no {what} here", "Load the page anew; it may have been removed."],
    zh: ["此处没有 {what}", "请刷新页面；它可能已被删除。"],
  },
  WEB_BODY: {
    retry: "never",
    exit: 2,
    en: ["the request cannot be read: {detail}", "Load the page anew; page and box may have different versions."],
    zh: ["无法读取该请求：{detail}", "请刷新页面；页面与本机的版本可能不一致。"],
  },
  WEB_TOO_LARGE: {
    retry: "never",
    exit: 2,
    en: ["the request is larger than {limitKiB} KiB", "Send less at once."],
    zh: ["请求超过 {limitKiB} KiB", "请减少单次提交的内容。"],
  },
  WEB_INVALID: {
    retry: "never",
    exit: 78,
    en: ["{count} error(s) stand in the way", "Correct the places named below; nothing was changed."],
    zh: ["有 {count} 处错误", "请更正下列位置；未作任何更改。"],
  },
  WEB_CONFLICT: {
    retry: "never",
    exit: 1,
    en: ["somebody else changed it meanwhile", "Compare both versions and choose; nothing of yours is lost."],
    zh: ["期间已有他人修改", "请对比两个版本后选择；您的修改没有丢失。"],
  },
  WEB_IF_MATCH: {
    retry: "never",
    exit: 2,
    en: ["the change does not say on which revision it is based", "Load the page anew and repeat it."],
    zh: ["该修改未注明所基于的版本", "请刷新页面后重试。"],
  },
  WEB_LAST_ADMIN: {
    retry: "never",
    exit: 2,
    en: ["{user} is the last admin of this box", "Make somebody else admin first."],
    zh: ["{user} 是本机最后一名管理员", "请先将其他用户设为管理员。"],
  },
  WEB_USER_EXISTS: {
    retry: "never",
    exit: 2,
    en: ["there is a user {user} already", "Choose another name."],
    zh: ["用户 {user} 已存在", "请换一个名称。"],
  },
  WEB_DISK: {
    retry: "backoff",
    exit: 1,
    en: ["the change could not be written: {detail}", "Make room on the disk of the box; the former state runs on."],
    zh: ["无法写入该修改：{detail}", "请在本机磁盘上腾出空间；原配置继续运行。"],
  },
  WEB_NEWER: {
    retry: "never",
    exit: 1,
    en: ["a newer question took the place of this one", "Nothing is to be done."],
    zh: ["已被更新的请求取代", "无需处理。"],
  },
  WEB_CLOCK: {
    retry: "never",
    exit: 1,
    en: [
      "the clock of the box could not be set: {detail}",
      "Run the gateway as a user that may set the time, or set it on the box.",
    ],
    zh: ["无法设置本机时钟：{detail}", "请以有权设置时间的用户运行网关，或在本机上设置。"],
  },
  WEB_NOT_NOW: {
    retry: "backoff",
    exit: 1,
    en: ["the box is not ready for this: {detail}", "Try again in a moment."],
    zh: ["本机暂时无法执行：{detail}", "请稍后重试。"],
  },
  WEB_FAILED: {
    retry: "backoff",
    exit: 1,
    en: ["the box failed at this", "Try again; if it stays so, make a support bundle and send it in."],
    zh: ["本机处理失败", "请重试；若仍失败，请生成诊断包并提交。"],
  },
} as const satisfies Record<string, ErrorText>;
