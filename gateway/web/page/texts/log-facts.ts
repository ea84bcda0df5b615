/** What the daemon's log lines begin with, in the reader's language; the log itself names the fact in English. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const logFacts = {
  "gateway running": { en: "the gateway runs", zh: "网关已运行" },
  "config taken on": { en: "the new config runs", zh: "新配置已生效" },
  config: { en: "config", zh: "配置" },
  camera: { en: "camera", zh: "摄像机" },
  "evidence stream": { en: "evidence stream", zh: "证据码流" },
  detector: { en: "detector", zh: "检测器" },
  delivery: { en: "delivery", zh: "上报" },
  command: { en: "command", zh: "远程命令" },
  "clock set from the page": { en: "the clock was set from the page", zh: "已从页面设置时钟" },
  "page api": { en: "fault in the page's server", zh: "页面服务故障" },
  "status page": { en: "fault in the status page", zh: "状态页故障" },
  "relay listening": { en: "takes events of other gateways", zh: "已开始接收其他网关的事件" },
  "event not recorded": { en: "an event was not recorded", zh: "事件未能落盘" },
  "measurement not recorded": { en: "a measurement was not recorded", zh: "测量值未能落盘" },
  "events given up, the platform is told": {
    en: "events were given up; the platform is told",
    zh: "部分事件已放弃上报，并已告知平台",
  },
  "database set aside, readable events saved into a new one": {
    en: "the damaged database was set aside; what could be read is in a new one",
    zh: "损坏的数据库已另存，可读的事件已转入新库",
  },
  "a command that nobody trusted has signed": {
    en: "a command came that nobody trusted has signed; it was not obeyed",
    zh: "收到未经可信签名的命令，未执行",
  },
  "a model that was on trial when the box went down is gone; the former one is back": {
    en: "the model on trial is gone after the restart; the former one is back",
    zh: "重启后试用中的模型已撤回，恢复原模型",
  },
} as const satisfies Record<string, Text>;
