/** Where the page of this box can be opened, the way that a technician's phone most likely has first. */
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** One address of one interface. */
export interface OwnAddress {
  readonly interfaceName: string;
  readonly address: string;
  /** There is hardware behind it: not a bridge of containers, not a tunnel. */
  readonly isPhysical: boolean;
  /** Packets to everywhere leave by it. */
  readonly isDefault: boolean;
}

/** The interface of the default route first, then other sockets and radios, then bridges and tunnels; self-given ones last (pure). */
export function bestFirst(all: readonly OwnAddress[]): readonly OwnAddress[] {
  const cost = ({ address, isPhysical, isDefault }: OwnAddress): number =>
    // 169.254.0.0/16 is what a socket gives itself where nobody answers (RFC 3927).
    (address.startsWith("169.254.") ? 4 : 0) + (isPhysical ? 0 : 2) + (isDefault ? 0 : 1);
  return [...all].sort((a, b) => cost(a) - cost(b) || a.interfaceName.localeCompare(b.interfaceName));
}

/** The interface of the default route with the least metric in `/proc/net/route`; null when there is none (pure). */
export function defaultInterface(routes: string): string | null {
  const rows = routes
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === "00000000" && mask === "00000000")
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  return rows[0]?.[0] ?? null;
}

/** Every address of this box under which the page listens, best first; loopback only when that is all. */
export function addressesOf(listen: string, isSecure = false): readonly string[] {
  const scheme = isSecure ? "https" : "http";
  const colon = listen.lastIndexOf(":");
  const [host, port] = [listen.slice(0, colon), listen.slice(colon + 1)];
  if (host !== "0.0.0.0" && host !== "[::]") return [`${scheme}://${host}:${port}/`];
  const outside = bestFirst(ownAddresses()).map(({ address }) => address);
  return (outside.length > 0 ? outside : ["127.0.0.1"]).map((address) => `${scheme}://${address}:${port}/`);
}

function ownAddresses(): readonly OwnAddress[] {
  const first = defaultInterface(routeTable());
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses]) =>
    (addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => ({
        interfaceName,
        address,
        isPhysical: existsSync(`/sys/class/net/${interfaceName}/device`),
        isDefault: interfaceName === first,
      })),
  );
}

/** Empty on a system without one. */
function routeTable(): string {
  try {
    return readFileSync("/proc/net/route", "utf8");
  } catch {
    return "";
  }
}
