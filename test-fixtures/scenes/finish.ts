/** Text and coding of a single picture. */
import type { Random } from "./random.ts";

/** Text and coding of a picture. */
export interface Finish {
  readonly clock: string;
  readonly name: string;
  readonly textPx: number;
  readonly textOn: boolean;
  readonly quality: number;
  /** The picture goes through this smaller size first, 1 for none. */
  readonly shrink: number;
  readonly mirror: boolean;
}

const RIVERS = ["清水河", "嘉陵江", "花溪河", "梁滩河", "龙溪", "御临河", "青江", "白沙河"] as const;

const SPOTS = ["滨江路段", "东岸01", "码头", "下游3号", "公园亲水平台", "拦河坝", "桥下", "北侧枪机"] as const;

/** Two digits. */
export const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");

/** Draws clock, camera name and coding of a picture. */
export function finishOf(chance: Random): Finish {
  const clock = `2026-${two(chance.int(1, 12))}-${two(chance.int(1, 28))} ${two(chance.int(0, 23))}:${two(chance.int(0, 59))}:${two(chance.int(0, 59))}`;
  return {
    clock: chance.chance(0.3) ? `${clock} 星期${chance.pick(["一", "二", "三", "四", "五", "六", "日"])}` : clock,
    name: `${chance.pick(RIVERS)}${chance.pick(SPOTS)}`,
    textPx: chance.range(16, 32),
    textOn: chance.chance(0.75),
    quality: chance.range(0.35, 0.95),
    shrink: chance.chance(0.35) ? chance.range(0.4, 0.85) : 1,
    mirror: chance.chance(0.5),
  };
}
