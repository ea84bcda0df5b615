/** What the metadata inside an ONNX file says: Ultralytics writes all it knows as Python literals (pure). */
import type { Hints } from "./model-facts.ts";
import { labelsOf, pairOf, readPythonLiteral } from "./python-literal.ts";

/** Unknown or unreadable entries say nothing. */
export function metadataHints(metadata: Readonly<Record<string, string>>): Hints {
  const literal = (key: string): unknown => {
    const value = metadata[key];
    return value === undefined ? undefined : readPythonLiteral(value);
  };
  const labels = labelsOf(literal("names"));
  const license = metadata["license"]?.slice(0, 200);
  if (metadata["stride"] === undefined || metadata["imgsz"] === undefined) return { labels, license };
  const size = pairOf(literal("imgsz"));
  const args = literal("args");
  const suppressed = args instanceof Map && args.get("nms") === true;
  return {
    labels,
    license,
    // Written as height, width.
    size: size && [size[1], size[0]],
    ...(suppressed ? { head: "end-to-end", nms: "inside" } : {}),
  };
}
