/** The description of a clip that a simulated camera gives; pure. */
import type { Clip } from "./clip.ts";
import type { Fault } from "./fault.ts";

/** RTP payload type: 26 is JPEG's own number, 96 the first free one. */
export function payloadTypeOf(clip: Clip): number {
  return clip.codec === "mjpeg" ? 26 : 96;
}

/** SDP with one video track, control name `track0`; a fault may hide or disguise the video. */
export function sdpOf(clip: Clip, fault: Fault): string {
  const head = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=simulated camera", "t=0 0", "a=control:*"];
  const audio = ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:track0"];
  if (fault.kind === "audio-only") return [...head, ...audio, ""].join("\r\n");
  const video = ["m=video 0 RTP/AVP 96", "a=rtpmap:96 VP8/90000", "a=control:track0"];
  if (fault.kind === "foreign-codec") return [...head, ...video, ""].join("\r\n");
  return [...head, ...videoLines(clip), "a=control:track0", ""].join("\r\n");
}

function videoLines(clip: Clip): string[] {
  const sets = clip.parameterSets.map((set) => set.toString("base64"));
  switch (clip.codec) {
    case "mjpeg":
      return ["m=video 0 RTP/AVP 26", `a=x-dimensions:${clip.widthPx},${clip.heightPx}`];
    case "h264":
      return [
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets.join(",")}`,
      ];
    case "h265":
      return [
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H265/90000",
        `a=fmtp:96 sprop-vps=${sets[0] ?? ""};sprop-sps=${sets[1] ?? ""};sprop-pps=${sets[2] ?? ""}`,
      ];
  }
}
