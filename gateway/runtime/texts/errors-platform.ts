/** What can go wrong on the platform's side beyond the receiver's own door. */
import type { ErrorText } from "./error-text.ts";

export const platformErrors = {
  RECEIVER_RUNNING: {
    retry: "never",
    exit: 1,
    en: [
      "another receiver already runs on the folder {folder}",
      "Stop it first (to enrol or revoke a box, start it anew with --enrol or --revoke), or give this one a folder of its own with --folder. Only --list, --viewer, --next-key and --switch-key may be used beside it.",
    ],
    zh: [
      "目录 {folder} 已有另一个接收端在运行",
      "请先停止它（登记或停用设备时，请以 --enrol 或 --revoke 重新启动），或用 --folder 为本接收端指定单独的目录。只有 --list、--viewer、--next-key 和 --switch-key 可与其同时使用。",
    ],
  },
  SINK_UNREACHABLE: {
    retry: "backoff",
    exit: 1,
    en: [
      "the store behind the receiver ({sink}) does not answer: {detail}",
      "Nothing is lost: boxes keep what is not acknowledged. Check that the server runs, that its address and account are right, and that its disk has room.",
    ],
    zh: [
      "接收端的存储（{sink}）没有应答：{detail}",
      "数据不会丢失：未确认的内容保留在设备上。请检查服务器是否运行、地址与账号是否正确、磁盘是否有空间。",
    ],
  },
  SINK_UNSAFE: {
    retry: "never",
    exit: 78,
    en: [
      "the store behind the receiver would confirm what a power cut can still take away: {detail}",
      "Set this server so that a commit is on its disk (or on its replicas) before it answers, then start again.",
    ],
    zh: [
      "接收端的存储会在数据落盘前确认，断电可能丢失：{detail}",
      "请将该服务器设置为提交落盘（或复制完成）后再应答，然后重新启动。",
    ],
  },
  SM2_UNAVAILABLE: {
    retry: "never",
    exit: 69,
    en: [
      "no SM2 implementation on this machine passes its self-test",
      "Do not put this build into service with SM2 signatures: install the packages of this release again, or switch signatures off.",
    ],
    zh: ["本机没有通过自检的 SM2 实现", "请勿在此环境启用 SM2 签名：请重新安装本版本的依赖包，或关闭签名。"],
  },
  RECEIVER_CHECK_START: {
    retry: "never",
    exit: 1,
    en: [
      "the receiver under check does not start: {detail}",
      "Run the command by hand with {folder} and {listen} filled in; it must print one line: listening ADDRESS KEY.",
    ],
    zh: [
      "被检查的接收端未能启动：{detail}",
      "请填入 {folder} 与 {listen} 后手动运行该命令；它必须输出一行：listening 地址 公钥。",
    ],
  },
  SINK_ADDRESS: {
    retry: "never",
    exit: 2,
    en: [
      "{address} names no store: {detail}",
      "Write sqlite:PATH, postgres://user@host/database or nats://host:4222; passwords belong into PGPASSWORD, ~/.pgpass or a NATS credentials file.",
    ],
    zh: [
      "{address} 不是有效的存储地址：{detail}",
      "请写成 sqlite:路径、postgres://用户@主机/数据库 或 nats://主机:4222；密码请放在 PGPASSWORD、~/.pgpass 或 NATS 凭据文件中。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
