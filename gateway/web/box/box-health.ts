/** The box itself: what the kernel and the daemon say of heat, memory, disk, clock. Null where this box cannot say. */
import { readdir, readFile, statfs } from "node:fs/promises";
import { arch, cpus, freemem, hostname, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import { capabilitiesOf } from "../../analysis/capture/capabilities.ts";
import type { BoxHealth, ClockCheck } from "../api.ts";
import type { Desk } from "../desk.ts";
import { rememberedOrNull } from "../problem.ts";
import { addressesOf } from "./own-addresses.ts";

/** Reads a dozen small files of /sys and /proc. */
export async function boxHealthOf(desk: Desk): Promise<BoxHealth> {
  const status = desk.status();
  const { gateway, revision } = desk.store.running;
  const disk = await statfs(desk.folder).catch(() => null);
  const throttle = await throttling();
  const { delivery } = status;
  return {
    version: status.version,
    site: { ...status.site, timezone: gateway.site.timezone },
    process: status.process,
    startedMs: status.startedMs,
    nowMs: status.nowMs,
    revision,
    hostName: hostname(),
    addresses: addressesOf(gateway.web.listen, gateway.web.tls !== undefined),
    node: process.version,
    platform: `${platform()}/${arch()}`,
    ffmpeg: await ffmpegVersion(gateway.ffmpeg.path),
    temperatureC: await temperature(),
    throttled: throttle?.throttled ?? null,
    underVoltage: throttle?.underVoltage ?? null,
    cpuCount: cpus().length,
    load1: loadavg()[0] ?? 0,
    memory: { totalBytes: totalmem(), freeBytes: await availableBytes(), daemonBytes: status.rssBytes },
    disk: {
      totalBytes: disk ? disk.blocks * disk.bsize : 0,
      freeBytes: disk ? disk.bavail * disk.bsize : 0,
      databaseBytes: delivery.databaseBytes,
      evidenceBytes: delivery.evidenceBytes,
      writtenBytes: await writtenBytes(),
      wear: await flashWear(),
    },
    loopDelayMsP99: status.loopDelayMsP99,
    clock: await clockCheck(gateway.site.timezone),
    detectors: status.detectors.map((one) => ({
      model: one.model,
      state: one.state,
      runs: one.runs,
      failures: one.failures,
      restarts: one.restarts,
      runMsP50: one.runMsP50,
      runMsP95: one.runMsP95,
      lastError: rememberedOrNull(one.lastError),
    })),
    uplinks: delivery.uplinks.map((one) => ({
      id: one.id,
      address: one.address,
      state: one.state,
      sinceMs: one.sinceMs,
      depth: one.depth,
      oldestAgeMs: one.oldestAgeMs,
      evidenceWaiting: one.evidenceWaiting,
      acknowledged: one.acknowledged,
      lastAckMs: one.lastAckMs,
      retryInMs: one.retryInMs,
      drainMs: one.drainMs,
      deadLetters: one.deadLetters,
      lastError: rememberedOrNull(one.lastError),
    })),
    delivery: {
      recorded: delivery.recorded,
      openOccurrences: delivery.openOccurrences,
      lostIfPowerFails: desk.unwritten,
      lastError: rememberedOrNull(delivery.lastError),
    },
  };
}

/** Whether the kernel holds its clock for right (`adjtimex` by way of systemd's and chrony's marks). */
export async function clockCheck(timezone: string): Promise<ClockCheck> {
  const synced = await readFile("/run/systemd/timesync/synchronized").then(
    () => true,
    () => null,
  );
  return { boxMs: Date.now(), synced, timezone, canSet: process.getuid?.() === 0 };
}

async function temperature(): Promise<number | null> {
  const root = "/sys/class/thermal";
  const zones = (await readdir(root).catch(() => [])).filter((name) => name.startsWith("thermal_zone"));
  const values = await Promise.all(zones.map((zone) => numberIn(join(root, zone, "temp"))));
  const known = values.flatMap((value) => (value === null || value <= 0 ? [] : [value / 1_000]));
  return known.length === 0 ? null : Math.max(...known);
}

/** What `get_throttled` of a Raspberry Pi's firmware says. */
interface Throttling {
  readonly throttled: boolean;
  readonly underVoltage: boolean;
}

async function throttling(): Promise<Throttling | null> {
  const path = "/sys/devices/platform/soc/soc:firmware/get_throttled";
  return throttlingOf(await readFile(path, "utf8").catch(() => ""));
}

/** A number in hexadecimal: bit 0 too little voltage, bits 1 to 3 slowed down, now; what was once stands from bit 16 on. */
export function throttlingOf(text: string): Throttling | null {
  const bits = Number.parseInt(text.trim(), 16);
  if (Number.isNaN(bits)) return null;
  return { throttled: (bits & 0b1110) !== 0, underVoltage: (bits & 1) !== 0 };
}

async function availableBytes(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1_024;
}

async function writtenBytes(): Promise<number | null> {
  const text = await readFile("/proc/self/io", "utf8").catch(() => "");
  const bytes = /^write_bytes: (\d+)$/m.exec(text)?.[1];
  return bytes === undefined ? null : Number(bytes);
}

async function flashWear(): Promise<number | null> {
  const root = "/sys/block";
  const devices = (await readdir(root).catch(() => [])).filter((name) => /^mmcblk\d+$/.test(name));
  const found = await Promise.all(
    devices.map((name) => readFile(join(root, name, "device/life_time"), "utf8").catch(() => "")),
  );
  return wearOf(found);
}

/**
 * The worst of the `life_time` of all eMMC devices, 0..1. Each counts its two kinds of cells in tenths (JESD84-B51,
 * DEVICE_LIFE_TIME_EST): `0x03` is 20 to 30 % used, `0x0b` past its end, `0x00` not told.
 */
export function wearOf(texts: readonly string[]): number | null {
  const tenths = texts.flatMap((text) => text.match(/0x[0-9a-f]+/gi) ?? []).map(Number);
  const values = tenths.filter((count) => count > 0).map((count) => Math.min(1, count / 10));
  return values.length === 0 ? null : Math.max(...values);
}

async function numberIn(path: string): Promise<number | null> {
  const value = Number((await readFile(path, "utf8").catch(() => "")).trim() || Number.NaN);
  return Number.isFinite(value) ? value : null;
}

/** Asked once; null where ffmpeg is missing, too old, does not answer or does not number its build. */
async function ffmpegVersion(path: string): Promise<string | null> {
  const [major, minor] = (await capabilitiesOf(path).catch(() => null))?.version ?? [0, 0];
  return major > 0 ? `${major}.${minor}` : null;
}
