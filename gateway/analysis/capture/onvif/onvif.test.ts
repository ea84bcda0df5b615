/** ONVIF against a camera of real datagrams and real HTTP on loopback; hostile answers by hand. */
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../runtime/errors.ts";
import { answerOf, discover, type Answered, type Tried } from "./discover.ts";
import { FakeOnvifCamera, type FakeCameraOptions } from "./fake-camera.ts";
import { addressesIn } from "./range.ts";
import { onvifStreams } from "./streams.ts";
import { first, textIn, xmlOf } from "./xml.ts";

const camera: FakeCameraOptions = {
  user: "admin",
  password: "p@ss & <word>",
  streams: [
    { token: "sub", url: "rtsp://10.0.0.9:8554/cam?channel=1&subtype=1", width: 640 },
    { token: "main", url: "rtsp://user:secret@10.0.0.9/cam?channel=1&subtype=0", width: 2560 },
  ],
};
const never = new AbortController().signal;

async function look(options: Omit<Parameters<typeof discover>[1], "signal">) {
  const [devices, tried]: [Answered[], Tried[]] = [[], []];
  await discover(
    (found) => {
      if (found.kind === "device") devices.push(found);
      else tried.push(found);
    },
    {
      signal: never,
      ...options,
    },
  );
  return { devices, tried };
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => "none",
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );
}

describe("discovery", { timeout: 30_000 }, () => {
  test.concurrent(
    "a camera that hears the group is asked three times and told once; another host that it names is not",
    async () => {
      await using fake = await FakeOnvifCamera.open(camera);
      const { devices, tried } = await look({ interfaces: { lo: "127.0.0.1" }, port: fake.port });
      expect(devices).toEqual([
        { kind: "device", host: "127.0.0.1", name: "HIKVISION DS-2CD2", model: "DS-2CD2043", service: fake.service },
      ]);
      expect(tried).toEqual([{ kind: "tried", interface: "lo", address: "127.0.0.1", trouble: null }]);
      expect(fake.asked).toEqual({ group: 3, alone: 0 });
    },
  );

  test.concurrent("where no group is heard, addresses are asked one by one", async () => {
    await using fake = await FakeOnvifCamera.open(camera);
    const { devices, tried } = await look({ interfaces: {}, range: "127.0.0.0/29", port: fake.port });
    expect(devices.map(({ host }) => host)).toEqual(["127.0.0.1"]);
    expect(tried.map(({ interface: name, trouble }) => [name, trouble?.kind ?? null])).toEqual([
      ["–", "no-interface"],
      ["IP", null],
    ]);
    expect(fake.asked.group).toBe(0);
    expect(fake.asked.alone).toBeGreaterThan(0);
  });

  test.concurrent("an interface that is gone is told with the system's reason", async () => {
    const { tried } = await look({ interfaces: { gone: "192.0.2.77" }, port: 9 });
    expect(tried).toMatchObject([{ interface: "gone", trouble: { kind: "refused", code: "EADDRNOTAVAIL" } }]);
  });

  test.each([
    ["192.168.1.0/24", 254, "192.168.1.1", "192.168.1.254"],
    ["192.168.1.77/30", 2, "192.168.1.77", "192.168.1.78"],
    ["10.0.0.5", 1, "10.0.0.5", "10.0.0.5"],
    ["10.0.4.0/22", 1_022, "10.0.4.1", "10.0.7.254"],
  ])("%s are %i addresses", (cidr, count, from, to) => {
    const found = addressesIn(cidr);
    expect([found.length, found[0], found.at(-1)]).toEqual([count, from, to]);
  });

  test.each(["10.0.0.0/21", "10.0.0.0/33", "10.0.0/24", "camera", "10.0.0.1/24/1", "", "::1/128"])(
    "%s is no range",
    (cidr) => {
      expect(() => addressesIn(cidr)).toThrow(expect.objectContaining({ code: "DISCOVERY_RANGE" }) as Error);
    },
  );
});

describe("streams", { timeout: 30_000 }, () => {
  const ask = (fake: FakeOnvifCamera, password = camera.password, user = camera.user) =>
    onvifStreams({ service: fake.service, credentials: { user, password }, signal: never });

  test("the largest first, on the host that was asked, without the login that the camera put in", async () => {
    await using fake = await FakeOnvifCamera.open(camera);
    expect(await ask(fake)).toEqual([
      {
        name: "main",
        url: "rtsp://127.0.0.1:554/cam?channel=1&subtype=0",
        codec: "H264",
        widthPx: 2560,
        heightPx: 1440,
      },
      { name: "sub", url: "rtsp://127.0.0.1:8554/cam?channel=1&subtype=1", codec: "H264", widthPx: 640, heightPx: 360 },
    ]);
  });

  test("a camera that lives in 1970 is answered by its own clock", async () => {
    await using fake = await FakeOnvifCamera.open({ ...camera, clockMs: Date.UTC(1999, 0, 1) - Date.now() });
    expect((await ask(fake)).length).toBe(2);
  });

  test("a wrong password, none, and no camera at all have their errors", async () => {
    await using fake = await FakeOnvifCamera.open(camera);
    expect(await codeOf(ask(fake, "wrong"))).toBe("CAMERA_UNAUTHORIZED");
    expect(await codeOf(onvifStreams({ service: fake.service, credentials: null, signal: never }))).toBe(
      "CAMERA_PASSWORD_MISSING",
    );
    expect(fake.logins).toBe(0);
    const nowhere = { service: "http://127.0.0.1:9/onvif/device_service", credentials: null, signal: never };
    expect(await codeOf(onvifStreams(nowhere))).toBe("CAMERA_ONVIF");
  });
});

describe("hostile answers", () => {
  const match = (inner: string): string => `<E><ProbeMatch>${inner}</ProbeMatch></E>`;
  test.each([
    ["a document type", `<!DOCTYPE x [<!ENTITY a "b">]>${match("<Scopes/>")}`],
    ["an element that never ends", `<E><ProbeMatch>`],
    ["elements crossed", `<E><ProbeMatch></E></ProbeMatch>`],
    ["a thousand floors", "<a>".repeat(1_000) + "</a>".repeat(1_000)],
    ["ten thousand elements", `<E>${"<a/>".repeat(10_000)}</E>`],
    ["no XML", "hello"],
    ["nothing", ""],
    ["too much", match("x".repeat(20_000))],
  ])("%s is none", (_, text) => {
    expect(answerOf(Buffer.from(text), "10.0.0.1")).toBeNull();
  });

  test("an entity of its own stays as it stands; control characters and other hosts go", () => {
    expect(xmlOf("<a>&lol;&lt;&#20013;</a>")?.text).toBe("&lol;<中");
    const scopes = "onvif://www.onvif.org/name/a%00b%1b[31m onvif://www.onvif.org/hardware/%ff";
    const found = answerOf(
      Buffer.from(
        match(`<Scopes>${scopes}</Scopes><XAddrs>file:///etc/passwd http://10.0.0.2/x gopher://10.0.0.1/</XAddrs>`),
      ),
      "10.0.0.1",
    );
    expect(found).toEqual({ kind: "device", host: "10.0.0.1", name: "a b [31m", model: "%ff", service: null });
  });

  test("every cut of an answer is read or refused, never thrown", () => {
    const whole = match("<d:Scopes a='1' b=\"2\">x<![CDATA[<y>]]></d:Scopes><!-- c --><e/>");
    for (let end = 0; end <= whole.length; end += 1) xmlOf(whole.slice(0, end));
    const root = xmlOf(whole);
    expect(root && textIn(root, "Scopes")).toBe("x<y>");
    expect(root && first(root, "Scopes")?.attributes).toEqual({ a: "1", b: "2" });
  });
});
