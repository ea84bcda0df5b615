import { expect, test } from "vitest";
import { ClockDouble } from "../../runtime/clock-double.ts";
import { ConnectGate } from "./connect-gate.ts";

test("one at a time, in the order in which they came", async () => {
  const gate = new ConnectGate(1, new ClockDouble());
  const { signal } = new AbortController();
  const entered: string[] = [];
  const first = await gate.enter(signal);
  const others = ["second", "third"].map(async (name) => {
    const pass = await gate.enter(signal);
    entered.push(name);
    pass[Symbol.dispose]();
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toEqual([]);
  first[Symbol.dispose]();
  await Promise.all(others);
  expect(entered).toEqual(["second", "third"]);
});

test("who is inside for two seconds keeps nobody waiting any more, and frees its place only once", async () => {
  const clock = new ClockDouble();
  const gate = new ConnectGate(1, clock);
  const { signal } = new AbortController();
  const slow = await gate.enter(signal);
  slow.answered();
  let isIn = false;
  const next = gate.enter(signal).then((pass) => ((isIn = true), pass));
  await clock.advance(600);
  await clock.advance(1_300);
  expect(isIn).toBe(false);
  await clock.advance(200);
  expect(isIn).toBe(true);
  slow[Symbol.dispose]();
  const third = gate.enter(signal).then((pass) => ((isIn = false), pass));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isIn).toBe(true);
  (await next)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
});

test("who has no answer after half a second makes room", async () => {
  const clock = new ClockDouble();
  const gate = new ConnectGate(1, clock);
  const { signal } = new AbortController();
  await gate.enter(signal);
  let isIn = false;
  const next = gate.enter(signal).then(() => (isIn = true));
  await clock.advance(400);
  expect(isIn).toBe(false);
  await clock.advance(200);
  await next;
});
