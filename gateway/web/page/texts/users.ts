/** Texts of the users' page. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const userTexts = {
  title: { en: "Users", zh: "用户" },
  own: { en: "My password", zh: "我的密码" },
  old: { en: "Present password", zh: "当前密码" },
  next: { en: "New password, at least 8 characters", zh: "新密码，至少 8 个字符" },
  again: { en: "New password again", zh: "再次输入新密码" },
  change: { en: "Change the password", zh: "修改密码" },
  changed: {
    en: "The password is changed; other devices of this user are logged out.",
    zh: "密码已修改，该用户的其他设备已退出登录。",
  },
  role: { en: "Role", zh: "角色" },
  created: { en: "Since", zh: "创建时间" },
  lastSeen: { en: "Last seen", zh: "最近登录" },
  never: { en: "never", zh: "从未" },
  me: { en: "you", zh: "本人" },
  setPassword: { en: "Set a password", zh: "重置密码" },
  setPasswordOf: { en: "New password of {name}", zh: "{name} 的新密码" },
  remove: { en: "Remove", zh: "删除" },
  removeAsk: { en: "Remove the user {name}?", zh: "删除用户 {name}？" },
  add: { en: "Add a user", zh: "添加用户" },
  name: { en: "Name", zh: "用户名" },
  added: { en: "{name} is added", zh: "已添加 {name}" },
  saved: { en: "Saved", zh: "已保存" },
  roleOf: { en: "Role of {name}", zh: "{name} 的角色" },
  camerasOf: { en: "Cameras that {name} sees", zh: "{name} 可查看的摄像机" },
  allCameras: { en: "all, also those added later", zh: "全部（包括以后添加的）" },
  viewerMay: { en: "looks", zh: "查看" },
  technicianMay: { en: "also draws, marks and tests", zh: "另可绘制、标注、测试" },
  adminMay: {
    en: "also changes cameras, users, network and the config text",
    zh: "另可修改摄像机、用户、网络与配置文本",
  },
} as const satisfies Record<string, Text>;
