/** Guesses from one address, from many, and what they cost others. */
import { describe, expect, test } from "vitest";
import { LockOut } from "./lock-out.ts";
import { Sessions } from "./sessions.ts";

describe("one address", () => {
  test("five tries are free, then each wait is twice the last, up to a quarter of an hour", () => {
    const lockOut = new LockOut();
    const waits: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 12; i += 1) {
      lockOut.failed("10.0.0.1", nowMs);
      waits.push(lockOut.waitMs("10.0.0.1", nowMs) / 1_000);
      nowMs += lockOut.waitMs("10.0.0.1", nowMs);
    }
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    expect(lockOut.waitMs("10.0.0.2", nowMs)).toBe(0);
  });

  test("a quiet hour, and the right password, begin anew", () => {
    const lockOut = new LockOut();
    for (let i = 0; i < 5; i += 1) lockOut.failed("10.0.0.1", 0);
    expect(lockOut.waitMs("10.0.0.1", 3_600_000)).toBe(0);
    lockOut.succeeded("10.0.0.1");
    expect(lockOut.waitMs("10.0.0.1", 1)).toBe(0);
  });
});

describe("many addresses", () => {
  /** So many wrong tries within an hour, by whoever changes the address as soon as it must wait. */
  const guess = (lockOut: LockOut, addresses: number): number => {
    let done = 0;
    for (let nowMs = 0; nowMs < 3_600_000; nowMs += 100) {
      const address = `10.${done % 3}.${Math.floor(done / 250) % 250}.${done % addresses}`;
      if (lockOut.waitMs(address, nowMs) > 0) continue;
      lockOut.failed(address, nowMs);
      done += 1;
    }
    return done;
  };

  test("two hundred and fifty guess no more than 820 times in an hour", () => {
    expect(guess(new LockOut(), 250)).toBeLessThanOrEqual(820);
  });

  test("whoever came in from an address before is not kept waiting, a stranger for five seconds at most", () => {
    const lockOut = new LockOut();
    lockOut.succeeded("192.168.1.7");
    guess(lockOut, 250);
    const nowMs = 3_600_000;
    lockOut.failed("10.9.9.9", nowMs);
    expect(lockOut.waitMs("192.168.1.7", nowMs)).toBe(0);
    expect(lockOut.waitMs("192.168.1.8", nowMs)).toBe(5_000);
    expect(lockOut.waitMs("192.168.1.8", nowMs + 5_000)).toBe(0);
    expect(lockOut.waitMs("192.168.1.8", 2 * nowMs)).toBe(0);
  });

  test("one network of IPv6 is one address", () => {
    const lockOut = new LockOut();
    for (let i = 0; i < 5; i += 1) lockOut.failed(`2001:db8:0:1::${i}`, 0);
    expect(lockOut.waitMs("2001:db8:0:1:ffff::1", 0)).toBeGreaterThan(0);
    expect(lockOut.waitMs("2001:db8:0:2::1", 0)).toBe(0);
  });
});

test("a viewer who logs in over and over throws out nobody else", () => {
  const sessions = new Sessions();
  const admin = sessions.start("admin", "salt", 0);
  const mine = Array.from({ length: 200 }, (_, i) => sessions.start("viewer", "salt", i));
  expect(sessions.userOf(admin, () => "salt", 200)).toBe("admin");
  expect(mine.filter((token) => sessions.userOf(token, () => "salt", 200) !== null).length).toBe(12);
});
