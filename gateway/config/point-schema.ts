/** Places in a picture, as the config writes them. */
import { z } from "zod";

/** A share of the picture's width or height, 0..1. */
export const shareSchema = z.number().min(0).max(1);
/** [x, y] from the upper left corner, each 0..1. */
export const pointSchema = z.tuple([shareSchema, shareSchema]);
