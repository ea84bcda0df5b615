/** Remedies at the form of a camera, by the code of the error; what is not here the box says itself. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const remedyTexts = {
  CAMERA_PASSWORD_MISSING: {
    en: "Fill in user and password of the camera above.",
    zh: "请在上方填写摄像机用户名和密码。",
  },
  CAMERA_UNAUTHORIZED: {
    en: "Check user and password above, also small and large letters. Wait a minute before the next try: many cameras lock the account after a few wrong ones.",
    zh: "请核对上方的用户名和密码（注意大小写）。多次错误会被摄像机锁定，请等一分钟再试。",
  },
  CAMERA_URL_INVALID: {
    en: "Write it like rtsp://192.168.1.64:554/path; user and password have their own fields.",
    zh: "请写成 rtsp://192.168.1.64:554/路径 的形式；用户名和密码另有输入框。",
  },
  CAMERA_TRANSPORT_REFUSED: {
    en: "Set the transport of this camera to “automatic” on its settings page.",
    zh: "请在该摄像机的设置页将传输方式改为“自动”。",
  },
} as const satisfies Record<string, Text>;
