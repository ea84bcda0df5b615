/** What so many decoders cost this machine to start, without a gateway around them: the floor under any recovery. */
import { Decoder } from "../../analysis/capture/decoder.ts";
import { parseCameraUrl } from "../../analysis/capture/camera-url.ts";
import { cameraCall } from "../../analysis/capture/ffmpeg-args.ts";

/** Seconds until every one of `urls` has given a picture to an ffmpeg of its own, `atOnce` of them starting side by side, those that have started going on. */
export async function bareStarts(urls: readonly string[], rate: number, atOnce = 4): Promise<number> {
  await using running = new AsyncDisposableStack();
  const left = [...urls];
  const beganMs = performance.now();
  const start = async (): Promise<void> => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const source = parseCameraUrl(url, "");
      if (source.kind !== "rtsp") throw new RangeError(url);
      const call = cameraCall({
        ...{ source, credentials: null, transport: "tcp", keyFramesOnly: false, rate, version: [5, 1] },
        ...{ decoder: { name: "software", codecName: null, note: null }, size: { widthPx: 160, heightPx: 90 } },
        backstopMs: 30_000,
      });
      const decoder = running.use(await Decoder.start("ffmpeg", call, () => undefined));
      await new Promise<void>((shown) => decoder.output.on("data", () => shown()));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, start));
  return (performance.now() - beganMs) / 1_000;
}
