import { expect, test } from "vitest";
import { Dealer } from "zeromq";
import { decode, encode } from "../gateway/delivery/uplink/protocol/frames.ts";
import { until } from "../gateway/e2e/peers/open-delivery.ts";
import { makeCurvePair, UplinkRouter, type RouterOptions } from "./router.ts";

const open = (listen: string, more: Partial<RouterOptions> = {}): Promise<UplinkRouter> =>
  UplinkRouter.open({
    listen,
    keys: makeCurvePair(),
    knowsKey: () => false,
    onMessage: () => undefined,
    onGone: () => undefined,
    ...more,
  });

test("a receiver that closes gives its port to the next one, which need not wait for luck", async () => {
  let address = "tcp://127.0.0.1:0";
  for (let n = 0; n < 15; n += 1) {
    const router = await open(address);
    ({ address } = router);
    await router[Symbol.asyncDispose]();
  }
});

test("a port that another one keeps is told", { timeout: 30_000 }, async () => {
  await using first = await open("tcp://127.0.0.1:0");
  await expect(open(first.address)).rejects.toMatchObject({ code: "RECEIVER_LISTEN" });
});

test("whoever connects under the routing id of another one gets nothing of it", { timeout: 30_000 }, async () => {
  const [keys, mine, theirs] = [makeCurvePair(), makeCurvePair(), makeCurvePair()];
  const known = new Set([mine.publicKey, theirs.publicKey]);
  const said: string[] = [];
  const onMessage = (rid: string): void => void said.push(rid);
  // The very first connection is the router's own, with a key that nobody knows.
  await using router = await open("tcp://127.0.0.1:0", { keys, knowsKey: (key) => known.has(key), onMessage });
  const connect = (pair: typeof mine): { readonly dealer: Dealer; readonly heard: string[] } => {
    const dealer = new Dealer({
      ...{ linger: 0, routingId: "box-a", sendTimeout: 2_000 },
      ...{ curveServerKey: keys.publicKey, curvePublicKey: pair.publicKey, curveSecretKey: pair.secretKey },
    });
    dealer.connect(router.address);
    const heard: string[] = [];
    void (async () => {
      for await (const frames of dealer) {
        const message = decode(frames);
        heard.push("kind" in message ? message.kind : "bad");
      }
    })();
    return { dealer, heard };
  };
  const beat = encode({ kind: "BEAT", header: { t0: 1 } }).map((frame) => Buffer.from(frame));
  const first = connect(mine);
  await first.dealer.send(beat);
  await until("the first one is heard", () => said.length === 1);
  const second = connect(theirs);
  await second.dealer.send(beat).catch(() => undefined);
  for (let n = 1; n <= 20; n += 1) {
    router.send(said[0] ?? "", { kind: "BEAT", header: { t0: n } });
    await router.flush();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await until("all twenty", () => first.heard.length === 20);
  expect([said.length, second.heard]).toEqual([1, []]);
  first.dealer.close();
  second.dealer.close();
});

test("one that lets every key in does not start, and says what failed", { timeout: 30_000 }, async () => {
  await expect(open("tcp://127.0.0.1:0", { knowsKey: () => true })).rejects.toMatchObject({
    code: "RECEIVER_OPEN_DOOR",
    values: { what: "unknown key" },
  });
});
