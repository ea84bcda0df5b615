import { expect, test } from "vitest";
import { makeCurvePair, UplinkRouter } from "./router.ts";

const open = (listen: string): Promise<UplinkRouter> =>
  UplinkRouter.open({
    listen,
    keys: makeCurvePair(),
    knowsKey: () => false,
    onMessage: () => undefined,
    onGone: () => undefined,
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
