/** Where a config keeps its database, keys, evidence and sockets. */
import { resolve } from "node:path";
import { loadConfig, type LoadedConfig } from "../config/load.ts";

/** Absolute; a relative `storage.folder` starts at the folder above `config/`. */
export function storageFolder(config: Pick<LoadedConfig, "root" | "gateway">): string {
  return resolve(config.root, config.gateway.storage.folder);
}

/** The same for a config folder on disk. @throws ConfigError */
export async function storageFolderOf(configFolder: string): Promise<string> {
  return storageFolder(await loadConfig(configFolder));
}
