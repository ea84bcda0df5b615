/** Which key a box takes for its platform's, step by step, each from what the disk holds. */
import { expect, test } from "vitest";
import { ServerKeys, type ServerKeyStore } from "./server-keys.ts";

const [a, b, c, d] = ["a", "b", "c", "d"].map((letter) => letter.repeat(40)) as [string, string, string, string];

let nowMs = 0;
/** Eight seconds without a handshake. */
function refused(keys: ServerKeys): boolean {
  keys.answered();
  keys.turns(nowMs);
  return keys.turns((nowMs += 8_000));
}

function disk(): ServerKeyStore {
  let text: string | null = null;
  return { read: () => text, write: (next) => void (text = next) };
}

test("an announced key is only tried; the first session with it makes it the one, for good", () => {
  const store = disk();
  const keys = new ServerKeys(a, store);
  expect(refused(keys)).toBe(false);
  keys.announced(b);
  expect([keys.current, keys.next]).toEqual([a, b]);
  const restarted = new ServerKeys(a, store);
  expect([refused(restarted), restarted.current]).toEqual([true, b]);
  // Nobody has it after all: back and forth, and nothing is lost.
  expect([refused(restarted), restarted.current]).toEqual([true, a]);
  restarted.opened();
  expect([restarted.current, restarted.next]).toEqual([a, b]);
  refused(restarted);
  restarted.opened();
  expect([restarted.current, restarted.next]).toEqual([b, null]);
  const after = new ServerKeys(a, store);
  expect([after.current, refused(after), after.current]).toEqual([b, false, b]);
  after.announced(c);
  refused(after);
  after.opened();
  expect(new ServerKeys(a, store).current).toBe(c);
});

test("another key in the config counts alone, and so does the config beside a file that cannot be read", () => {
  const store = disk();
  const keys = new ServerKeys(a, store);
  keys.announced(b);
  refused(keys);
  keys.opened();
  const corrected = new ServerKeys(d, store);
  expect([corrected.current, corrected.next, refused(corrected)]).toEqual([d, null, false]);
  store.write("{");
  expect(new ServerKeys(a, store).current).toBe(a);
});

test("a handshake in time, and a short silence, turn nothing", () => {
  const keys = new ServerKeys(a, disk());
  keys.announced(b);
  expect([keys.turns(0), keys.turns(7_999)]).toEqual([false, false]);
  keys.answered();
  expect([keys.turns(8_001), keys.turns(16_000), keys.turns(16_001)]).toEqual([false, false, true]);
});

test("the present key announced again changes nothing", () => {
  const store = disk();
  const keys = new ServerKeys(a, store);
  keys.announced(a);
  expect([keys.next, store.read()]).toEqual([null, null]);
});
