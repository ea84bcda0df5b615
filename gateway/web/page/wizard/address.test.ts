/** From what is typed to what the box wants. */
import { describe, expect, test } from "vitest";
import { addressOf, emptyFields, newCameraOf, testOf, withUrl } from "./address.ts";

describe("an address that is pasted with its login", () => {
  for (const [name, url, wanted] of [
    ["without a login", "rtsp://10.0.0.5/a", { url: "rtsp://10.0.0.5/a", user: "", password: "" }],
    ["with one", "rtsp://admin:secret@10.0.0.5/a", { url: "rtsp://10.0.0.5/a", user: "admin", password: "secret" }],
    ["@ in the password", "rtsp://admin:p@ss#1@cam/a", { url: "rtsp://cam/a", user: "admin", password: "p@ss#1" }],
    ["escaped", "rtsp://admin:p%40ss@cam/a", { url: "rtsp://cam/a", user: "admin", password: "p@ss" }],
    ["a bare percent sign", "rtsp://admin:100%@cam/a", { url: "rtsp://cam/a", user: "admin", password: "100%" }],
    ["no password", "rtsp://admin@cam/a", { url: "rtsp://cam/a", user: "admin", password: "" }],
    ["spaces around", "  rtsp://cam/a ", { url: "rtsp://cam/a", user: "", password: "" }],
  ] as const)
    test(name, () => expect(withUrl(emptyFields, url)).toMatchObject(wanted));
});

describe("an address", () => {
  for (const [name, fields, wanted] of [
    ["a brand's", { host: " 10.0.0.5 " }, { brand: "hikvision", host: "10.0.0.5", channel: 1, stream: "sub" }],
    ["no host yet", { host: "" }, null],
    ["a host that is an address", { host: "rtsp://10.0.0.5/" }, null],
    [
      "a port of its own",
      { host: "cam", port: "8554" },
      { brand: "hikvision", host: "cam", port: 8554, channel: 1, stream: "sub" },
    ],
    [
      "a port that is none",
      { host: "cam", port: "99999" },
      { brand: "hikvision", host: "cam", channel: 1, stream: "sub" },
    ],
    ["free", { brand: "custom", url: "rtsp://cam/a" }, { url: "rtsp://cam/a" }],
    ["free, not yet", { brand: "custom", url: "rtsp://" }, null],
    ["free, another scheme", { brand: "custom", url: "http://cam/a" }, null],
  ] as const)
    test(name, () => expect(addressOf({ ...emptyFields, ...fields })).toEqual(wanted));
});

test("a login is sent only when there is a user", () => {
  const fields = { ...emptyFields, brand: "custom", url: "rtsp://cam/a", password: "left over", name: "Pier" } as const;
  expect(testOf(fields)).toEqual({ address: { url: "rtsp://cam/a" } });
  expect(newCameraOf({ ...fields, user: "admin" })).toEqual({
    name: "Pier",
    address: { url: "rtsp://cam/a" },
    user: "admin",
    password: "left over",
  });
  expect(newCameraOf({ ...fields, name: " " })).toBeNull();
});
