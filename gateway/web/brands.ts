/** Where the common makers keep their streams, and the address that follows (pure). */
import { z } from "zod";
import type { Brand, CameraAddress } from "./api.ts";

const smart = {
  zh: "请关闭 Smart/H.264+/H.265+ 编码，并将 I 帧间隔设为与帧率相近。",
  en: "Switch off smart coding (H.264+, H.265+) and set the I-frame interval near the frame rate.",
};

/** As their manuals name them. */
export const brands: readonly Brand[] = [
  {
    id: "hikvision",
    name: { zh: "海康威视", en: "Hikvision" },
    main: "/Streaming/Channels/{channel}01",
    sub: "/Streaming/Channels/{channel}02",
    port: 554,
    note: smart,
  },
  {
    id: "dahua",
    name: { zh: "大华", en: "Dahua" },
    main: "/cam/realmonitor?channel={channel}&subtype=0",
    sub: "/cam/realmonitor?channel={channel}&subtype=1",
    port: 554,
    note: smart,
  },
  {
    id: "uniview",
    name: { zh: "宇视", en: "Uniview" },
    main: "/unicast/c{channel}/s0/live",
    sub: "/unicast/c{channel}/s1/live",
    port: 554,
    note: smart,
  },
  {
    id: "tp-link",
    name: { zh: "TP-LINK", en: "TP-Link" },
    main: "/stream1",
    sub: "/stream2",
    port: 554,
    note: {
      zh: "用户名和密码为摄像机本地账号，需在 TP-LINK 应用中先启用 RTSP。",
      en: "User and password are the camera's own account; enable RTSP in the maker's app first.",
    },
  },
  {
    id: "custom",
    name: { zh: "自定义", en: "custom" },
    main: null,
    sub: null,
    port: 554,
    note: { zh: "路径见摄像机手册。", en: "The camera's manual names the path." },
  },
];

/** What a page may send for an address. */
export const addressSchema = z.union([
  z.strictObject({ url: z.string().max(512) }),
  z.strictObject({
    brand: z.enum(["hikvision", "dahua", "uniview", "tp-link", "custom"]),
    host: z
      .string()
      .max(253)
      .regex(/^[A-Za-z0-9._:[\]-]+$/),
    port: z.int().min(1).max(65_535).optional(),
    channel: z.int().min(1).max(64).optional(),
    stream: z.enum(["main", "sub"]).optional(),
  }),
]);

const makers: readonly (readonly [Exclude<Brand["id"], "custom">, RegExp])[] = [
  ["hikvision", /hik|\bDS-2/i],
  ["dahua", /dahua|\b(?:IPC|DH)-H/i],
  ["uniview", /uniview|\bUNV\b/i],
  ["tp-link", /tp-?link|\bTL-IPC|vigi|tapo/i],
];

/** The brand that a device's own words name. */
export function brandOf(words: string): Brand["id"] {
  return makers.find(([, pattern]) => pattern.test(words))?.[0] ?? "custom";
}

/** The RTSP address. */
export function urlOf(address: CameraAddress): string {
  if ("url" in address) return address.url;
  const brand = brands.find(({ id }) => id === address.brand);
  const path = (address.stream === "sub" ? brand?.sub : brand?.main) ?? "/";
  const host = address.host.includes(":") && !address.host.startsWith("[") ? `[${address.host}]` : address.host;
  return `rtsp://${host}:${address.port ?? brand?.port ?? 554}${path.replace("{channel}", String(address.channel ?? 1))}`;
}
