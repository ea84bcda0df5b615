/** The one truth about `config/gateway.yaml`: types, limits, defaults and the sentence that explains each key. */
import { z } from "zod";
import { pictureFaultsSchema } from "./picture-faults-schema.ts";
import { placeSchema } from "./place-schema.ts";
import { siteSchema } from "./site-schema.ts";

/** Names people type into paths, topics and URLs. */
export const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/);

const seconds = (min: number, max: number) => z.number().min(min).max(max);

/** One camera. */
export const cameraSchema = z.strictObject({
  id: idSchema.describe("short name used in files, topics and commands | 摄像机标识"),
  name: z.string().min(1).max(64).optional().describe("name for people | 名称"),
  code: z
    .string()
    .regex(/^\d{20}$/)
    .optional()
    .describe("20-digit GB/T 28181 code | 国标编码（20 位）"),
  url: z
    .string()
    .max(512)
    .describe(
      "stream to analyse: rtsp://host/path without user and password, or file:path | 分析用码流地址（不含用户名密码）",
    ),
  evidenceUrl: z
    .string()
    .max(512)
    .optional()
    .describe(
      "main stream for evidence, with the same user and password; the stream to analyse when left out | 取证用主码流（登录信息相同）；不填则用分析码流",
    ),
  clip: z
    .strictObject({
      beforeSec: seconds(0, 30).default(5).describe("seconds before the firing moment | 触发前秒数"),
      afterSec: seconds(1, 60).default(10).describe("seconds after it | 触发后秒数"),
      types: z
        .array(z.string().regex(/^[a-z][a-z0-9-]{1,63}$/))
        .min(1)
        .max(64)
        .optional()
        .describe("event types that get a clip; all when left out | 需要录像片段的事件类型"),
    })
    .optional()
    .describe("a video clip as evidence of each occurrence; none when left out | 事件录像片段"),
  enabled: z.boolean().default(true).describe("false: the camera is left alone | 是否启用"),
  transport: z
    .enum(["auto", "tcp", "udp"])
    .default("auto")
    .describe("RTP over the RTSP connection (tcp) or over UDP | 传输方式"),
  rate: z.number().min(0.2).max(25).default(5).describe("frames per second that are analysed | 每秒分析帧数"),
  keyFramesOnly: z
    .boolean()
    .default(false)
    .describe("decode key frames only: cheapest, slowest to notice | 仅解码关键帧"),
  decoder: z
    .enum(["auto", "software", "v4l2m2m", "rkmpp", "nvmpi", "vaapi"])
    .default("auto")
    .describe("who decodes | 解码方式"),
  width: z
    .int()
    .min(160)
    .max(3840)
    .default(960)
    .describe("width of an analysed frame, pixels; its height follows from the camera's shape | 分析画面宽度（像素）"),
  model: idSchema.optional().describe("model package; the default one when left out | 模型"),
  place: placeSchema.optional().describe("where the camera stands | 安装位置"),
  directionDeg: z
    .number()
    .min(0)
    .lt(360)
    .optional()
    .describe("where the camera looks, degrees from north, clockwise | 朝向（正北起顺时针角度）"),
  owner: z.string().min(1).max(64).optional().describe("whose camera it is | 权属单位"),
  purpose: z
    .array(z.string().min(1).max(32))
    .max(16)
    .default([])
    .describe(
      "what this camera may be used for: groups or departments of the event catalogue, or words that rules name in their purpose; a rule for anything else is refused; empty: anything | 允许的用途：事件目录的分组或部门，或规则自带的用途；其他用途的规则将被拒绝；空为不限",
    ),
  pictureFaults: pictureFaultsSchema,
  stallSec: seconds(2, 120)
    .default(8)
    .describe("seconds without a frame after which the decoder is replaced | 无画面多少秒后重启解码"),
});

/** Eight groups of the 85 letters of ZeroMQ RFC 32, none of which says more than 32 bits. */
const z85Key = /^(?:(?:[0-9a-zA-Z.:+=^!/*?&<>()[\]{}@-]|%(?=[0-9a-n]))[0-9a-zA-Z.:+=^!/*?&<>()[\]{}@%$#-]{4}){8}$/;

/** What ZeroMQ can connect to: it takes an address that is none for a bug of the caller's. */
const port = "(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
const zmqAddress = new RegExp(`^(?:tcp://(?:\\[[\\da-fA-F:.]+(?:%[\\w.-]+)?\\]|[\\w.-]+):${port}|ipc://\\S{1,100})$`);

/** What can be asked of a box from above. */
export const commandOps = [
  "health.get",
  "logs.get",
  "snap.now",
  "clip.get",
  "cfg.get",
  "cfg.set",
  "model.update",
  "svc.reload",
  "key.rotate",
  "key.renew",
  "event.mark",
] as const;

/** One of them. */
export type CommandOp = (typeof commandOps)[number];

/** One connection upstream. */
export const uplinkSchema = z.strictObject({
  id: idSchema.describe("name of this connection | 上报通道标识"),
  address: z.string().regex(zmqAddress).describe("tcp://host:port of the receiver | 平台地址"),
  serverKey: z
    .string()
    .length(40, { abort: true })
    .regex(z85Key)
    .describe("the receiver's CURVE public key, 40 characters Z85 | 平台公钥（Z85）"),
  level: z.enum(["community", "street", "district", "city"]).optional().describe("whose platform this is | 平台层级"),
  types: z
    .array(z.string().regex(/^[a-z0-9-]{1,48}\*?$/))
    .max(64)
    .default([])
    .describe("event types that go this way, * at the end: the rest; empty: all | 上报的事件类型，空为全部"),
  departments: z
    .array(z.string().regex(/^[a-z0-9-]{1,32}$/))
    .max(32)
    .default([])
    .describe("only events for one of these departments; empty: all | 仅上报涉及这些部门的事件，空为全部"),
  severity: z
    .int()
    .min(1)
    .max(4)
    .default(4)
    .describe("only events at least this severe; 1 is the most severe | 最低上报等级（1 最高）"),
  evidence: z.enum(["all", "snapshots", "none"]).default("all").describe("which evidence goes this way | 上报哪些证据"),
  security: z
    .boolean()
    .optional()
    .describe(
      "logins, config changes and refused commands go this way; when left out: only where neither types nor departments are chosen | 是否上报安全记录（登录、配置变更、被拒命令）；不填则仅在未限定类型和部门时上报",
    ),
});

/** A box that other gateways send to: it keeps what they give and hands it on. */
export const relaySchema = z.strictObject({
  listen: z
    .string()
    .regex(/^tcp:\/\/.+:\d{1,5}$/)
    .describe("tcp://address:port for the gateways behind this one | 下级网关接入地址"),
  gateways: z
    .array(
      z.strictObject({
        gw: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/)
          .describe("site id of that gateway | 下级网关编码"),
        curvePublic: z.string().length(40).describe("its CURVE public key, Z85 | 其 CURVE 公钥"),
        signPublic: z.string().length(44).describe("its Ed25519 public key, base64 | 其签名公钥"),
        children: z
          .array(z.string().max(40))
          .max(64)
          .optional()
          .describe("gateways behind it, when it relays itself; * for any | 其下级网关"),
      }),
    )
    .max(256)
    .default([])
    .describe("gateways that may send through this one: what keys enrol prints on each | 允许接入的下级网关"),
});

/** Who may command this box from above, and what. */
export const commandsSchema = z.strictObject({
  accept: z
    .array(z.enum(commandOps))
    .max(32)
    .default([])
    .describe("commands that this box obeys; empty: none | 允许执行的远程命令，空为全部拒绝"),
  keys: z
    .array(
      z.strictObject({
        id: idSchema.describe("name of the key | 密钥标识"),
        alg: z.enum(["ed25519", "sm2"]).default("ed25519").describe("signature scheme | 签名算法"),
        public: z
          .string()
          .regex(/^[A-Za-z0-9+/]{40,100}={0,2}$/)
          .describe("public key, base64 | 公钥（base64）"),
      }),
    )
    .max(4)
    .default([])
    .describe("operators whose signature counts | 可签发命令的公钥"),
  confirmSec: seconds(10, 600)
    .default(120)
    .describe(
      "a config change goes back by itself when no platform is reached within this time | 配置变更自动回退时间（秒）",
    ),
});

/** The whole file. */
export const gatewaySchema = z.strictObject({
  schema: z.literal("xueliang.gateway/1").describe("version of this file's layout | 文件版本"),
  site: siteSchema,
  trust: z
    .strictObject({
      signEvents: z
        .enum(["none", "sm2"])
        .default("none")
        .describe("signature inside each event: none, or SM2 with a key made on this box | 事件签名"),
    })
    .prefault({})
    .describe("signatures beside the transport's own | 签名"),
  storage: z
    .strictObject({
      folder: z
        .string()
        .default("var")
        .describe("database, evidence and keys; relative to the folder above config/ | 数据目录"),
      evidenceMegabytes: z
        .int()
        .min(16)
        .max(1_000_000)
        .default(2_048)
        .describe("room for evidence files | 证据文件空间上限（MB）"),
      keepDays: z.int().min(1).max(3650).default(30).describe("days that acknowledged evidence is kept | 证据保存天数"),
      trackDays: z
        .int()
        .min(1)
        .max(90)
        .default(7)
        .describe("days of tracks kept for rehearsing rules | 轨迹日志保存天数"),
      trackMegabytes: z
        .int()
        .min(16)
        .max(100_000)
        .default(512)
        .describe("room for the track logs of all cameras together | 全部轨迹日志空间上限（MB）"),
      ringMegabytes: z
        .int()
        .min(4)
        .max(1_024)
        .default(64)
        .describe(
          "memory for the newest seconds of one camera's evidence stream, where clips or a main stream are configured | 单路取证码流缓存上限（MB）",
        ),
    })
    .prefault({}),
  ffmpeg: z
    .strictObject({ path: z.string().default("ffmpeg").describe("the ffmpeg program | ffmpeg 程序路径") })
    .prefault({}),
  web: z
    .strictObject({
      listen: z
        .string()
        .regex(/^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+):\d{1,5}$/)
        .default("127.0.0.1:8420")
        .describe("address:port of the status page; always behind a password | 网页监听地址"),
      tls: z
        .strictObject({
          certificate: z
            .string()
            .max(512)
            .optional()
            .describe("PEM file; made by the box when left out | 证书文件，留空则自动生成"),
          key: z.string().max(512).optional().describe("PEM file of its key | 私钥文件"),
        })
        .optional()
        .describe("the page over HTTPS; plain HTTP when left out | 启用 HTTPS"),
      enabled: z.boolean().default(true).describe("false: no page at all | 是否启用网页"),
    })
    .prefault({}),
  detector: z
    .strictObject({
      model: idSchema.default("river-starter").describe("default model package in models/ | 默认模型"),
      processes: z.int().min(1).max(8).default(1).describe("detector processes, each with one thread | 检测进程数"),
      timeoutSec: seconds(0.5, 30).default(3).describe("a detector silent for longer is replaced | 检测超时（秒）"),
    })
    .prefault({}),
  uplinks: z.array(uplinkSchema).max(4).default([]).describe("connections upstream | 上报通道"),
  relay: relaySchema.optional().describe("other gateways send through this one | 作为下级网关的中继"),
  commands: commandsSchema.prefault({}).describe("commands from above | 远程命令"),
  cameras: z.array(cameraSchema).max(64).default([]).describe("cameras | 摄像机"),
});

/** A valid, frozen `gateway.yaml` with every default filled in. */
export type GatewayConfig = z.output<typeof gatewaySchema>;
/** One camera of it. */
export type CameraConfig = GatewayConfig["cameras"][number];
/** One uplink of it. */
export type UplinkConfig = GatewayConfig["uplinks"][number];

/** Who may log in at a camera; from `config/secrets.yaml`, never shown. */
export interface CameraCredentials {
  readonly user: string;
  readonly password: string;
}
