/** The page's addresses in the service's run directory (`/run/xueliang/url`), for scripts and login banners. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One address a line, the best first; nothing where nobody gave the service a run directory. */
export async function writeUrlFile(
  env: Readonly<Record<string, string | undefined>>,
  addresses: readonly string[],
): Promise<void> {
  const folder = env["RUNTIME_DIRECTORY"]?.split(":")[0];
  if (folder === undefined || folder === "") return;
  // A convenience: a box whose run directory takes no file runs all the same, and `xueliang url` says the same.
  await writeFile(join(folder, "url"), `${addresses.join("\n")}\n`).catch(() => undefined);
}
