/** Ways through time: keyframes, and where somebody is between them. */

/** A value between keyframes; before the first and after the last it rests. */
export function between(keys: readonly (readonly [number, number])[], t: number): number {
  let before = keys[0];
  if (!before) return 0;
  for (const key of keys) {
    if (key[0] <= t) before = key;
    else
      return before[0] >= key[0] || t < before[0]
        ? before[1]
        : before[1] + ((key[1] - before[1]) * (t - before[0])) / (key[0] - before[0]);
  }
  return before[1];
}

/** Where somebody on a way is, whether already or still there, and where he is heading. */
export function onWay(
  way: readonly (readonly [number, number, number])[],
  t: number,
): { readonly x: number; readonly inland: number; readonly yaw: number | null; readonly here: boolean } {
  const x = (s: number): number => between(way.map((k) => [k[0], k[1]]), s); // prettier-ignore
  const inland = (s: number): number => between(way.map((k) => [k[0], k[2]]), s); // prettier-ignore
  const dx = x(t + 0.2) - x(t);
  const dz = inland(t + 0.2) - inland(t);
  const first = way[0]?.[0] ?? 0;
  const last = way[way.length - 1]?.[0] ?? 0;
  return {
    x: x(t),
    inland: inland(t),
    yaw: Math.hypot(dx, dz) > 0.01 ? Math.atan2(dx, dz) : null,
    here: way.length === 1 || (t >= first && t <= last),
  };
}
