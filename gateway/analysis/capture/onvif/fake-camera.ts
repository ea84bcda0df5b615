/** An ONVIF camera for tests: real datagrams and real HTTP on loopback, with a password it really checks. */
import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { first, textIn, xmlOf } from "./xml.ts";

/** How it behaves. */
export interface FakeCameraOptions {
  readonly user: string;
  readonly password: string;
  /** Its RTSP addresses by profile. */
  readonly streams: readonly { readonly token: string; readonly url: string; readonly width: number }[];
  /** Of the datagrams; 0 takes a free one. */
  readonly port?: number;
  /** How far its clock is wrong, ms. */
  readonly clockMs?: number;
  /** The service it names; its own when left out. */
  readonly service?: string;
}

const group = "239.255.255.250";

/** Answers until disposed. */
export class FakeOnvifCamera implements AsyncDisposable {
  readonly #options: FakeCameraOptions;
  readonly #server: Server;
  readonly #sockets: readonly Socket[];
  /** Questions heard by multicast and by unicast. */
  readonly asked = { group: 0, alone: 0 };
  /** Requests that carried a password. */
  logins = 0;

  private constructor(options: FakeCameraOptions, server: Server, sockets: readonly Socket[]) {
    this.#options = options;
    this.#server = server;
    this.#sockets = sockets;
  }

  static async open(options: FakeCameraOptions): Promise<FakeOnvifCamera> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const alone = await bound(options.port ?? 0, "127.0.0.1");
    // Bound to the group itself: nothing but the multicast reaches it.
    const inGroup = await bound(alone.address().port, group);
    inGroup.addMembership(group, "127.0.0.1");
    const camera = new FakeOnvifCamera(options, server, [alone, inGroup]);
    alone.on("message", (bytes, from) => camera.#answer("alone", bytes, from));
    inGroup.on("message", (bytes, from) => camera.#answer("group", bytes, from));
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      request.on("end", () => {
        const { status, text } = camera.#say(body);
        response.writeHead(status, { "content-type": "application/soap+xml" }).end(text);
      });
    });
    return camera;
  }

  /** Port of its datagrams. */
  get port(): number {
    return this.#sockets[0]?.address().port ?? 0;
  }

  /** Where it takes questions. */
  get service(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/onvif/device_service`;
  }

  #answer(way: "group" | "alone", bytes: Buffer, from: { readonly address: string; readonly port: number }): void {
    const root = xmlOf(bytes.toString("utf8"));
    if (!root || !first(root, "Probe")) return;
    this.asked[way] += 1;
    const scopes = "onvif://www.onvif.org/name/HIKVISION%20DS-2CD2 onvif://www.onvif.org/hardware/DS-2CD2043";
    const match = `<d:ProbeMatch><d:Scopes>${scopes}</d:Scopes><d:XAddrs>http://10.9.8.7/evil ${this.#options.service ?? this.service}</d:XAddrs></d:ProbeMatch>`;
    const text = `<?xml version="1.0"?><e:Envelope xmlns:e="x" xmlns:d="y"><e:Body><d:ProbeMatches>${match}</d:ProbeMatches></e:Body></e:Envelope>`;
    this.#sockets[0]?.send(text, from.port, from.address);
  }

  #say(body: string): { readonly status: number; readonly text: string } {
    const root = xmlOf(body);
    const envelope = (inner: string, status = 200) => ({
      status,
      text: `<e:Envelope xmlns:e="x"><e:Body>${inner}</e:Body></e:Envelope>`,
    });
    if (!root) return envelope("<e:Fault/>", 400);
    if (first(root, "GetSystemDateAndTime")) return envelope(this.#clock());
    if (!this.#admits(body)) return envelope("<e:Fault><e:Subcode>ter:NotAuthorized</e:Subcode></e:Fault>", 400);
    this.logins += 1;
    if (first(root, "GetCapabilities"))
      return envelope("<Capabilities><Media><XAddr>http://192.168.77.1/onvif/media</XAddr></Media></Capabilities>");
    if (first(root, "GetProfiles"))
      return envelope(
        this.#options.streams
          .map(
            ({ token, width }) =>
              `<t:Profiles token="${token}"><t:Name>${token}</t:Name><t:VideoEncoderConfiguration><t:Encoding>H264</t:Encoding><t:Width>${width}</t:Width><t:Height>${(width * 9) / 16}</t:Height></t:VideoEncoderConfiguration></t:Profiles>`,
          )
          .join(""),
      );
    const wanted = this.#options.streams.find(({ token }) => token === textIn(root, "ProfileToken"));
    return wanted
      ? envelope(`<MediaUri><Uri>${wanted.url.replaceAll("&", "&amp;")}</Uri></MediaUri>`)
      : envelope("<e:Fault/>", 500);
  }

  #now(): Date {
    return new Date(Date.now() + (this.#options.clockMs ?? 0));
  }

  #clock(): string {
    const now = this.#now();
    const [time, date] = [
      `<Hour>${now.getUTCHours()}</Hour><Minute>${now.getUTCMinutes()}</Minute><Second>${now.getUTCSeconds()}</Second>`,
      `<Year>${now.getUTCFullYear()}</Year><Month>${now.getUTCMonth() + 1}</Month><Day>${now.getUTCDate()}</Day>`,
    ];
    return `<SystemDateAndTime><UTCDateTime><Time>${time}</Time><Date>${date}</Date></UTCDateTime></SystemDateAndTime>`;
  }

  /** As cameras do: the digest must fit, and its time be the camera's own within a few seconds. */
  #admits(body: string): boolean {
    const root = xmlOf(body);
    if (!root || textIn(root, "Username") !== this.#options.user) return false;
    const created = textIn(root, "Created");
    if (Math.abs(Date.parse(created) - this.#now().getTime()) > 10_000) return false;
    const nonce = Buffer.from(textIn(root, "Nonce"), "base64");
    const expected = createHash("sha1").update(nonce).update(created).update(this.#options.password).digest("base64");
    return textIn(root, "Password") === expected;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function bound(port: number, address: string): Promise<Socket> {
  const socket = createSocket("udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, () => resolve(socket));
  });
}
