/** `drift:` of a rule on covered water: whether what stands still counts. */
import { z } from "zod";

/** any: it does; flowing: not while a current is read; required: never, things drift here. */
export const driftSchema = z
  .enum(["any", "flowing", "required"])
  .describe(
    "whether what does not drift counts: any, it does; required, only what moved or grew by half of itself (sameSpot) within windowSec, or came so and lies there; flowing, the same while a section (flow) reads a current | 静止物是否计入：any 计入；required 仅计入在 windowSec 内移动或变大过自身一半（sameSpot）的，漂来后停住的仍计入；flowing 仅在断面（flow）读得水流时如此要求",
  );
