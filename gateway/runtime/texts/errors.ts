/** Every error text of the product, by code; one file a room keeps each list short. */
import { captureErrors } from "./errors-capture.ts";
import { configErrors } from "./errors-config.ts";
import { deliveryErrors } from "./errors-delivery.ts";
import { detectionErrors } from "./errors-detection.ts";
import { commandErrors } from "./errors-command.ts";
import { onvifErrors } from "./errors-onvif.ts";
import { platformErrors } from "./errors-platform.ts";
import { ringErrors } from "./errors-ring.ts";
import { trackLogErrors } from "./errors-track-log.ts";
import { webErrors } from "./errors-web.ts";

export const errorTexts = {
  ...captureErrors,
  ...ringErrors,
  ...onvifErrors,
  ...detectionErrors,
  ...configErrors,
  ...deliveryErrors,
  ...commandErrors,
  ...platformErrors,
  ...trackLogErrors,
  ...webErrors,
} as const;
