/** Error texts of models and the detector process. */
import type { ErrorText } from "./error-text.ts";

export const detectionErrors = {
  MODEL_MISSING: {
    retry: "never",
    exit: 30,
    en: [
      "there is no model package {model} ({path})",
      "Put the package into models/{model} or name another model in config/gateway.yaml.",
    ],
    zh: [
      "没有名为 {model} 的模型包({path})",
      "请把模型包放入 models/{model},或在 config/gateway.yaml 中改用其他模型。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
