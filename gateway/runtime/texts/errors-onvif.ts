/** Error texts of looking for cameras and of asking them for their streams. */
import type { ErrorText } from "./error-text.ts";

export const onvifErrors = {
  CAMERA_ONVIF: {
    retry: "backoff",
    exit: 20,
    en: [
      "{camera} does not answer ONVIF questions: {detail}",
      "Switch ONVIF on in the camera's own page (many have it off) and add an ONVIF user there; or choose the brand, or type the RTSP address.",
    ],
    zh: [
      "{camera} 不应答 ONVIF 请求：{detail}",
      "请在摄像机网页中启用 ONVIF（多数默认关闭）并添加 ONVIF 用户；也可选择品牌或直接填写 RTSP 地址。",
    ],
  },
  DISCOVERY_RANGE: {
    retry: "never",
    exit: 2,
    en: ['"{range}" is no range of at most {max} IPv4 addresses', "Write it like 192.168.1.0/24; /22 is the largest."],
    zh: ['"{range}" 不是有效的 IPv4 网段（最多 {max} 个地址）', "请写成 192.168.1.0/24 的形式；最大为 /22。"],
  },
} as const satisfies Record<string, ErrorText>;
