/** Error texts of cameras and decoders. */
import type { ErrorText } from "./error-text.ts";

export const captureErrors = {
  CAMERA_UNREACHABLE: {
    retry: "backoff",
    exit: 20,
    en: [
      "nothing answers for camera {camera} at {address}: {detail}",
      "Check power, cable and address of the camera, and that this box is in its subnet.",
    ],
    zh: ["摄像机 {camera} 在 {address} 无应答:{detail}", "请检查摄像机的电源、网线和地址,并确认本机与其在同一网段。"],
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
      "请在 config/secrets.yaml 中更正该摄像机的用户名和密码;摄像机会锁定账号,因此本机会等待较长时间再重试。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
