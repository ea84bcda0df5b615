/** Every command: its words, its options, where it lives. Loading one loads nothing of the others. */
import type { Text } from "../runtime/texts/fill.ts";
import type { Command } from "./command.ts";

/** An option of a command. */
export interface Flag {
  /** Name of the value in help; a flag without one is a switch. */
  readonly value?: string;
  readonly about: Text;
}

/** One command. */
export interface CommandEntry {
  readonly about: Text;
  /** Shown first in help, without the leading `xueliang`. */
  readonly examples: readonly string[];
  readonly usage: string;
  /** Options by name without dashes; null: the command reads its own. */
  readonly flags: Readonly<Record<string, Flag>> | null;
  readonly load: () => Promise<Command>;
}

const seconds = "SECONDS";

/** Of `camera discover`. */
export const cameraFlags: Readonly<Record<string, Flag>> = {
  cidr: {
    value: "RANGE",
    about: {
      en: "addresses to ask one by one besides, like 192.168.1.0/24",
      zh: "另外逐个询问的网段，如 192.168.1.0/24",
    },
  },
};

/** Of `audit`. */
export const auditFlags: Readonly<Record<string, Flag>> = {
  since: { value: "24h|TIME", about: { en: "from when; all that is kept otherwise", zh: "起始时间，默认全部" } },
};

/** Of `keys relay-switch`. */
export const keysFlags: Readonly<Record<string, Flag>> = {
  force: {
    about: {
      en: "leave gateways behind that do not know the relay's next key",
      zh: "不等待尚不知晓中继下一公钥的网关",
    },
  },
};

/** In the order of help. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  run: {
    about: { en: "run the gateway in the foreground", zh: "前台运行网关" },
    examples: ["run", "run --config /etc/xueliang"],
    usage: "run",
    flags: {},
    load: async () => (await import("./run.ts")).runCommand,
  },
  demo: {
    about: {
      en: "camera simulator, gateway and receiver on this machine; events are printed as they are acknowledged",
      zh: "在本机运行摄像机模拟器、网关和接收端，事件确认后逐行显示",
    },
    examples: ["demo", "demo --until-event fishing-multi-rod --timeout 180"],
    usage: "demo [--until-event TYPE] [--timeout SECONDS]",
    flags: null,
    load: async () => (await import("../rehearsal/demo.ts")).demo,
  },
  receive: {
    about: {
      en: "run the platform's receiver: stores events and evidence, acknowledges",
      zh: "运行平台接收端：保存事件与证据并确认",
    },
    examples: [
      "receive",
      "receive --sink postgres://user@host/city --enrol box-1.json",
      "receive --sink 'nats://host:4222?replicas=3' --metrics 127.0.0.1:9464",
      "receive --list",
    ],
    usage:
      "receive [--listen tcp://[::]:8421] [--folder DIR] [--sink ADDRESS] [--enrol FILE] [--revoke GW] [--metrics HOST:PORT] [--evidence HOST:PORT] | --list | --viewer NAME=CAMERA,… | --next-key | --switch-key [--force]",
    flags: null,
    load: async () => (await import("../../platform/receive.ts")).receive,
  },
  fleet: {
    about: {
      en: "command boxes from the platform's side: make a key, send, bring a model, mark an event, show results; list their cameras",
      zh: "从平台侧向网关下发命令：生成密钥、发送、更新模型、标记事件、查看结果；列出各网关的摄像机",
    },
    examples: [
      "fleet key --id duty",
      "fleet send box-1 health.get --key duty.json",
      "fleet model-update models/river-starter box-1 box-2 --key duty.json",
      "fleet mark 01JD3W0Q9V7M6T8Y2K4N5P6R7S false --reason heron --key duty.json",
      "fleet results",
      "fleet cameras --json",
    ],
    usage: "fleet key|send|model-update|mark|results|cameras",
    flags: null,
    load: async () => (await import("../../platform/fleet/fleet.ts")).fleet,
  },
  receiver: {
    about: {
      en: "drive a receiver of your own through what the protocol promises, one verdict a scenario",
      zh: "按协议逐项检查自研接收端并给出结论",
    },
    examples: [
      "receiver check --run 'python3 platform/examples/receiver.py {folder} {listen}'",
      "receiver check --to tcp://10.0.0.5:8421 --server-key KEY --folder check",
    ],
    usage:
      "receiver check --run COMMAND [--list COMMAND] | --to ADDRESS --server-key KEY [--folder DIR] [--only SCENARIO,…]",
    flags: null,
    load: async () => (await import("./receiver/receiver.ts")).receiverCommand,
  },
  simulate: {
    about: {
      en: "a box without cameras: steady events, storms, repetitions, clock jumps, huge evidence",
      zh: "无摄像机的模拟设备：平稳、突发、重复、时钟跳变、超大证据",
    },
    examples: ["simulate --to tcp://127.0.0.1:8421 --server-key KEY --scenario storm,clock-jump"],
    usage:
      "simulate --to ADDRESS --server-key KEY [--scenario NAME,…] [--events N] [--rate PER_SECOND] [--id GW] [--folder DIR]",
    flags: null,
    load: async () => (await import("./simulate/simulate.ts")).simulateCommand,
  },
  status: {
    about: { en: "what the running gateway sees and sends", zh: "查看运行中网关的状态" },
    examples: ["status", "status --watch", "status --json"],
    usage: "status [--watch]",
    flags: { watch: { about: { en: "again every two seconds", zh: "每两秒刷新" } } },
    load: async () => (await import("./status.ts")).statusCommand,
  },
  url: {
    about: { en: "where the page of this box can be opened", zh: "查看本机页面的访问地址" },
    examples: ["url", "url --qr"],
    usage: "url [--qr]",
    flags: {
      qr: { about: { en: "the first address as a QR code, for a phone", zh: "以二维码显示首个地址，供手机扫描" } },
    },
    load: async () => (await import("./url.ts")).urlCommand,
  },
  doctor: {
    about: {
      en: "check this box end to end: disk, clock, config, cameras, models, uplinks",
      zh: "全面检查本机：磁盘、时钟、配置、摄像机、模型、上报",
    },
    examples: ["doctor", "doctor --strict --json"],
    usage: "doctor [--strict]",
    flags: { strict: { about: { en: "a warning, too, ends with exit code 3", zh: "有警告也以退出码 3 结束" } } },
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  config: {
    about: { en: "check and show the config files", zh: "检查与查看配置" },
    examples: ["config check", "config check --config /etc/xueliang", "config show --json", "config schema zones"],
    usage: "config check | show | schema [gateway|zones] | types",
    flags: {},
    load: async () => (await import("./config.ts")).configCommand,
  },
  camera: {
    about: {
      en: "list cameras; test whether they give pictures, and say why not; look for cameras nearby; accept a view that was moved on purpose",
      zh: "列出摄像机；测试是否有画面并说明原因；搜索附近的摄像机；确认有意调整后的视角",
    },
    examples: ["camera test", "camera test north-pier", "camera discover --cidr 192.168.1.0/24"],
    usage: "camera list | test [ID …] | discover [--cidr RANGE] | accept-view ID",
    flags: cameraFlags,
    load: async () => (await import("./camera.ts")).cameraCommand,
  },
  keys: {
    about: { en: "the key pair that proves this box to the platform", zh: "本机向平台证明身份的密钥对" },
    examples: ["keys show", "keys enrol", "keys relay-next", "keys relay-switch"],
    usage: "keys show | enrol | relay-next | relay-switch [--force]",
    flags: keysFlags,
    load: async () => (await import("./keys.ts")).keysCommand,
  },
  model: {
    about: { en: "inspect and measure model packages", zh: "检查与测试模型包" },
    examples: ["model list", "model inspect models/river-starter", "model test models/river-starter"],
    usage: "model list | inspect | test | bench | eval …",
    flags: null,
    load: async () => (await import("./model.ts")).modelCommand,
  },
  rules: {
    about: {
      en: "what other rules would have fired, why a rule did or did not, and a backtest with a verdict",
      zh: "试算规则改动、解释触发与未触发的原因、回测并给出结论",
    },
    examples: [
      "rules preview --camera north-pier --since 24h --with draft.yaml",
      "rules why --camera north-pier --at 2026-03-14T12:00:00+08:00",
      "rules why --event 01JD3W0Q9V7M6T8Y2K4N5P6R7S",
      "rules suppressed --camera north-pier --since 24h",
      "rules test test-fixtures/clips",
      "rules test test-fixtures/clips --only second-rod --trace",
    ],
    usage:
      "rules preview --camera ID --with FILE [--since 24h] | why --camera ID --at TIME [--track N] | why --event ID | suppressed --camera ID [--since 24h] | test DIR [--only NAME] [--baseline FILE] [--trace] [--model ID]",
    flags: null,
    load: async () => (await import("./rules.ts")).rulesCommand,
  },
  audit: {
    about: {
      en: "who did what to this box and whether its list was changed since; with --json every line with its hash, to be kept elsewhere",
      zh: "查看本机操作审计记录并校验完整性；--json 逐行输出含哈希的记录，便于另存",
    },
    examples: ["audit --since 24h", "audit --json"],
    usage: "audit [--since 24h]",
    flags: auditFlags,
    load: async () => (await import("./audit.ts")).auditCommand,
  },
  password: {
    about: {
      en: "set the password of the status page; read from the terminal or standard input, never from the command line",
      zh: "设置状态页密码；从终端或标准输入读取，不从命令行读取",
    },
    examples: ["password set", "password set < password.txt"],
    usage: "password set",
    flags: {},
    load: async () => (await import("./password.ts")).passwordCommand,
  },
  explain: {
    about: { en: "what an error code means and what to do", zh: "解释错误代码及处理办法" },
    examples: ["explain CAMERA_UNAUTHORIZED"],
    usage: "explain CODE",
    flags: {},
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  help: {
    about: { en: "this text; of one command; of the exit codes", zh: "显示帮助" },
    examples: ["help", "help camera", "help exit-codes"],
    usage: "help [COMMAND | exit-codes]",
    flags: {},
    load: async () => (await import("./help.ts")).helpCommand,
  },
};

/** Options that every command understands. */
export const globalFlags: Readonly<Record<string, Flag>> = {
  json: {
    about: {
      en: "machine output, one JSON document a line; the last line is the result",
      zh: "机器可读输出，每行一个 JSON，最后一行为结果",
    },
  },
  lang: { value: "zh|en", about: { en: "language of the output; from LANG otherwise", zh: "输出语言，默认取自 LANG" } },
  config: {
    value: "DIR",
    about: {
      en: "config folder; XUELIANG_CONFIG or config/ otherwise",
      zh: "配置目录，默认 XUELIANG_CONFIG 或 config/",
    },
  },
  timeout: { value: seconds, about: { en: "give up after so many seconds", zh: "超过该秒数则放弃" } },
  "no-color": { about: { en: "no colour; so does NO_COLOR", zh: "不使用颜色（同 NO_COLOR）" } },
  help: { about: { en: "explain the command", zh: "显示该命令的帮助" } },
};
