/** The exit codes of the command line: a contract with scripts and service managers. */
import type { Text } from "../runtime/texts/fill.ts";

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  withProblems: 3,
  daemonNotRunning: 10,
  daemonVersion: 11,
  notPermitted: 12,
  cameraUnreachable: 20,
  cameraUnauthorized: 21,
  cameraNoVideo: 22,
  model: 30,
  uplink: 40,
  dependency: 69,
  detector: 70,
  storage: 74,
  config: 78,
  interrupted: 130,
} as const;

/** What each code means, in the order of the numbers. */
export const exitCodeTexts: readonly (readonly [number, Text])[] = [
  [exitCodes.done, { en: "done", zh: "完成" }],
  [exitCodes.failed, { en: "failed, see the message", zh: "失败，见提示" }],
  [exitCodes.usage, { en: "wrong usage", zh: "用法错误" }],
  [
    exitCodes.withProblems,
    { en: "finished with problems, for example some cameras failed", zh: "已完成但有问题，例如部分摄像机失败" },
  ],
  [exitCodes.daemonNotRunning, { en: "the daemon is not running", zh: "守护进程未运行" }],
  [exitCodes.daemonVersion, { en: "daemon and command are of different versions", zh: "守护进程与命令版本不一致" }],
  [exitCodes.notPermitted, { en: "not permitted, or wrong password", zh: "无权限或密码错误" }],
  [exitCodes.cameraUnreachable, { en: "camera unreachable", zh: "摄像机无法连接" }],
  [exitCodes.cameraUnauthorized, { en: "camera refused the credentials", zh: "摄像机拒绝登录" }],
  [exitCodes.cameraNoVideo, { en: "camera has no usable video", zh: "摄像机没有可用视频" }],
  [exitCodes.model, { en: "model unusable", zh: "模型不可用" }],
  [exitCodes.uplink, { en: "uplink unreachable", zh: "平台无法连接" }],
  [exitCodes.dependency, { en: "a dependency is missing (ffmpeg, Node)", zh: "缺少依赖（ffmpeg、Node）" }],
  [exitCodes.detector, { en: "the detector failed", zh: "检测器故障" }],
  [exitCodes.storage, { en: "the disk or database failed", zh: "磁盘或数据库故障" }],
  [exitCodes.config, { en: "config invalid; nothing was started", zh: "配置无效，未启动" }],
  [exitCodes.interrupted, { en: "interrupted", zh: "被中断" }],
];
