/** Error texts of database, evidence and uplink. */
import type { ErrorText } from "./error-text.ts";

export const deliveryErrors = {
  DATABASE_FULL: {
    retry: "backoff",
    exit: 1,
    en: [
      "the disk that holds {path} is full",
      "Free space on that disk; detection goes on, and events are written as soon as there is room.",
    ],
    zh: ["存放 {path} 的磁盘已满", "请释放该磁盘的空间；检测继续进行，一有空间即写入事件。"],
  },
  DATABASE_BUSY: {
    retry: "backoff",
    exit: 1,
    en: [
      "{path} is in use by another program",
      "Stop the other program that has this database open; only the daemon may write to it.",
    ],
    zh: ["{path} 正被其他程序占用", "请停止占用该数据库的程序；只有本服务可以写入它。"],
  },
  DATABASE_CORRUPT: {
    retry: "never",
    exit: 1,
    en: [
      "{path} is damaged: {detail}",
      "Start the daemon again: it sets the damaged file aside in quarantine/, saves what can be read and begins a new one. Replace the disk if this repeats.",
    ],
    zh: [
      "{path} 已损坏：{detail}",
      "请重新启动服务：损坏的文件将移入 quarantine/，可读取的内容会被抢救，并新建数据库。若反复出现，请更换存储介质。",
    ],
  },
  DATABASE_IO: {
    retry: "never",
    exit: 74,
    en: [
      "the disk failed while reading or writing {path}: {detail}",
      "Check the disk (dmesg shows its errors) and replace it; the daemon starts again from what the disk really kept.",
    ],
    zh: [
      "读写 {path} 时磁盘出错：{detail}",
      "请检查并更换磁盘（dmesg 可见错误信息）；服务重启后从磁盘实际保存的内容继续。",
    ],
  },
  DATABASE_UNSAFE: {
    retry: "never",
    exit: 69,
    en: [
      "the database library cannot keep its promise here: {detail}",
      "Run the daemon with the Node and the packages of this release: npm install, then npm start.",
    ],
    zh: [
      "数据库组件在此环境下无法保证数据不丢：{detail}",
      "请使用本版本自带的 Node 与依赖：先执行 npm install，再执行 npm start。",
    ],
  },
  EVIDENCE_DISK_FULL: {
    retry: "backoff",
    exit: 1,
    en: [
      "no room for evidence in {path}",
      "Free space, or raise storage.evidenceMegabytes if the disk is large enough; events are recorded without pictures until then, and say so.",
    ],
    zh: [
      "{path} 没有空间存放证据",
      "请释放空间，或在磁盘足够大时调高 storage.evidenceMegabytes；此前事件照常记录但不带图片，并会注明。",
    ],
  },
  EVIDENCE_WRITE: {
    retry: "backoff",
    exit: 1,
    en: [
      "evidence could not be written to {path}: {detail}",
      "Check that the daemon may write to this folder and that its disk is healthy; events are recorded without pictures until then.",
    ],
    zh: ["证据无法写入 {path}：{detail}", "请确认服务对该目录有写权限且磁盘正常；此前事件照常记录但不带图片。"],
  },
  EVIDENCE_LOST: {
    retry: "backoff",
    exit: 1,
    en: [
      "evidence of event {event} in {path} is not what was recorded ({detail}: gone, or damaged)",
      "Check the disk of this box (dmesg shows its errors). The event stands without it, and the platform is told that it will not come.",
    ],
    zh: [
      "事件 {event} 的证据 {path} 已非原样（{detail}：gone 为文件不存在，damaged 为内容损坏）",
      "请检查本机存储介质（dmesg 可见错误信息）。事件照常保留，并已告知平台该证据不会送达。",
    ],
  },
  EVIDENCE_SPOILED: {
    retry: "backoff",
    exit: 1,
    en: [
      "evidence of event {event} was sent to {uplink} {times} times and was damaged there each time; its file here is whole ({path})",
      "Check disk and memory of the platform behind this uplink. The file stays on this box and is offered again in {minutes} min.",
    ],
    zh: [
      "事件 {event} 的证据已向 {uplink} 发送 {times} 次，每次在对端均损坏；本机文件完好（{path}）",
      "请检查该通道对端平台的存储介质和内存。文件保留在本机，{minutes} 分钟后再次发送。",
    ],
  },
  KEYS_UNREADABLE: {
    retry: "never",
    exit: 78,
    en: [
      "the key file {path} cannot be used: {detail}",
      "Restore the file from a backup, or delete it: a new identity is made at the next start, which the platform must enrol again.",
    ],
    zh: [
      "密钥文件 {path} 无法使用：{detail}",
      "请从备份恢复该文件，或将其删除：下次启动会生成新的身份，需要在平台重新登记。",
    ],
  },
  UPLINK_UNREACHABLE: {
    retry: "backoff",
    exit: 40,
    en: [
      "nothing answers at {address} ({uplink})",
      "Check network and address of this uplink and that the receiver runs; events wait in the outbox and are sent when it answers.",
    ],
    zh: [
      "{address}（{uplink}）无应答",
      "请检查该上报通道的网络和地址，并确认平台接收端在运行；事件保存在发件箱中，恢复后自动补传。",
    ],
  },
  UPLINK_NO_HANDSHAKE: {
    retry: "backoff",
    exit: 40,
    en: [
      "{address} ({uplink}) accepts the connection but does not complete the handshake",
      "Compare serverKey of this uplink with the key that the receiver prints: a receiver that changed its key while this box was away is known by the new one only, write it into gateway.yaml. If they are equal, something else listens at that address.",
    ],
    zh: [
      "{address}（{uplink}）接受了连接，但未完成握手",
      "请核对该通道的 serverKey 与平台接收端显示的公钥：若平台在本机离线期间更换了密钥，请将新公钥写入 gateway.yaml。若一致，则该地址上运行的是其他程序。",
    ],
  },
  UPLINK_REJECTED: {
    retry: "backoff",
    exit: 40,
    en: [
      "{address} ({uplink}) refuses this box: {detail}",
      "Enrol this box at the platform: `xueliang keys` prints its public keys; then check that site.id is the id enrolled there.",
    ],
    zh: [
      "{address}（{uplink}）拒绝了本机：{detail}",
      "请在平台登记本机：`xueliang keys` 会显示公钥；并确认 site.id 与登记的编码一致。",
    ],
  },
  UPLINK_TWICE: {
    retry: "backoff",
    exit: 40,
    en: [
      "another box speaks to {address} ({uplink}) with the name and keys of this one",
      "Find the copy of this box's disk or keys and switch it off; give it a site id and keys of its own.",
    ],
    zh: [
      "另一台设备正以本机的编码和密钥连接 {address}（{uplink}）",
      "请找到复制了本机磁盘或密钥的设备并停用，为其配置独立的网关编码和密钥。",
    ],
  },
  UPLINK_BROKEN: {
    retry: "backoff",
    exit: 40,
    en: [
      "the session with {address} ({uplink}) ended: {detail}",
      "Nothing to do if it comes back by itself; if it repeats, look at the receiver's log and at the line between.",
    ],
    zh: [
      "与 {address}（{uplink}）的会话中断：{detail}",
      "若自行恢复则无需处理；若反复出现，请查看平台接收端日志和网络线路。",
    ],
  },
  RECEIVER_LISTEN: {
    retry: "never",
    exit: 1,
    en: [
      "the receiver cannot listen at {address}: {detail}",
      "Choose a free port with --listen, or stop the program that uses this one.",
    ],
    zh: ["接收端无法在 {address} 监听：{detail}", "请用 --listen 选择空闲端口，或停止占用该端口的程序。"],
  },
  RECEIVER_OPEN_DOOR: {
    retry: "never",
    exit: 1,
    en: [
      "the receiver's socket fails its self-test ({what}) and does not start",
      "Do not put this build into service: keys would not be checked, or acknowledgements lost; install the packages of this release again.",
    ],
    zh: [
      "接收端套接字自检未通过（{what}），拒绝启动",
      "请勿使用该安装：密钥校验或应答可能失效；请重新安装本版本的依赖包。",
    ],
  },
  ENROLMENT_INVALID: {
    retry: "never",
    exit: 2,
    en: [
      "this is not an enrolment record: {detail}",
      "Use the line that `xueliang keys --json` prints on the box, unchanged.",
    ],
    zh: ["登记信息无效：{detail}", "请原样使用设备上 `xueliang keys --json` 输出的内容。"],
  },
  ENROLMENT_TWICE: {
    retry: "never",
    exit: 2,
    en: [
      "the key of {gw} belongs to {other} already",
      "Each box has keys of its own: let this one make new ones if its disk was copied. If the box was renamed, shut its former name out first: `xueliang receive --revoke {other}`.",
    ],
    zh: [
      "{gw} 的公钥已登记给 {other}",
      "每台设备须使用自己的密钥：若磁盘系复制而来，请在本设备上重新生成密钥；若设备改了编码，请先停用原编码：`xueliang receive --revoke {other}`。",
    ],
  },
  TRANSFER_FAILED: {
    retry: "backoff",
    exit: 1,
    en: ["{file} did not arrive: {detail}", "Send the command again: what has arrived is kept, and the rest follows."],
    zh: ["{file} 未能送达：{detail}", "请重新发送命令：已收到的部分会保留，只补传其余部分。"],
  },
} as const satisfies Record<string, ErrorText>;
