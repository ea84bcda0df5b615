/**
 * What whoever starts the box lets cameras be, against the rule: `XUELIANG_CAMERA_ADDRESSES=own,link-local`. A variable of
 * the process and no key of the config, because page and commands from above can write the config.
 */

const variable = "XUELIANG_CAMERA_ADDRESSES";
const words = ["own", "link-local"] as const;

/** own: a restreamer or simulator on this box; link-local: cameras on a wire without addresses. */
export type AllowedAddresses = (typeof words)[number];

/** What is allowed now; words that mean nothing allow nothing. */
export function addressesAllowed(): ReadonlySet<AllowedAddresses> {
  const said = (process.env[variable] ?? "").split(/[\s,]+/);
  return new Set(words.filter((word) => said.includes(word)));
}

/** For programs that are their own camera: demo, bench, tests. Holds for this process and what it starts. */
export function allowOwnCameras(): void {
  process.env[variable] = [...addressesAllowed(), "own"].join(",");
}
