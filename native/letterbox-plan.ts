/** Where a region of one picture lands in another one: pure arithmetic, shared by the addon and the reference. */
import { checkSize, checkWhole, packColour } from "./arguments.ts";

/** A rectangle in whole pixels of the source picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** yuv420p in one of two matrices, or rgb24: one plane of three bytes a pixel, as photographs come out of files. */
export type Colours = "bt601" | "bt709" | "rgb24";

/** The numbers by which the addon knows them. */
export const colourNumbers: Readonly<Record<Colours, number>> = { bt601: 0, bt709: 1, rgb24: 2 };

export interface LetterboxOptions {
  /** Fill beside the picture, 0..255: one grey or three bytes in the target's own order. Default 114, what YOLO models were trained with. */
  readonly pad?: number | readonly [number, number, number];
  /** "letterbox" keeps the shape and pads (default), "stretch" fills the target. */
  readonly fit?: "letterbox" | "stretch";
  /** Where the picture sits in the padding. Default "center". */
  readonly align?: "center" | "top-left";
  /** Writes BGR instead of RGB. Default false. */
  readonly swapRedBlue?: boolean;
  /** How the source's colours are written. Default "bt601", which is also what untagged video is taken for. */
  readonly colours?: Colours;
  /** "linear" is OpenCV's INTER_LINEAR (default); "area" averages all pixels under a target pixel, which keeps thin rods when it shrinks. */
  readonly filter?: "linear" | "area";
}

/** The way between the pictures: `targetPx = (sourcePx - region.x) * scaleX + offsetX`, likewise for y. Pixel edges, not centres. */
export interface LetterboxGeometry {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** A checked job: the geometry and what the kernels need besides it. */
export interface LetterboxPlan {
  readonly geometry: LetterboxGeometry;
  readonly innerX: number;
  readonly innerY: number;
  readonly innerWidth: number;
  readonly innerHeight: number;
  /** Three bytes, the target's first byte on top. */
  readonly pad: number;
  readonly isArea: boolean;
  readonly isSwapped: boolean;
  readonly colours: Colours;
}

const noOptions: LetterboxOptions = {};

function oneOf<Word extends string>(name: string, value: Word | undefined, first: Word, second: Word): Word {
  if (value === undefined || value === first) return first;
  if (value !== second) throw new RangeError(`${name} must be "${first}" or "${second}"`);
  return second;
}

/** Throws RangeError or TypeError, naming the argument, for sizes, regions and options that make no picture. */
export function planLetterbox(
  sourceWidth: number,
  sourceHeight: number,
  region: Region,
  targetWidth: number,
  targetHeight: number,
  options: LetterboxOptions = noOptions,
): LetterboxPlan {
  checkSize("source", sourceWidth, sourceHeight);
  if (options.colours !== undefined && !Object.hasOwn(colourNumbers, options.colours))
    throw new RangeError('colours must be "bt601", "bt709" or "rgb24"');
  checkSize("target", targetWidth, targetHeight);
  checkWhole("region.x", region.x, 0, sourceWidth - 1);
  checkWhole("region.y", region.y, 0, sourceHeight - 1);
  checkWhole("region.width", region.width, 1, sourceWidth - region.x);
  checkWhole("region.height", region.height, 1, sourceHeight - region.y);
  const isStretched = oneOf("fit", options.fit, "letterbox", "stretch") === "stretch";
  const isCentred = oneOf("align", options.align, "center", "top-left") === "center";
  const isArea = oneOf("filter", options.filter, "linear", "area") === "area";

  const scale = Math.min(targetWidth / region.width, targetHeight / region.height);
  const innerWidth = isStretched ? targetWidth : Math.max(1, Math.min(targetWidth, Math.round(region.width * scale)));
  const innerHeight = isStretched
    ? targetHeight
    : Math.max(1, Math.min(targetHeight, Math.round(region.height * scale)));
  const innerX = isCentred ? (targetWidth - innerWidth) >> 1 : 0;
  const innerY = isCentred ? (targetHeight - innerHeight) >> 1 : 0;
  // The scale that whole pixels really have, which differs a little between the axes: boxes mapped back with it fit exactly.
  const geometry = {
    scaleX: innerWidth / region.width,
    scaleY: innerHeight / region.height,
    offsetX: innerX,
    offsetY: innerY,
  };
  return {
    geometry,
    innerX,
    innerY,
    innerWidth,
    innerHeight,
    pad: packColour("pad", options.pad ?? 114),
    isArea,
    isSwapped: options.swapRedBlue === true,
    colours: options.colours ?? "bt601",
  };
}
