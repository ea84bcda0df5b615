/** Texts of the commands for platforms and integrators. */
import type { Text } from "./fill.ts";

export const platformTexts = {
  receiverCheckNeeds: {
    en: "say either --run COMMAND (and --list COMMAND), or --to ADDRESS and --server-key KEY",
    zh: "请指定 --run 命令（及 --list 命令），或者 --to 地址 与 --server-key 公钥",
  },
  receiverCheck_passed: { en: "✓ {id}: {about}", zh: "✓ {id}:{about}" },
  receiverCheck_failed: { en: "✗ {id}: {about}\n    {why}", zh: "✗ {id}:{about}\n    {why}" },
  receiverCheck_skipped: {
    en: "- {id}: {about} (not checked: needs --run and --list)",
    zh: "- {id}：{about}（未检查：需要 --run 和 --list）",
  },
  receiverCheckSum: {
    en: "{passed} passed, {failed} failed, {skipped} not checked",
    zh: "通过 {passed} 项，失败 {failed} 项，未检查 {skipped} 项",
  },
  simulateNeeds: {
    en: "say --to ADDRESS and --server-key KEY (both are printed by the receiver at its start)",
    zh: "请指定 --to 地址 与 --server-key 公钥（接收端启动时会显示）",
  },
  simulateScenario: {
    en: "there is no scenario {scenario}; choose from {known}",
    zh: "没有场景 {scenario}；可选：{known}",
  },
  simulateEnrol: { en: "enrol this box at the receiver: {record}", zh: "请在接收端登记此设备：{record}" },
  simulateStep: {
    en: "{scenario}: {recorded} events recorded, {acknowledged} acknowledged, {waiting} waiting, {evidence} pieces of evidence waiting",
    zh: "{scenario}：已记录 {recorded} 条，已确认 {acknowledged} 条，等待 {waiting} 条，待传证据 {evidence} 件",
  },
  simulateDone: {
    en: "✓ {recorded} events recorded and acknowledged",
    zh: "✓ {recorded} 条事件已记录并全部确认",
  },
  simulateLeft: {
    en: "✗ {waiting} of {recorded} events and {evidence} piece(s) of evidence are not acknowledged; the box says: {error}",
    zh: "✗ {recorded} 条事件中有 {waiting} 条、另有 {evidence} 件证据未确认；设备提示：{error}",
  },
} as const satisfies Record<string, Text>;
