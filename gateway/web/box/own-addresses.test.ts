/** Which address of several is printed first and drawn as a QR code. */
import { expect, test } from "vitest";
import { addressesOf, bestFirst, defaultInterface, type OwnAddress } from "./own-addresses.ts";

const at = (interfaceName: string, address: string, more: Partial<OwnAddress> = {}): OwnAddress => ({
  ...{ interfaceName, address, isPhysical: true, isDefault: false },
  ...more,
});

test("the net of the default route, other sockets, bridges of containers, self-given addresses", () => {
  const all = [
    at("docker0", "172.17.0.1", { isPhysical: false }),
    at("eth1", "169.254.7.9"),
    at("wlan0", "192.168.43.5"),
    at("eth0", "10.0.0.8", { isDefault: true }),
  ];
  expect(bestFirst(all).map(({ interfaceName }) => interfaceName)).toEqual(["eth0", "wlan0", "docker0", "eth1"]);
});

test("the default route of least metric, as the kernel writes its table", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "wlan0\t00000000\t012BA8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0",
    "eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0",
    "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
  ].join("\n");
  expect(defaultInterface(table)).toBe("eth0");
  expect(defaultInterface("")).toBeNull();
});

test("one address that is named is the only one", () => {
  expect(addressesOf("10.1.2.3:8420")).toEqual(["http://10.1.2.3:8420/"]);
  expect(addressesOf("0.0.0.0:8420", true).every((one) => /^https:\/\/[\d.]+:8420\/$/.test(one))).toBe(true);
});
