/** Who of the neighbours is a camera: ONVIF's question (WS-Discovery) on every interface, several times, and to addresses one by one. */
import { randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { forbiddenAddress } from "../../../config/camera-address.ts";
import { CameraError } from "../../../runtime/errors.ts";
import { addressesIn } from "./range.ts";
import { all, first, textIn, xmlOf } from "./xml.ts";

/** What was tried. `trouble`: why it could not work; null when the question went out. */
export interface Tried {
  readonly kind: "tried";
  readonly interface: string;
  readonly address: string;
  readonly trouble: DiscoveryTrouble | null;
}

/** `container`: in a network of its own, where the question reaches nobody. `refused`: the system did not send it. */
export type DiscoveryTrouble =
  | { readonly kind: "no-interface" }
  | { readonly kind: "container" }
  | { readonly kind: "refused"; readonly code: string };

/** A device that answered, by the address from which it did. */
export interface Answered {
  readonly kind: "device";
  readonly host: string;
  readonly name: string | null;
  readonly model: string | null;
  /** Where it takes ONVIF questions: of those it names, only one on the very host that answered. */
  readonly service: string | null;
}

/** How to look. */
export interface DiscoveryOptions {
  /** Addresses to ask besides. */
  readonly range?: string | undefined;
  readonly signal: AbortSignal;
  /** Name → IPv4 address; those of this machine when left out. */
  readonly interfaces?: Readonly<Record<string, string>>;
  /** 3702 */
  readonly port?: number;
}

const group = "239.255.255.250";
/** Datagrams are lost: the question is asked again, over four seconds in all. */
const askedAtMs = [0, 800, 2_000] as const;
const wholeMs = 4_000;
const maxAnswerBytes = 16 * 1_024;
/** A street has no more; an attacker has. */
const maxDevices = 256;
/** A burst of a thousand datagrams would be dropped by the first small switch. */
const perBurst = 64;
const burstMs = 20;

/**
 * Tells what was tried and who answered, each device once; returns after four seconds, earlier when `signal` aborts.
 * @throws CameraError DISCOVERY_RANGE or CAMERA_ADDRESS_REFUSED before anything is sent
 */
export async function discover(tell: (found: Tried | Answered) => void, options: DiscoveryOptions): Promise<void> {
  const { range, signal, port = 3702, interfaces = ownInterfaces() } = options;
  const asked = range === undefined ? [] : addressesIn(range);
  const targets = asked.filter((address) => forbiddenAddress(address, "here") === null);
  const [refused] = asked;
  if (refused !== undefined && targets.length === 0)
    throw new CameraError("CAMERA_ADDRESS_REFUSED", {
      camera: range ?? "",
      host: refused,
      detail: forbiddenAddress(refused, "here") ?? "",
    });
  const seen = new Set<string>();
  const hear = (bytes: Buffer, host: string): void => {
    if (seen.size >= maxDevices || seen.has(host) || forbiddenAddress(host, "here") !== null) return;
    const device = answerOf(bytes, host);
    if (!device) return;
    seen.add(host);
    tell(device);
  };
  if (Object.keys(interfaces).length === 0)
    tell({ kind: "tried", interface: "–", address: group, trouble: { kind: "no-interface" } });
  await using sockets = new AsyncDisposableStack();
  const over = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  const asking = Object.entries(interfaces).map(async ([name, address]) => {
    const trouble = await shout({ address, port, hear, over }, sockets);
    const container: DiscoveryTrouble | null = isContainer(address) ? { kind: "container" } : null;
    tell({ kind: "tried", interface: name, address, trouble: trouble ?? container });
  });
  if (targets.length > 0) asking.push(askEach(targets, { port, hear, over, tell, range: range ?? "" }, sockets));
  await Promise.all(asking);
  await sleep(wholeMs, undefined, { signal: over }).catch(() => undefined); // The end of the time is no failure.
}

/** What a socket needs. */
interface Asking {
  readonly port: number;
  readonly hear: (bytes: Buffer, host: string) => void;
  readonly over: AbortSignal;
}

/** The multicast on one interface; null when it went out at least once. */
async function shout(
  { address, port, hear, over }: Asking & { readonly address: string },
  sockets: AsyncDisposableStack,
): Promise<DiscoveryTrouble | null> {
  try {
    const socket = await openSocket(address, hear, sockets);
    socket.setMulticastInterface(address);
    socket.setMulticastTTL(1);
    const first = await send(socket, port, group);
    void again(over, () => send(socket, port, group));
    return first;
  } catch (error) {
    return { kind: "refused", code: codeOf(error) };
  }
}

/** Addresses one by one, in bursts; told as one. */
async function askEach(
  targets: readonly string[],
  asking: Asking & { readonly tell: (tried: Tried) => void; readonly range: string },
  sockets: AsyncDisposableStack,
): Promise<void> {
  const { port, hear, over, tell, range } = asking;
  const socket = await openSocket("0.0.0.0", hear, sockets);
  /** The trouble of the last one that could not be sent; null when any was. */
  const round = async (): Promise<DiscoveryTrouble | null> => {
    const troubles: (DiscoveryTrouble | null)[] = [];
    for (const [index, target] of targets.entries()) {
      if (over.aborted) break;
      if (index > 0 && index % perBurst === 0) await sleep(burstMs);
      troubles.push(await send(socket, port, target));
    }
    return troubles.includes(null) ? null : (troubles.at(-1) ?? null);
  };
  tell({ kind: "tried", interface: "IP", address: range, trouble: await round() });
  void again(over, round);
}

/** The later askings. What fails then failed at first too, and was told. */
async function again(over: AbortSignal, ask: () => Promise<unknown>): Promise<void> {
  let beforeMs = 0;
  for (const atMs of askedAtMs.slice(1)) {
    const isOver = await sleep(atMs - beforeMs, false, { signal: over }).catch(() => true);
    if (isOver) return;
    beforeMs = atMs;
    await ask();
  }
}

function openSocket(address: string, hear: Asking["hear"], sockets: AsyncDisposableStack): Promise<Socket> {
  const socket = createSocket("udp4");
  sockets.defer(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  socket.on("message", (bytes, { address: host }) => hear(bytes, host));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, address, () => {
      socket.off("error", reject);
      socket.on("error", () => undefined); // An unreachable target answers by ICMP; others may still answer.
      resolve(socket);
    });
  });
}

function send(socket: Socket, port: number, to: string): Promise<DiscoveryTrouble | null> {
  return new Promise((resolve) => {
    try {
      socket.send(question(), port, to, (error) => resolve(error ? { kind: "refused", code: codeOf(error) } : null));
    } catch (error) {
      resolve({ kind: "refused", code: codeOf(error) }); // Closed meanwhile: the four seconds are over.
    }
  });
}

/** The Probe of WS-Discovery 2005/04 for ONVIF's video transmitters. */
function question(): string {
  const [soap, wsa] = ["http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/ws/2004/08/addressing"];
  const wsd = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${wsa}" xmlns:d="${wsd}" xmlns:n="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:Action>${wsd}/Probe</a:Action><a:MessageID>uuid:${randomUUID()}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>`;
}

/** Pure. Null for what is no answer to the question. */
export function answerOf(bytes: Buffer, host: string): Answered | null {
  const root = bytes.length <= maxAnswerBytes ? xmlOf(bytes.toString("utf8")) : null;
  const match = root && first(root, "ProbeMatch");
  if (!match) return null;
  const scopes = textIn(match, "Scopes").split(/\s+/);
  const named = (kind: string): string | null => {
    const found = scopes.find((scope) => scope.startsWith(`onvif://www.onvif.org/${kind}/`));
    const text = found === undefined ? "" : plain(found.split("/").slice(4).join("/"));
    return text === "" ? null : text;
  };
  const addresses = all(match, "XAddrs").flatMap(({ text }) => text.trim().split(/\s+/));
  return {
    kind: "device",
    host,
    name: named("name"),
    model: named("hardware"),
    service: addresses.find((address) => isOn(address, host)) ?? null,
  };
}

/** A device must not lead the box to another host. */
function isOn(address: string, host: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname === host;
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text)
      .replaceAll(/\p{Cc}/gu, " ")
      .trim()
      .slice(0, 64);
  } catch {
    return text
      .replaceAll(/[^\x20-\x7e]/g, " ")
      .trim()
      .slice(0, 64);
  }
}

/** IPv4 addresses of this machine but loopback. */
function ownInterfaces(): Readonly<Record<string, string>> {
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => [name, address] as const),
  );
  return Object.fromEntries(found);
}

/** Docker's own networks lie there; a question asked inside one of them reaches the other containers and nobody else. */
function isContainer(address: string): boolean {
  return /^172\.(?:1[6-9]|2\d|3[01])\./.test(address) && ["/.dockerenv", "/run/.containerenv"].some(existsSync);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
