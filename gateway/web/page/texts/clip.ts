/** Texts of the clip, and of why there is none. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const clipTexts = {
  play: { en: "Play (space)", zh: "播放（空格）" },
  pause: { en: "Pause (space)", zh: "暂停（空格）" },
  moment: { en: "fired", zh: "触发" },
  toMoment: { en: "To the firing moment", zh: "回到触发时刻" },
  scrubber: { en: "Time from the firing moment", zh: "相对触发时刻的时间" },
  back: { en: "A little back", zh: "后退一点" },
  on: { en: "A little on", zh: "前进一点" },
  save: { en: "Save the clip", zh: "保存片段" },
  codec: {
    en: "The clip is H.265, which this browser does not play. Save it and open it in a player, or set the camera's evidence stream to H.264.",
    zh: "录像片段为 H.265 编码，此浏览器无法播放。请保存后用播放器打开，或在摄像机中将证据码流设为 H.264。",
  },
  broken: {
    en: "This browser cannot play the clip. Save it and open it in a player.",
    zh: "此浏览器无法播放该片段。请保存后用播放器打开。",
  },
  comingClip: {
    en: "The clip is still being recorded; it appears here by itself.",
    zh: "录像片段仍在录制，完成后会自动显示。",
  },
  comingPicture: { en: "The picture of the main stream is on its way.", zh: "主码流抓拍正在生成。" },
  lacksClip: { en: "There is no clip: {why}", zh: "没有录像片段：{why}" },
  lacksPicture: { en: "There is no picture of the main stream: {why}", zh: "没有主码流抓拍：{why}" },
  "stream-down": {
    en: "the evidence stream was not there at that moment. Check the evidence address of the camera.",
    zh: "当时证据码流未连通。请检查该摄像机的证据码流地址。",
  },
  "not-kept": {
    en: "the seconds around the moment were no longer, or not yet, in memory.",
    zh: "该时刻前后的画面已不在或尚未进入内存缓存。",
  },
  unreadable: { en: "what had been recorded could not be read.", zh: "已录制的内容无法读取。" },
  "not-cut": {
    en: "cutting failed; the log says why. Check that ffmpeg and ffprobe work on the box.",
    zh: "剪切失败，原因见日志。请检查网关上的 ffmpeg 与 ffprobe 是否正常。",
  },
  "disk-full": { en: "the disk was full.", zh: "磁盘已满。" },
  "write-failed": { en: "it could not be written to the disk.", zh: "写入磁盘失败。" },
  "too-many": { en: "too many events at once waited for theirs.", zh: "同时等待录像的事件过多。" },
  restarted: { en: "the gateway restarted before it was finished.", zh: "完成之前网关重启了。" },
  noClip: {
    en: "This camera keeps no clips. An administrator switches them on with “clip” in the config of the camera.",
    zh: "该摄像机未启用录像片段。管理员可在摄像机配置中用 clip 启用。",
  },
} as const satisfies Record<string, Text>;
