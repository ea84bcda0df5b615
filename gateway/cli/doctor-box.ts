/** The box itself: program, clock, disk, memory, heat. Linux says these in files; elsewhere a line is left out. */
import { open, readFile, readdir, rm, statfs, access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { capabilitiesOf } from "../analysis/capture/capabilities.ts";
import type { LoadedConfig } from "../config/load.ts";
import { nativeStatus } from "../../native/index.ts";
import { GatewayError } from "../runtime/errors.ts";
import { megabytesText } from "../runtime/texts/duration.ts";
import { say, type TextKey } from "../runtime/texts/say.ts";
import type { Values } from "../runtime/texts/fill.ts";
import { version } from "../runtime/version.ts";
import type { CommandIo } from "./command.ts";
import { failed, fine, poor, wrong, type Finding } from "./doctor-finding.ts";
import { storageFolder } from "./storage-folder.ts";

/** Before the program was written no clock can be right. */
const earliestMs = Date.UTC(2026, 0, 1);
/** Below, a day of evidence no longer fits. */
const leastFreeBytes = 512 * 1_048_576;
/** Most boards slow themselves down from 80 to 85 °C on. */
const hotDegrees = 80;
const section = "doctorBox";

/** `config` null: it is invalid, and what needs it is left out. */
export async function* checkBox(config: LoadedConfig | null, io: CommandIo): AsyncGenerator<Finding> {
  const text = (key: TextKey, values: Values = {}): string => say(io.language, key, values);
  const platform = `${process.platform}/${process.arch}`;
  yield fine(section, text("doctorVersion", { version, platform, node: process.versions.node }));
  yield nativeStatus.kind === "native"
    ? fine(section, text("doctorNativeOk"))
    : poor(section, text("doctorNative", { note: nativeStatus.note }));
  yield await ffmpeg(config?.gateway.ffmpeg.path ?? "ffmpeg", io);
  yield await clock(text);
  if (config) yield await disk(storageFolder(config), text);
  const memory = await memoryBytes();
  if (memory) {
    const values = { free: megabytesText(memory.available), size: megabytesText(memory.total) };
    yield (memory.available < memory.total / 10 ? poor : fine)(section, text("doctorMemory", values));
  }
  const degrees = await hottest();
  if (degrees !== null)
    yield degrees >= hotDegrees
      ? poor(section, text("doctorHot", { degrees }))
      : fine(section, text("doctorTemperature", { degrees }));
}

async function ffmpeg(path: string, io: CommandIo): Promise<Finding> {
  try {
    const { version: built, devices } = await capabilitiesOf(path);
    const names = [...devices].join(", ") || say(io.language, "doctorNone");
    return fine(section, say(io.language, "doctorFfmpeg", { version: built.join("."), path, devices: names }));
  } catch (error) {
    if (error instanceof GatewayError) return failed(section, error, io);
    throw error;
  }
}

async function clock(text: (key: TextKey, values?: Values) => string): Promise<Finding> {
  if (Date.now() < earliestMs) return wrong(section, text("doctorClockWrong", { time: new Date().toISOString() }));
  const signs = ["/run/systemd/timesync/synchronized", "/run/chrony/chronyd.sock"];
  const found = await Promise.all(signs.map(exists));
  return found.includes(true) ? fine(section, text("doctorClock")) : poor(section, text("doctorClockUnsynced"));
}

/** Free space, and a real write: a card that has worn out mounts read-only or takes seconds. */
async function disk(folder: string, text: (key: TextKey, values?: Values) => string): Promise<Finding> {
  let here = folder;
  while (!(await exists(here)) && dirname(here) !== here) here = dirname(here); // Not started yet: where it will lie.
  const { bavail, blocks, bsize } = await statfs(here);
  const values = { folder, free: megabytesText(bavail * bsize), size: megabytesText(blocks * bsize) };
  const trial = join(here, `.doctor-${process.pid}`);
  const fromMs = performance.now();
  try {
    await using file = await open(trial, "wx", 0o600);
    await file.write(Buffer.alloc(1_048_576));
    await file.sync();
  } catch (error) {
    const detail = error instanceof Error ? error.message.split(",")[0] : String(error);
    return wrong(section, text("doctorDiskUnwritable", { folder: here, detail: detail ?? "" }));
  } finally {
    await rm(trial, { force: true }).catch(() => undefined); // On a read-only disk there is nothing to remove.
  }
  if (bavail * bsize < leastFreeBytes) return wrong(section, text("doctorDiskFull", values));
  return fine(section, text("doctorDisk", { ...values, ms: Math.round(performance.now() - fromMs) }));
}

async function memoryBytes(): Promise<{ readonly total: number; readonly available: number } | null> {
  const said = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(said)?.[1] ?? NaN) * 1_024;
  const [total, available] = [of("MemTotal"), of("MemAvailable")];
  return Number.isFinite(total) && Number.isFinite(available) ? { total, available } : null;
}

/** Degrees Celsius of the hottest zone that the kernel names; null where it names none. */
async function hottest(): Promise<number | null> {
  const folder = "/sys/class/thermal";
  const zones = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith("thermal_zone"));
  const said = await Promise.all(zones.map((zone) => readFile(join(folder, zone, "temp"), "utf8").catch(() => "")));
  const degrees = said.map((text) => Number.parseInt(text, 10) / 1_000).filter((one) => one > 0 && one < 200);
  return degrees.length > 0 ? Math.round(Math.max(...degrees)) : null;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
