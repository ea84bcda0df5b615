/** `config/secrets.yaml`: logins of cameras. Its lines are never shown, its values never said. */
import { z } from "zod";
import { nearest } from "./did-you-mean.ts";
import type { Problem } from "./diagnostic.ts";
import { valueAt } from "./raw.ts";
import { idSchema, type CameraCredentials } from "./schema.ts";
import { meantHint } from "./zones-problems.ts";

/** No control characters: a login goes into RTSP headers, where a line break would begin a header of its own. */
const loginSchema = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}]*$/u);

/** The whole file. */
export const secretsSchema = z.strictObject({
  cameras: z
    .record(
      idSchema,
      z.strictObject({
        user: loginSchema.describe("user name at the camera | 摄像机用户名"),
        password: loginSchema.describe("password at the camera, best in quotes | 摄像机密码，建议加引号"),
      }),
    )
    .default({})
    .describe("logins by camera id | 按摄像机标识的登录信息"),
});

/** Logins by camera id. */
export type Credentials = Readonly<Record<string, CameraCredentials>>;

/** Warnings about logins that no camera uses, and about who may read the file. */
export function secretsProblems(raw: unknown, cameraIds: readonly string[] | null, mode: number): Problem[] {
  const problems: Problem[] = [];
  if ((mode & 0o077) !== 0) {
    problems.push({
      code: "CONFIG_SECRETS_MODE",
      severity: "warning",
      path: [],
      at: "value",
      values: { mode: (mode & 0o777).toString(8).padStart(4, "0") },
    });
  }
  for (const camera of Object.keys(valueAt(raw, ["cameras"]) ?? {})) {
    if (cameraIds === null || cameraIds.includes(camera)) continue;
    const values = { camera, known: cameraIds.join(", ") || "–" };
    const about = { severity: "warning", path: ["cameras", camera], at: "key" } as const;
    problems.push({ ...about, code: "CONFIG_UNKNOWN_CAMERA", values, ...meantHint(nearest(camera, cameraIds)) });
  }
  return problems;
}
