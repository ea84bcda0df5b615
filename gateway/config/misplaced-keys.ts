/** Keys that people bring along from elsewhere, and where the thing is said here (texts only). */
import type { Text } from "../runtime/texts/fill.ts";

const secrets: Text = {
  en: "logins stand in config/secrets.yaml: cameras: {<id>: {user: …, password: …}}",
  zh: "用户名和密码写在 config/secrets.yaml 中：cameras: {<摄像机标识>: {user: …, password: …}}",
};

/** By lower-case key. */
export const misplacedKeys: Readonly<Record<string, Text>> = {
  user: secrets,
  username: secrets,
  password: secrets,
  passwd: secrets,
  fps: { en: 'frames per second stand under "rate"', zh: '每秒帧数写在 "rate"' },
  dwell: { en: 'the seconds are "suspectedSec" and "detectedSec"', zh: '持续秒数写在 "suspectedSec" 与 "detectedSec"' },
  confidence: { en: 'the least score of a detection is "score"', zh: '置信度阈值写在 "score"' },
  points: { en: 'the corners of a zone stand under "polygon"', zh: '区域顶点写在 "polygon"' },
  coordinates: { en: 'the corners of a zone stand under "polygon"', zh: '区域顶点写在 "polygon"' },
};
