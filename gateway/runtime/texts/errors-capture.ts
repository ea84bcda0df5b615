/** Error texts of cameras and decoders. */
import type { ErrorText } from "./error-text.ts";

export const captureErrors = {
  CAMERA_URL_INVALID: {
    retry: "never",
    exit: 78,
    en: [
      "the address of camera {camera} cannot be used: {detail}",
      "Write rtsp://host:port/path (or rtsps://, or file:path) in config/gateway.yaml; user and password belong in config/secrets.yaml.",
    ],
    zh: [
      "摄像机 {camera} 的地址无法使用：{detail}",
      "请在 config/gateway.yaml 中写成 rtsp://主机:端口/路径（或 rtsps://、file:路径）；用户名和密码写在 config/secrets.yaml 中。",
    ],
  },
  CAMERA_ADDRESS_REFUSED: {
    retry: "backoff",
    exit: 78,
    en: [
      "{host} is no address for camera {camera} ({detail})",
      "Write the address that the camera has in its own network. An address of this box itself or a link-local one counts only where somebody at the box writes it as it is, in config/gateway.yaml or on the page.",
    ],
    zh: [
      "{host} 不能作为摄像机 {camera} 的地址（{detail}）",
      "请填写摄像机在其网络中的地址。本机自身的地址或链路本地地址，只有由现场人员在 config/gateway.yaml 或本机页面中直接写明时才可使用。",
    ],
  },
  CAMERA_NAME_UNKNOWN: {
    retry: "backoff",
    exit: 20,
    en: [
      "the host name of camera {camera} cannot be resolved: {host}",
      "Check the spelling, or use the camera's IP address; check the DNS server of this box.",
    ],
    zh: ["无法解析摄像机 {camera} 的主机名：{host}", "请检查拼写和本机的 DNS 服务器，或改用摄像机的 IP 地址。"],
  },
  CAMERA_UNREACHABLE: {
    retry: "backoff",
    exit: 20,
    en: [
      "nothing answers for camera {camera} ({address}): {detail}",
      "Check power, cable and address of the camera, and that this box is in its subnet.",
    ],
    zh: ["摄像机 {camera}（{address}）无应答：{detail}", "请检查摄像机的电源、网线和地址，并确认本机与其在同一网段。"],
  },
  CAMERA_REFUSED: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} ({address}) refuses connections",
      "The device is on, but nothing listens on this port: switch RTSP on in the camera, or correct the port (usually 554).",
    ],
    zh: [
      "摄像机 {camera}（{address}）拒绝连接",
      "设备在线，但该端口没有服务：请在摄像机中启用 RTSP，或更正端口（通常为 554）。",
    ],
  },
  CAMERA_SILENT: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} ({address}) takes the connection and gives no answer: {detail}",
      "Restart the camera; if it stays so, too many viewers may be connected to it.",
    ],
    zh: ["摄像机 {camera}（{address}）接受连接但不应答：{detail}", "请重启摄像机；若仍如此，可能是连接的客户端过多。"],
  },
  CAMERA_NOT_RTSP: {
    retry: "backoff",
    exit: 20,
    en: [
      "what answers for camera {camera} ({address}) does not speak RTSP: {detail}",
      "This is probably the camera's web page or another service; correct the port (RTSP is usually 554).",
    ],
    zh: [
      "摄像机 {camera}（{address}）上应答的不是 RTSP 服务：{detail}",
      "可能是摄像机的网页或其他服务；请更正端口（RTSP 通常为 554）。",
    ],
  },
  CAMERA_UNAUTHORIZED: {
    retry: "slow",
    exit: 21,
    en: [
      "camera {camera} refused the user name or password",
      "Correct user and password of this camera in config/secrets.yaml; the box waits long before it tries again, because cameras lock accounts.",
    ],
    zh: [
      "摄像机 {camera} 拒绝了用户名或密码",
      "请在 config/secrets.yaml 中更正该摄像机的用户名和密码；摄像机会锁定账号，因此本机会等待较长时间再重试。",
    ],
  },
  CAMERA_PASSWORD_MISSING: {
    retry: "slow",
    exit: 21,
    en: [
      "camera {camera} asks for a password and none is configured",
      "Add user and password of this camera to config/secrets.yaml.",
    ],
    zh: ["摄像机 {camera} 要求登录，但未配置密码", "请在 config/secrets.yaml 中添加该摄像机的用户名和密码。"],
  },
  CAMERA_AUTH_UNSUPPORTED: {
    retry: "slow",
    exit: 21,
    en: [
      "camera {camera} offers only a login that cannot be used here: {detail}",
      "Allow Digest with MD5 (or Basic) for RTSP in the camera's security settings.",
    ],
    zh: [
      "摄像机 {camera} 只提供本机无法使用的认证方式：{detail}",
      "请在摄像机的安全设置中为 RTSP 启用 Digest（MD5）或 Basic 认证。",
    ],
  },
  CAMERA_FORBIDDEN: {
    retry: "slow",
    exit: 21,
    en: [
      "camera {camera} does not let this user see the stream",
      "Give the user the right to view live video, or use another account.",
    ],
    zh: ["摄像机 {camera} 不允许该用户查看此码流", "请为该用户授予实时预览权限，或改用其他账号。"],
  },
  CAMERA_NOT_FOUND: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} knows no stream at {path}",
      "Correct the path of the address; the camera's manual or its ONVIF profile names it.",
    ],
    zh: ["摄像机 {camera} 上没有码流 {path}", "请更正地址中的路径；可查阅摄像机手册或其 ONVIF 配置。"],
  },
  CAMERA_BUSY: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} serves no further viewer now (status {status})",
      "Close other viewers of this camera, or raise its limit of connections; the box tries again by itself.",
    ],
    zh: [
      "摄像机 {camera} 暂不接受更多连接（状态 {status}）",
      "请关闭该摄像机的其他客户端，或提高其连接数上限；本机会自动重试。",
    ],
  },
  CAMERA_REDIRECTED: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} sends the box to another host ({host}), which is refused",
      "If the other host is right, write it as the address of this camera.",
    ],
    zh: ["摄像机 {camera} 将本机重定向到另一主机（{host}），已拒绝", "如果另一主机正确，请将其写为该摄像机的地址。"],
  },
  CAMERA_PROTOCOL: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} answered {method} with {status}",
      "Check the path of the address; restart the camera if it worked before.",
    ],
    zh: ["摄像机 {camera} 对 {method} 的应答为 {status}", "请检查地址中的路径；如果以前正常，请重启摄像机。"],
  },
  CAMERA_TRANSPORT_REFUSED: {
    retry: "backoff",
    exit: 22,
    en: [
      "camera {camera} refuses {transport} as transport (status {status})",
      "Set transport: auto for this camera in config/gateway.yaml.",
    ],
    zh: [
      "摄像机 {camera} 拒绝使用 {transport} 传输（状态 {status}）",
      "请在 config/gateway.yaml 中将该摄像机设为 transport: auto。",
    ],
  },
  CAMERA_NO_VIDEO: {
    retry: "backoff",
    exit: 22,
    en: [
      "camera {camera} offers no video at this address: {detail}",
      "Enable video for this stream in the camera, or use the path of another stream.",
    ],
    zh: ["摄像机 {camera} 在该地址没有视频：{detail}", "请在摄像机中为该码流启用视频，或改用其他码流的路径。"],
  },
  CAMERA_CODEC_UNSUPPORTED: {
    retry: "backoff",
    exit: 22,
    en: [
      "camera {camera} sends {codec}, which is not supported",
      "Set the stream to H.264, H.265 or MJPEG in the camera.",
    ],
    zh: ["摄像机 {camera} 的编码为 {codec}，不受支持", "请在摄像机中将该码流设为 H.264、H.265 或 MJPEG。"],
  },
  CAMERA_STALLED: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} sent no new picture for {seconds} s",
      "The box reconnects by itself; if it happens often, check the network and the camera's load.",
    ],
    zh: ["摄像机 {camera} 已 {seconds} 秒没有新画面", "本机会自动重连；若经常出现，请检查网络和摄像机负载。"],
  },
  CAMERA_DRIPS: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} sends a picture only now and then: {count} in {seconds} s",
      "The box reconnects by itself; if it happens often, check the network and the camera's load, and whether a recorder or the camera lets old pictures drip.",
    ],
    zh: [
      "摄像机 {camera} 只断续送出画面：{seconds} 秒内 {count} 帧",
      "本机会自动重连；若经常出现，请检查网络和摄像机负载，以及录像机或摄像机是否在断续转发旧画面。",
    ],
  },
  CAMERA_ENDED: {
    retry: "backoff",
    exit: 20,
    en: [
      "camera {camera} ended the stream",
      "The box reconnects by itself; if it happens often, check whether the camera restarts.",
    ],
    zh: ["摄像机 {camera} 结束了码流", "本机会自动重连；若经常出现，请检查摄像机是否在重启。"],
  },
  CAMERA_DAMAGED: {
    retry: "backoff",
    exit: 3,
    en: [
      "pictures of camera {camera} arrive damaged ({count} times lately)",
      "Packets are lost on the way: set transport: tcp for this camera, lower its bit rate, or check the network; damaged pictures never raise an event.",
    ],
    zh: [
      "摄像机 {camera} 的画面有损坏（近期 {count} 次）",
      "传输中有丢包：请将该摄像机设为 transport: tcp、降低码率或检查网络；损坏的画面不会触发事件。",
    ],
  },
  CLIP_UNREADABLE: {
    retry: "never",
    exit: 22,
    en: ["{path} cannot be played: {detail}", "Check that the file exists and is a video that ffmpeg can read."],
    zh: ["无法播放 {path}：{detail}", "请确认文件存在，且为 ffmpeg 可读取的视频。"],
  },
  CLIP_NOT_CUT: {
    retry: "backoff",
    exit: 1,
    en: [
      "a clip could not be cut: {detail}",
      "Check that ffmpeg and ffprobe work on this box (ffprobe comes with ffmpeg); the event stands without the clip and says so.",
    ],
    zh: [
      "无法剪切录像片段：{detail}",
      "请检查本机的 ffmpeg 与 ffprobe 是否正常（ffprobe 随 ffmpeg 安装）；事件照常保留但不带片段，并会注明。",
    ],
  },
  DECODER_NOT_STARTED: {
    retry: "never",
    exit: 69,
    en: [
      "the decoder could not be started: {detail}",
      "Debian/Ubuntu: sudo apt install ffmpeg; or set ffmpeg.path in config/gateway.yaml.",
    ],
    zh: [
      "无法启动解码程序：{detail}",
      "Debian/Ubuntu：sudo apt install ffmpeg；或在 config/gateway.yaml 中设置 ffmpeg.path。",
    ],
  },
  DECODER_EXITED: {
    retry: "backoff",
    exit: 22,
    en: [
      "the decoder of camera {camera} gave up before its first picture: {detail}",
      "The box tries again by itself; run `xueliang camera test {camera}` for the reason.",
    ],
    zh: [
      "摄像机 {camera} 的解码程序在首帧之前退出：{detail}",
      "本机会自动重试；可运行 `xueliang camera test {camera}` 查明原因。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
