/** A model package for tests of one part of it: two labels, a small input, nothing special. */
import type { ModelPackage } from "../model-package.ts";

type Part = "input" | "head" | "defaults";
type Bends = Partial<Omit<ModelPackage, Part>> & { readonly [P in Part]?: Partial<ModelPackage[P]> };

/** @param bends what the test is about */
export function examplePackage({ input, head, defaults, ...rest }: Bends = {}): ModelPackage {
  return {
    name: "table",
    version: "1",
    path: "",
    sm3: "",
    sha256: "",
    sizeBytes: 0,
    license: "",
    labels: ["person", "boat"],
    display: {},
    input: {
      name: "image",
      widthPx: 16,
      heightPx: 8,
      layout: "nchw",
      color: "rgb",
      dtype: "float32",
      normalize: { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
      resize: "letterbox",
      pad: 0,
      align: "center",
      filter: "linear",
      ...input,
    },
    head: { type: "end-to-end", nms: "external", strides: [8], activation: "none", outputs: [], ...head },
    defaults: {
      confidence: 0.5,
      floor: 0.1,
      iou: 0.5,
      perClass: {},
      perClassFloor: {},
      contained: {},
      acrossLabels: false,
      ...defaults,
    },
    origins: {},
    ...rest,
  };
}
