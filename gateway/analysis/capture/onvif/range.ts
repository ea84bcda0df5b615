/** `192.168.1.0/24` as addresses (pure). */
import { isIPv4 } from "node:net";
import { CameraError } from "../../../runtime/errors.ts";

/** Asked address by address: more would take too long and look like an attack. */
export const maxAddresses = 1_024;

/** Every address of the range but network and broadcast. @throws CameraError DISCOVERY_RANGE */
export function addressesIn(cidr: string): readonly string[] {
  const refused = (): CameraError =>
    new CameraError("DISCOVERY_RANGE", { range: cidr.slice(0, 40), max: maxAddresses });
  const [address = "", length = "32", ...more] = cidr.trim().split("/");
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 99;
  if (!isIPv4(address) || bits > 32 || more.length > 0) throw refused();
  const count = 2 ** (32 - bits);
  if (count > maxAddresses) throw refused();
  const asNumber = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = Math.floor(asNumber / count) * count;
  const [from, to] = count > 2 ? [start + 1, start + count - 1] : [start, start + count];
  return Array.from({ length: to - from }, (_, index) => dotted(from + index));
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
