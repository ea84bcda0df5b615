import assert from "node:assert/strict";
import { test } from "vitest";
import { say } from "../../runtime/texts/say.ts";
import { chooseDecoder, parseCapabilities } from "./decoder-choice.ts";
import { readLogLine, shapeOfListing } from "./ffmpeg-log.ts";

// Lines as ffmpeg 5.1 wrote them; the last column is what they mean.
for (const [line, kind, code] of [
  [
    "[Parsed_scale_1 @ 0x55dc299f9c00] [verbose] w:640 h:360 fmt:yuv420p sar:1/1 -> w:320 h:180 fmt:rgb24 sar:1/1 flags:0x20",
    "source",
    "640x360@1",
  ],
  [
    "[Parsed_scale_1 @ 0x55dc] [verbose] w:704 h:576 fmt:yuv420p sar:12/11 -> w:640 h:480 fmt:rgb24 sar:1/1 flags:0x20",
    "source",
    "704x576@1.0909",
  ],
  [
    "[Parsed_scale_0 @ 0x1] [verbose] w:640 h:360 fmt:yuv420p csp:bt709 range:tv sar:0/1 -> w:320 h:180 fmt:rgb24 csp:gbr range:pc sar:0/1 flags:0x20",
    "source",
    "640x360@1",
  ],
  ["[rtsp @ 0x55f3c35679c0] [verbose] SDP:", "connected", undefined],
  [
    "[graph 0 input from stream 0:0 @ 0x55dc299fad40] [verbose] w:640 h:360 pixfmt:yuv420p tb:1/15360 fr:15/1 sar:1/1",
    undefined,
    undefined,
  ],
  ["[rtsp @ 0x5587b57c46c0] [error] method OPTIONS failed: 401 Unauthorized", "failure", "CAMERA_UNAUTHORIZED"],
  ["[error] pipe:0: Server returned 403 Forbidden (access denied)", "failure", "CAMERA_FORBIDDEN"],
  ["[rtsp @ 0x55ae884906c0] [error] method DESCRIBE failed: 404 Not Found", "failure", "CAMERA_NOT_FOUND"],
  ["[rtsp @ 0x561a20aa56c0] [error] method SETUP failed: 453 Not Enough Bandwidth", "failure", "CAMERA_BUSY"],
  [
    "[rtsp @ 0x55d0fefa46c0] [error] method SETUP failed: 461 Unsupported Transport",
    "failure",
    "CAMERA_TRANSPORT_REFUSED",
  ],
  [
    "[tcp @ 0x5] [error] Connection to tcp://10.0.0.1:554?timeout=0 failed: Connection refused",
    "failure",
    "CAMERA_REFUSED",
  ],
  ["[tcp @ 0x5] [error] Failed to resolve hostname cam: Name or service not known", "failure", "CAMERA_NAME_UNKNOWN"],
  ["[error] Codec (av1) not on whitelist 'h264,hevc,mjpeg'", "failure", "CAMERA_CODEC_UNSUPPORTED"],
  ["[rtsp @ 0x563fbc83e6c0] [warning] RTP: missed 1 packets", "damage", undefined],
  ["[h264 @ 0x559e7adef580] [error] error while decoding MB 12 3, bytestream -5", "damage", undefined],
  ["[h264 @ 0x559e7adef580] [info] concealing 880 DC, 880 AC, 880 MV errors in P frame", "damage", undefined],
  ["[hevc @ 0x5] [error] Could not find ref with POC 12", "damage", undefined],
  ["[rtsp @ 0x5558c636f6c0] [error] Missing packets; dropping frame.", "error", undefined],
  [
    "[rtsp @ 0x55d0c0] [verbose] Status 302: Redirecting to rtsp://[fd00:ec2::254]:80/latest",
    "failure",
    "CAMERA_REDIRECTED",
  ],
  ["[error] pipe:0: corrupt decoded frame in stream 0", "error", undefined],
  ["[error] pipe:0: Invalid data found when processing input", "error", undefined],
  ["[info] frame=   60 fps= 14 q=-0.0 Lsize=N/A time=00:00:04.00 bitrate=N/A speed=0.966x", undefined, undefined],
] as const) {
  test(`${line.slice(0, 90)} is ${kind ?? "nothing"}`, () => {
    const meaning = readLogLine(line);
    assert.equal(meaning?.kind, kind);
    if (meaning?.kind === "failure") assert.equal(meaning.code, code);
    if (meaning?.kind !== "source") return;
    const { widthPx, heightPx, pixelAspect } = meaning.shape;
    assert.equal(`${widthPx}x${heightPx}@${Number(pixelAspect.toFixed(4))}`, code);
  });
}

test("a listing tells size and pixel shape", () => {
  const listing =
    "  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 704x576 [SAR 12:11 DAR 4:3], 57 kb/s, 25 fps";
  assert.deepEqual(shapeOfListing(listing), { widthPx: 704, heightPx: 576, pixelAspect: 12 / 11 });
  assert.equal(shapeOfListing("  Stream #0:0: Audio: aac, 44100 Hz"), null);
});

const texts = {
  version: "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026",
  decoders:
    " V....D h264                 H.264\n V..... h264_v4l2m2m         V4L2 mem2mem H.264\n V..... hevc_rkmpp           h265 (rkmpp)\n A....D aac  AAC\n",
  hwaccels: "Hardware acceleration methods:\nvdpau\nvaapi\n",
};
for (const [name, wanted, codec, devices, expected] of [
  ["auto takes the hardware that is there", "auto", "h265", ["rkmpp"], ["rkmpp", "hevc_rkmpp", null]],
  ["auto without hardware says nothing", "auto", "h264", [], ["software", null, null]],
  ["auto leaves VA-API alone", "auto", "h264", ["vaapi"], ["software", null, null]],
  ["a decoder without its device", "v4l2m2m", "h264", [], ["software", null, "decoderNoDevice v4l2m2m"]],
  ["a device without its decoder", "rkmpp", "h264", ["rkmpp"], ["software", null, "decoderNotBuilt rkmpp h264_rkmpp"]],
  ["VA-API on request", "vaapi", "h264", ["vaapi"], ["vaapi", null, null]],
  ["MJPEG", "rkmpp", "mjpeg", ["rkmpp"], ["software", null, "decoderMjpeg rkmpp"]],
] as const) {
  test(`decoder: ${name}`, () => {
    const choice = chooseDecoder(wanted, codec, parseCapabilities(texts, new Set(devices)));
    const note = choice.note && [choice.note.key, ...Object.values(choice.note.values)].join(" ");
    assert.deepEqual([choice.name, choice.codecName, note], expected);
    for (const language of ["zh", "en"] as const)
      assert.doesNotMatch(choice.note ? say(language, choice.note.key, choice.note.values) : "", /[{}]/);
  });
}

for (const [line, colours] of [
  [
    "[info]   Stream #0:0: Video: h264 (High), 1 reference frame, yuv420p(tv, bt709, progressive, left), 1920x1080, 25 fps",
    "bt709",
  ],
  ["[info]   Stream #0:0: Video: hevc (Main), 1 reference frame, yuvj420p(pc, bt709), 1920x1080, 25 fps", "bt709"],
  ["[info]   Stream #0:0: Video: h264 (High), 1 reference frame, yuv420p(tv, smpte170m/bt709/bt709), 960x540", "bt601"],
  [
    "[info]   Stream #0:0[0x1](und): Video: h264 (High), 1 reference frame (avc1 / 0x31637661), yuv420p(progressive, left), 960x540",
    "bt601",
  ],
  [
    "[info]   Stream #0:0: Video: mjpeg (Baseline), 1 reference frame, yuvj422p(pc, bt470bg/unknown/unknown, center), 640x360",
    "bt601",
  ],
] as const)
  test(`${colours}: ${line.slice(28)}`, () => {
    assert.deepEqual(readLogLine(line), { kind: "colours", colours });
  });
