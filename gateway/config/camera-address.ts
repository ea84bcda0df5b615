/**
 * Addresses that no camera has. Whoever stands at the box (config file, command line, page) may say in so many words that a
 * stream comes from the box itself, as a restreamer's does; a name server, a device or a platform may not.
 */
import { BlockList, isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { CameraError } from "../runtime/errors.ts";
import type { CameraConfig } from "./schema.ts";
import type { Text } from "../runtime/texts/fill.ts";

/** own: this very box; link-local: given by nobody, good on one wire; metadata: what clouds tell their machines; none: no single machine. */
export type ForbiddenAddress = "own" | "link-local" | "metadata" | "none";

/** Where an address comes from: written by somebody at the box, or told by somebody else. */
export type Said = "here" | "elsewhere";

const loopback = blocks(["127.0.0.0/8", "::1/128"]);
const metadata = blocks(["169.254.169.254/32", "169.254.170.2/32", "100.100.100.200/32", "fd00:ec2::254/128"]);
const linkLocal = blocks(["169.254.0.0/16", "fe80::/10"]);
/** "This network", groups, reserved, and IPv6 forms that hide an IPv4 address behind a translator. */
const none = blocks(["224.0.0.0/4", "240.0.0.0/4", "ff00::/8", "64:ff9b::/96", "2002::/16"]);
/** A socket that is to go to 0.0.0.0 or [::] goes to this box. */
const unspecified = blocks(["0.0.0.0/8", "::/128"]);

/** Why a camera must not have this IP address; null when it may. Read anew at each call: interfaces come and go. */
export function forbiddenAddress(address: string, said: Said): ForbiddenAddress | null {
  const plain = address.split("%", 1)[0] ?? "";
  if (holds(metadata, plain)) return "metadata";
  if (holds(none, plain)) return "none";
  if (said === "here") return null;
  if (holds(linkLocal, plain)) return "link-local";
  return holds(loopback, plain) || holds(unspecified, plain) || holds(ownAddresses(), plain) ? "own" : null;
}

/** The same for a host as people or devices write it; null as well for a name that only a name server can turn into an address. */
export function forbiddenHost(host: string, said: Said): ForbiddenAddress | null {
  const address = addressIn(host);
  return address === null ? null : forbiddenAddress(address, said);
}

/** What a platform may not order: a camera at an address that is new to the box and its own. @throws CameraError CAMERA_ADDRESS_REFUSED */
export function refuseStrange(before: readonly CameraConfig[], after: readonly CameraConfig[]): void {
  const hostsOf = ({ url, evidenceUrl }: CameraConfig): readonly string[] =>
    [url, evidenceUrl].flatMap((one) => (one === undefined ? [] : (URL.parse(one)?.hostname ?? [])));
  const known = new Set(before.flatMap(hostsOf));
  for (const camera of after)
    for (const host of hostsOf(camera).filter((one) => !known.has(one))) {
      const why = forbiddenHost(host, "elsewhere");
      if (why === null) continue;
      throw new CameraError("CAMERA_ADDRESS_REFUSED", { camera: camera.id, host: host.slice(0, 64), detail: why });
    }
}

/** For error texts. */
export function sayForbidden(why: ForbiddenAddress): Text {
  return {
    own: { en: "it is an address of this box itself", zh: "这是本机自身的地址" },
    "link-local": { en: "it is a link-local address", zh: "这是链路本地地址" },
    metadata: { en: "it is the address of a metadata service", zh: "这是元数据服务的地址" },
    none: { en: "it is no address of a single device", zh: "这不是单个设备的地址" },
  }[why];
}

/** The address that a host stands for by itself: `2130706433`, `0x7f.1` and `localhost` are loopback to every resolver. */
function addressIn(host: string): string | null {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (isIP(name.split("%", 1)[0] ?? "") !== 0) return name;
  if (isLocalName(name)) return "127.0.0.1";
  // The parser of http addresses reads an IPv4 address in all forms that inet_aton takes.
  const parsed = /^[\da-fx.]+$/.test(name) ? URL.parse(`http://${name}/`) : null;
  return parsed && isIP(parsed.hostname) === 4 ? parsed.hostname : null;
}

/** Names that mean this box to every resolver, and its own: whoever writes one knows what it is. */
export function isLocalName(host: string): boolean {
  return /^([^.]+\.)*(localhost|ip6-localhost)\.?$/i.test(host) || host.toLowerCase() === hostname().toLowerCase();
}

function ownAddresses(): BlockList {
  const list = new BlockList();
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []))
    list.addAddress(address, family === "IPv4" ? "ipv4" : "ipv6");
  return list;
}

/** An IPv4 address in IPv6 clothes counts as the IPv4 address. */
function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function blocks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
