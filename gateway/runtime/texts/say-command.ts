/** Texts of the command line. */
import type { Text } from "./fill.ts";

export const commandTexts = {
  severityError: { en: "error", zh: "错误" },
  severityWarning: { en: "warning", zh: "警告" },
  hint: { en: "help", zh: "提示" },
  diagnosticCount: { en: "{errors} error(s), {warnings} warning(s)", zh: "{errors} 处错误，{warnings} 处警告" },
  configValid: {
    en: "✓ {folder} is valid · revision {revision} · {cameras} camera(s), {zones} zone(s), {uplinks} uplink(s)",
    zh: "✓ {folder} 有效 · 版本 {revision} · {cameras} 路摄像机，{zones} 个区域，{uplinks} 个上报通道",
  },
  modelNotHere: {
    en: "! model package models/{model} is not there; the detector will not start without it",
    zh: "! 模型包 models/{model} 不存在；缺少它检测无法启动",
  },
  helpTitle: {
    en: "Xueliang Gateway: cameras in, acknowledged events out",
    zh: "雪亮网关：摄像机接入，事件上报并确认",
  },
  helpExamples: { en: "Examples", zh: "示例" },
  helpUsage: { en: "Usage", zh: "用法" },
  helpCommands: { en: "Commands", zh: "命令" },
  helpOptions: { en: "Options", zh: "选项" },
  helpGlobal: { en: "Options of every command", zh: "通用选项" },
  helpMore: {
    en: "`xueliang help COMMAND` explains one; `xueliang help exit-codes` the exit codes; `xueliang explain CODE` an error.",
    zh: "`xueliang help 命令` 查看某个命令；`xueliang help exit-codes` 查看退出码；`xueliang explain 代码` 解释错误。",
  },
  exitCodesTitle: {
    en: "Exit codes (new ones may be added; treat an unknown one as a failure)",
    zh: "退出码（可能新增；未知代码请视为失败）",
  },
  unknownCommand: { en: 'unknown command "{command}"', zh: '未知命令 "{command}"' },
  didYouMean: { en: '; did you mean "{meant}"?', zh: '；是否想写 "{meant}"？' },
  unknownFlag: { en: "unknown option {flag}", zh: "未知选项 {flag}" },
  flagNeedsValue: { en: "option {flag} needs a value", zh: "选项 {flag} 需要一个值" },
  flagTakesNone: { en: "option {flag} takes no value", zh: "选项 {flag} 不带值" },
  badTimeout: { en: "--timeout needs seconds from 0.1 to 86400", zh: "--timeout 应为 0.1 至 86400 的秒数" },
  badLanguage: { en: "--lang is zh or en", zh: "--lang 应为 zh 或 en" },
  missingArgument: { en: "{what} is missing", zh: "缺少{what}" },
  tooManyArguments: { en: 'too many arguments: "{argument}"', zh: '多余的参数："{argument}"' },
  unknownErrorCode: { en: 'there is no error code "{code}"', zh: '没有错误代码 "{code}"' },
  unknownCameraId: { en: 'there is no camera "{camera}" in the config', zh: '配置中没有摄像机 "{camera}"' },
  bug: { en: "this is a fault of the program, not of your input", zh: "这是程序缺陷，与您的输入无关" },
  retryBackoff: { en: "The box tries again by itself, after growing pauses.", zh: "网关会自动重试，间隔逐渐加长。" },
  retrySlow: { en: "The box tries again by itself, but only after a long pause.", zh: "网关会自动重试，但间隔较长。" },
  retryNever: { en: "It stays until something is changed.", zh: "需要更改后才会恢复。" },
  explainExit: { en: "A command that ends with it exits with {exit}.", zh: "以此错误结束的命令退出码为 {exit}。" },
  runStarted: {
    en: "gateway {version} running · site {site} · {cameras} camera(s) · config revision {revision}",
    zh: "网关 {version} 已运行 · 站点 {site} · {cameras} 路摄像机 · 配置版本 {revision}",
  },
  runPage: { en: "status page: {address}", zh: "状态页：{address}" },
  setUpStarted: {
    en: "No config yet: open one of these addresses and enter the code below. {addresses}",
    zh: "尚无配置：请打开下列地址之一并输入下方验证码。{addresses}",
  },
  setUpCode: {
    en: "The code for a phone is the first of them, {address}; the others lead here too.",
    zh: "二维码为其中第一个地址 {address}；其余地址同样可用。",
  },
  runCode: {
    en: "one-time code to set its first password: {code} (15 minutes)",
    zh: "首次设置密码的一次性验证码：{code}（15 分钟内有效）",
  },
  runNotTold: {
    en: "the service manager waits for READY=1 and cannot be told: no addon for this machine (xueliang doctor says why). Set Type=exec and take WatchdogSec out of the unit.",
    zh: "服务管理器在等待 READY=1，但无法通知：本机没有可用的原生组件（xueliang doctor 会说明原因）。请在服务单元中设 Type=exec 并删除 WatchdogSec。",
  },
  runStopped: { en: "stopped", zh: "已停止" },
  urlPageOff: {
    en: "the page is switched off (web.enabled in gateway.yaml)",
    zh: "页面已停用（gateway.yaml 的 web.enabled）",
  },
  urlOnlyHere: {
    en: "on this machine only: for a phone set web.listen in gateway.yaml to 0.0.0.0 and the port",
    zh: "仅本机可访问：要用手机打开，请把 gateway.yaml 的 web.listen 改为 0.0.0.0 加端口",
  },
  statusBox: {
    en: "{site} · xueliang {version} · {process} for {uptime} · {megabytes} MB · config {revision}",
    zh: "{site} · xueliang {version} · {process} {uptime} · 内存 {megabytes} MB · 配置 {revision}",
  },
  statusNoCameras: { en: "no cameras", zh: "没有摄像机" },
  statusWatchEnds: { en: "Ctrl-C ends", zh: "Ctrl-C 结束" },
  cameraListNone: { en: "no cameras in {folder}", zh: "{folder} 中没有摄像机" },
  cameraFileSource: { en: "file", zh: "文件" },
  cameraAnswered: {
    en: "✓ {camera}: {codec} at {address}, {transport}, answered in {ms} ms",
    zh: "✓ {camera}：{codec}，{address}，{transport}，{ms} 毫秒内应答",
  },
  cameraFirstFrame: {
    en: "✓ {camera}: first frame {width}x{height} after {ms} ms, decoder {decoder}",
    zh: "✓ {camera}：首帧 {width}x{height}，{ms} 毫秒，解码 {decoder}",
  },
  cameraDisabled: { en: "– {camera}: disabled in the config", zh: "– {camera}：配置中已停用" },
  discoveryNoInterface: {
    en: "this box has no network interface with an IPv4 address but loopback; check the cable",
    zh: "本机除回环外没有带 IPv4 地址的网络接口，请检查网线",
  },
  discoveryContainer: {
    en: "in a container network of its own the question reaches no camera; run with the host's network, or type the range of addresses",
    zh: "容器使用独立网络，搜索报文无法到达摄像机；请改用主机网络，或填写网段逐个询问",
  },
  discoveryRefused: {
    en: "the system did not send it ({code}); check address and route of this interface",
    zh: "系统未能发出（{code}），请检查该接口的地址与路由",
  },
  discoveryTried: { en: "tried {interface} {address}: {note}", zh: "已尝试 {interface} {address}：{note}" },
  discoveryAsked: { en: "asked three times", zh: "已询问三次" },
  discoveryNone: {
    en: "nobody answered. Cameras answer only when ONVIF is on; switches, VLANs and firewalls often swallow the question. Try --cidr 192.168.1.0/24, or write the address into config/gateway.yaml by hand",
    zh: "无应答。摄像机须启用 ONVIF 才会应答；交换机、VLAN 与防火墙常会丢弃搜索报文。可用 --cidr 192.168.1.0/24 逐个询问，或直接在 config/gateway.yaml 中填写地址",
  },
  discoveryFound: { en: "{count} device(s) answered", zh: "{count} 台设备应答" },
  cameraTestSummary: { en: "{good} of {all} camera(s) give pictures", zh: "{all} 路摄像机中 {good} 路有画面" },
  keysPublic: { en: "public key of this box: {key}", zh: "本机公钥：{key}" },
  keysHere: {
    en: "secret key: {path} (mode 0600; it never leaves this box)",
    zh: "私钥：{path}（权限 0600，从不离开本机）",
  },
  keysEnrol: { en: "on the platform, allow this box with:", zh: "在平台上执行以下命令，允许本机接入：" },
  keysMade: { en: "a key pair was made", zh: "已生成密钥对" },
  relayNone: {
    en: "this box has not run as a relay yet; set relay in gateway.yaml and start it",
    zh: "本机尚未作为中继运行；请在 gateway.yaml 中配置 relay 并启动",
  },
  relayNextKey: {
    en: "next public key of this relay: {key}. Start the gateway anew, and the gateways behind it hear of it as they connect; keys relay-switch when all of them know it",
    zh: "本中继的下一公钥：{key}。重启网关后，下级网关连接时即可得知；全部知晓后执行 keys relay-switch",
  },
  relayUnaware: {
    en: "gateways that do not know the next key: {gateways}. Wait until they have been here, or --force and write the new key into their gateway.yaml",
    zh: "尚不知晓下一公钥的网关：{gateways}。请等待其连接，或使用 --force 并将新公钥写入其 gateway.yaml",
  },
  relayNoNext: {
    en: "no next key was announced; begin with keys relay-next",
    zh: "尚未公布下一公钥；请先执行 keys relay-next",
  },
  relaySwitched: {
    en: "public key of this relay: {key} from the next start on; the former one opens nothing any more",
    zh: "自下次启动起本中继的公钥为：{key}；原公钥作废",
  },
  auditHolds: {
    en: "✓ {count} line(s), the chain holds; newest hash {head}",
    zh: "✓ 共 {count} 条，哈希链完整；最新哈希 {head}",
  },
  auditBroken: {
    en: "✗ line {n} does not follow from the one before it: the list was changed or damaged",
    zh: "✗ 第 {n} 条与前一条不衔接：记录被改动或损坏",
  },
  passwordAsk: { en: "new password of the status page: ", zh: "状态页新密码：" },
  passwordAgain: { en: "once more: ", zh: "请再次输入：" },
  passwordDiffers: { en: "the two passwords differ", zh: "两次输入的密码不一致" },
  passwordShort: { en: "the password needs 8 to 256 characters", zh: "密码需要 8 至 256 个字符" },
  passwordSet: { en: "✓ password set; everybody must log in again", zh: "✓ 密码已设置；所有人需要重新登录" },
  passwordNoInput: { en: "no password on standard input", zh: "标准输入中没有密码" },
  schemaTypes: { en: "event types of the catalogue", zh: "目录中的事件类型" },
  typedNo: { en: "no", zh: "否" },
  yes: { en: "yes", zh: "是" },
} as const satisfies Record<string, Text>;
