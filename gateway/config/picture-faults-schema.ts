/** Which faults of its own picture a camera tells. */
import { z } from "zod";
import videoQuality from "./catalogue/video-quality.json" with { type: "json" };

/** A key of a camera: event types of the catalogue's group video-quality; default: what makes a camera blind. */
export const pictureFaultsSchema = z
  .array(z.enum(videoQuality.map(({ id }) => id)))
  .default(["video-signal-loss", "video-black", "video-freeze", "video-occlusion", "video-scene-change"])
  .describe(
    "faults of the picture that are events although no zone asks for them; a rule of that type in the zones file counts instead; []: none | 无需在区域文件中配置即上报的画面故障；区域文件中有同类型规则时以其为准；[] 为不上报",
  );
