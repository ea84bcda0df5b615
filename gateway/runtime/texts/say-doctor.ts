/** Texts of `xueliang doctor`. */
import type { Text } from "./fill.ts";

export const doctorTexts = {
  doctorBox: { en: "Box", zh: "本机" },
  doctorConfig: { en: "Config", zh: "配置" },
  doctorCameras: { en: "Cameras", zh: "摄像机" },
  doctorModels: { en: "Models", zh: "模型" },
  doctorUplinks: { en: "Uplinks", zh: "上报通道" },
  doctorVersion: {
    en: "xueliang {version} · {platform} · Node {node}",
    zh: "xueliang {version} · {platform} · Node {node}",
  },
  doctorNative: { en: "pixel kernels: {note}", zh: "像素内核：{note}" },
  doctorNativeOk: { en: "pixel kernels run natively", zh: "像素内核为本机代码" },
  doctorFfmpeg: {
    en: "ffmpeg {version} ({path}) · hardware: {devices}",
    zh: "ffmpeg {version}（{path}）· 硬件解码：{devices}",
  },
  doctorNone: { en: "none", zh: "无" },
  doctorClockWrong: {
    en: "the clock says {time}: events would carry a wrong time. Set it, or let the box reach a time server",
    zh: "时钟为 {time}：事件时间将不正确。请校时或使本机可访问时间服务器",
  },
  doctorClockUnsynced: {
    en: "no time service says that the clock is synchronised (systemd-timesyncd or chrony)",
    zh: "没有时间服务确认时钟已同步（systemd-timesyncd 或 chrony）",
  },
  doctorClock: { en: "the clock is synchronised", zh: "时钟已同步" },
  doctorDisk: {
    en: "{folder}: {free} of {size} free · 1 MB written and synced in {ms} ms",
    zh: "{folder}：剩余 {free} / {size} · 写入并落盘 1 MB 用时 {ms} 毫秒",
  },
  doctorDiskFull: {
    en: "{folder}: only {free} of {size} free. Delete what is not needed, or give storage.folder another disk",
    zh: "{folder}：仅剩 {free} / {size}。请清理磁盘，或将 storage.folder 改到其他磁盘",
  },
  doctorDiskUnwritable: {
    en: "{folder} cannot be written: {detail}. Correct owner and rights of the folder",
    zh: "{folder} 无法写入：{detail}。请更正目录的属主和权限",
  },
  doctorMemory: { en: "memory: {free} of {size} available", zh: "内存：可用 {free} / {size}" },
  doctorHot: {
    en: "{degrees} °C: the box is hot. Give it shade or air, or lower the rate of its cameras",
    zh: "{degrees} °C：设备过热。请改善遮阳、通风，或降低摄像机分析帧率",
  },
  doctorTemperature: { en: "{degrees} °C", zh: "{degrees} °C" },
  doctorRevision: { en: "valid · revision {revision}", zh: "有效 · 版本 {revision}" },
  doctorRunning: { en: "the daemon runs this revision, since {time}", zh: "守护进程正在运行此版本，已运行 {time}" },
  doctorRunsOther: {
    en: "the daemon runs revision {running}, the files are {revision}. Restart it to take them over",
    zh: "守护进程运行的是版本 {running}，文件为 {revision}。请重启以生效",
  },
  doctorNotRunning: { en: "the daemon is not running", zh: "守护进程未运行" },
  doctorNoCameras: { en: "no cameras in the config", zh: "配置中没有摄像机" },
  doctorStreaming: {
    en: "{camera}: streaming to the daemon, {width}x{height}, decoder {decoder}",
    zh: "{camera}：守护进程正在取流，{width}x{height}，解码 {decoder}",
  },
  doctorModel: {
    en: "{model} {version}: {ms} ms a look · {labels}",
    zh: "{model} {version}：每次 {ms} 毫秒 · {labels}",
  },
  doctorNoUplink: {
    en: "no uplink in the config: events stay on this box",
    zh: "配置中没有上报通道：事件仅保存在本机",
  },
  doctorReachable: { en: "{uplink}: {address} takes connections", zh: "{uplink}：{address} 可连接" },
  doctorUnreachable: {
    en: "{uplink}: {address} cannot be reached: {detail}. Check network, address and firewall",
    zh: "{uplink}：无法连接 {address}：{detail}。请检查网络、地址和防火墙",
  },
  doctorUplink: {
    en: "{uplink}: {address} · session stands · {depth} waiting for acknowledgement",
    zh: "{uplink}：{address} · 会话正常 · {depth} 条待确认",
  },
  doctorUplinkDown: {
    en: "{uplink}: {address} · no session · {depth} waiting, nothing is lost",
    zh: "{uplink}：{address} · 无会话 · {depth} 条待确认，不会丢失",
  },
  doctorResult: { en: "{problems} problem(s), {warnings} warning(s)", zh: "{problems} 个问题，{warnings} 个警告" },
} as const satisfies Record<string, Text>;
