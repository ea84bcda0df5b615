/** Error texts of the track log and of rehearsals. */
import type { ErrorText } from "./error-text.ts";

export const trackLogErrors = {
  TRACK_LOG_WRITE: {
    retry: "backoff",
    exit: 74,
    en: [
      "the track log {path} cannot be written: {detail}",
      "Free space or repair the disk. Detection and events go on; only previews of this time will have a gap.",
    ],
    zh: [
      "轨迹日志 {path} 无法写入：{detail}",
      "请释放磁盘空间或修复磁盘。检测与事件不受影响，仅这段时间的规则试算会有缺口。",
    ],
  },
  TRACK_LOG_CUT: {
    retry: "never",
    exit: 74,
    en: [
      "the track log {path} ended in {bytes} broken bytes; it was cut at the last good record",
      "A power cut does this. Nothing has to be done; a few seconds are missing from previews.",
    ],
    zh: [
      "轨迹日志 {path} 末尾有 {bytes} 字节损坏，已在最后一条完好记录处截断",
      "通常由断电引起，无需处理；规则试算会缺少几秒。",
    ],
  },
  TRACK_LOG_EMPTY: {
    retry: "never",
    exit: 1,
    en: [
      "the track log has nothing of camera {camera} in that time ({path})",
      "Check --camera, --since and --at; the log begins when the gateway first runs and keeps storage.trackDays days.",
    ],
    zh: [
      "轨迹日志中没有摄像机 {camera} 在该时段的记录（{path}）",
      "请检查 --camera、--since 与 --at；日志从网关首次运行开始，保留 storage.trackDays 天。",
    ],
  },
  LIVE_PICTURE_FAILED: {
    retry: "backoff",
    exit: 1,
    en: [
      "no live picture of camera {camera} could be made: {detail}",
      "Detection, events and evidence go on, and the view goes on with the next frame. If it stays dark, the box is short of memory, or the packages of this release are damaged: restart the gateway, then install them again.",
    ],
    zh: [
      "无法生成摄像机 {camera} 的实时画面：{detail}",
      "检测、事件与证据不受影响，下一帧会继续显示。若画面一直不出现，说明本机内存不足，或本版本的依赖包已损坏：请先重启网关，再重新安装依赖包。",
    ],
  },
  PICTURE_FAILED: {
    retry: "backoff",
    exit: 1,
    en: [
      "no picture of a frame of camera {camera} could be made: {detail}",
      "An event it belongs to goes up without it, its boxes and its reason whole; detection goes on. If it repeats, the box is short of memory, or the packages of this release are damaged: restart the gateway, then install them again.",
    ],
    zh: [
      "无法将摄像机 {camera} 的一帧画面编码为图片：{detail}",
      "相应事件照常上报，只是没有该图片，目标框与判定过程完整；检测继续进行。若反复出现，说明本机内存不足，或本版本的依赖包已损坏：请先重启网关，再重新安装依赖包。",
    ],
  },
  CLIP_RERUN_BUSY: {
    retry: "backoff",
    exit: 1,
    en: [
      "another clip is being re-run on this box",
      "One at a time, so that live analysis keeps its pace. Try again when it is done; nobody's draft is lost.",
    ],
    zh: ["本机正在重跑另一段录像", "一次只重跑一段，以免影响实时分析。请稍后重试，草稿不会丢失。"],
  },
  CLIP_RERUN_ENDED: {
    retry: "backoff",
    exit: 1,
    en: [
      "the re-run of the clip broke off: {detail}",
      "Start it again. If it breaks off again, the box is short of memory or time: live analysis goes first.",
    ],
    zh: ["录像重跑中断：{detail}", "请重新开始。若再次中断，说明本机内存或算力不足：实时分析优先。"],
  },
} as const satisfies Record<string, ErrorText>;
