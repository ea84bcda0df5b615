import assert from "node:assert/strict";
import { test } from "vitest";
import { parseCameraUrl, type RtspSource } from "./camera-url.ts";
import { cameraCall, clipCall, fits, loopCall, outputSize, type CameraCall } from "./ffmpeg-args.ts";

const base: CameraCall = {
  source: parseCameraUrl("rtsp://10.0.0.7/Streaming/Channels/102", "gate") as RtspSource,
  credentials: { user: "admin", password: "it's 100% #1" },
  transport: "tcp",
  keyFramesOnly: false,
  decoder: { name: "software", codecName: null, note: null },
  backstopMs: 35_000,
  size: { widthPx: 640, heightPx: 360 },
  rate: 5,
  version: [5, 1],
};

const common = "-hide_banner -nostats -loglevel level+verbose";
const tail = "-pix_fmt yuv420p -threads 1 -f rawvideo pipe:1";
const select =
  "select='isnan(prev_selected_t)+not(eq(floor(t*5),floor(prev_selected_t*5)))',scale=640:360:flags=area:out_range=tv";

test("a camera: the address only in the script", () => {
  const { args, script } = cameraCall(base);
  assert.equal(
    args.join(" "),
    `${common} -threads 1 -f concat -safe 0 -protocol_whitelist pipe,rtsp,rtp,tcp,udp -codec_whitelist h264,hevc,mjpeg -fpsprobesize 0 -max_ts_probe 0 -i pipe:0 ` +
      `-map 0:v:0 -an -sn -dn -fps_mode passthrough -filter_threads 1 -vf ${select} ${tail}`,
  );
  assert.equal(
    script,
    "ffconcat version 1.0\nfile 'rtsp://admin:it%27s%20100%25%20%231@10.0.0.7:554/Streaming/Channels/102'\n" +
      "option rtsp_transport tcp\noption allowed_media_types video\noption fpsprobesize 0\noption max_ts_probe 0\noption timeout 35000000\n",
  );
});

for (const [name, change, wanted] of [
  ["key frames only", { keyFramesOnly: true }, "-skip_frame nokey -threads 1"],
  [
    "a hardware decoder is named and allowed",
    { decoder: { name: "rkmpp", codecName: "hevc_rkmpp", note: null } },
    "-codec_whitelist h264,hevc,mjpeg,hevc_rkmpp -c:v hevc_rkmpp -fpsprobesize 0 -max_ts_probe 0 -i pipe:0",
  ],
  [
    "VA-API",
    { decoder: { name: "vaapi", codecName: null, note: null } },
    "-hwaccel vaapi -hwaccel_device /dev/dri/renderD128",
  ],
  ["ffmpeg 5.0 calls it otherwise", { version: [5, 0] }, "-vsync passthrough"],
  [
    "rtsps may use TLS",
    { source: parseCameraUrl("rtsps://cam/x", "gate") as RtspSource },
    "-protocol_whitelist pipe,rtsp,rtp,tcp,udp,tls",
  ],
] as const satisfies readonly (readonly [string, Partial<CameraCall>, string])[]) {
  test(name, () =>
    assert.ok(
      cameraCall({ ...base, ...change })
        .args.join(" ")
        .includes(wanted),
    ),
  );
}

test("a file loops at its own pace, a clip is read as fast as it goes", () => {
  const options = { size: base.size, rate: 2.5, version: [7, 1] as const };
  assert.ok(
    loopCall("/a b.mp4", options)
      .args.join(" ")
      .includes("-re -stream_loop -1 -threads 1 -protocol_whitelist file -i file:/a b.mp4"),
  );
  assert.ok(clipCall("/a.mp4", options).args.includes("fps=2.5:start_time=0,scale=640:360:flags=area:out_range=tv"));
});

for (const [name, width, shape, expected] of [
  ["the camera's shape", 960, { widthPx: 1920, heightPx: 1080, pixelAspect: 1 }, [960, 540]],
  ["never wider than the source", 960, { widthPx: 640, heightPx: 360, pixelAspect: 1 }, [640, 360]],
  ["a tall camera", 480, { widthPx: 1080, heightPx: 1920, pixelAspect: 1 }, [480, 854]],
  ["even numbers", 333, { widthPx: 1001, heightPx: 501, pixelAspect: 1 }, [334, 168]],
  ["pixels that are not square", 640, { widthPx: 704, heightPx: 576, pixelAspect: 12 / 11 }, [640, 480]],
  ["nothing known: 16 to 9", 960, null, [960, 540]],
  ["nothing known, very wide", 3840, null, [3840, 2160]],
] as const) {
  test(`output size: ${name}`, () => {
    const { widthPx, heightPx } = outputSize(width, shape);
    assert.deepEqual([widthPx, heightPx], expected);
    if (shape) assert.ok(fits({ widthPx, heightPx }, shape));
  });
}

test("another size of the same shape fits, another shape does not", () => {
  assert.ok(fits({ widthPx: 640, heightPx: 360 }, { widthPx: 1280, heightPx: 720, pixelAspect: 1 }));
  assert.ok(!fits({ widthPx: 640, heightPx: 360 }, { widthPx: 640, heightPx: 480, pixelAspect: 1 }));
});
