/** Error texts of the ring that evidence is cut from. */
import type { ErrorText } from "./error-text.ts";

export const ringErrors = {
  RING_NO_STREAM: {
    retry: "never",
    exit: 78,
    en: [
      "camera {camera} plays a file, and clips and evidence pictures are cut from a living stream only",
      "Give the camera an rtsp:// address, or leave clip and evidenceUrl out.",
    ],
    zh: [
      "摄像机 {camera} 播放的是文件，录像片段和取证图片只能取自实时码流",
      "请为该摄像机填写 rtsp:// 地址，或去掉 clip 和 evidenceUrl。",
    ],
  },
  RING_TOO_SMALL: {
    retry: "backoff",
    exit: 22,
    en: [
      "the evidence stream of camera {camera} makes more than {megabytes} MB without a key frame",
      "Set a key frame every 1 to 2 seconds (I-frame interval) in the camera, or raise storage.ringMegabytes.",
    ],
    zh: [
      "摄像机 {camera} 的取证码流超过 {megabytes} MB 仍无关键帧",
      "请在摄像机中将 I 帧间隔设为 1 至 2 秒，或调高 storage.ringMegabytes。",
    ],
  },
  RING_NOT_IN_MEMORY: {
    retry: "never",
    exit: 1,
    en: [
      "camera {camera} has privacy masks, and no folder in memory has room for its evidence stream",
      "Free memory, or lower storage.ringMegabytes; what a mask hides is never written to a disk.",
    ],
    zh: [
      "摄像机 {camera} 设有隐私遮挡，而内存目录没有空间缓存其取证码流",
      "请释放内存或调低 storage.ringMegabytes；被遮挡的画面不会写入磁盘。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
