/** Why a camera is decoded otherwise than its config asks, and how its evidence stream is. */
import type { Text } from "./fill.ts";

/** Why the processor decodes although hardware was asked for. */
export const decoderNotes = {
  decoderCodecUnknown: {
    en: "{wanted} was asked for, but the codec is not known beforehand; the processor decodes",
    zh: "已指定 {wanted}，但无法事先得知编码格式；改由处理器解码",
  },
  decoderMjpeg: {
    en: "{wanted} was asked for, but Motion JPEG is always decoded by the processor",
    zh: "已指定 {wanted}，但 Motion JPEG 一律由处理器解码",
  },
  decoderNoDevice: {
    en: "{wanted} was asked for, but this box has no such device; the processor decodes",
    zh: "已指定 {wanted}，但本机没有该解码硬件；改由处理器解码",
  },
  decoderNotBuilt: {
    en: "{wanted} was asked for, but this ffmpeg was built without {name}; the processor decodes",
    zh: "已指定 {wanted}，但本机的 ffmpeg 不含 {name}；改由处理器解码",
  },
  decoderNoPicture: {
    en: "{wanted} gave no picture; the processor decodes until the next start",
    zh: "{wanted} 未输出画面；下次启动前改由处理器解码",
  },
} as const satisfies Record<string, Text>;

export const captureTexts = {
  ...decoderNotes,
  ringLine: {
    en: "{camera}: evidence stream {state}, {seconds} s ({size}) in {place}",
    zh: "{camera}：取证码流{state}，已缓存 {seconds} 秒（{size}），位于{place}",
  },
  ringMemory: { en: "memory", zh: "内存" },
  ringDisk: { en: "the storage folder", zh: "数据目录" },
} as const satisfies Record<string, Text>;
