/** Where a camera or a site is. */
import { z } from "zod";

/** Where a camera or a site is; CGCS2000 longitude and latitude in degrees. */
export const placeSchema = z.strictObject({
  region: z
    .string()
    .regex(/^\d{6}$/)
    .optional()
    .describe("six digits of GB/T 2260 | 六位行政区划代码"),
  street: z.string().max(32).optional().describe("street or town code | 街道（乡镇）代码"),
  community: z.string().max(32).optional().describe("community code | 社区代码"),
  grid: z.string().max(32).optional().describe("grid code | 网格编号"),
  riverReach: z.string().max(64).optional().describe("river and reach | 河段"),
  lon: z.number().min(-180).max(180).optional().describe("longitude, degrees, CGCS2000 | 经度（CGCS2000）"),
  lat: z.number().min(-90).max(90).optional().describe("latitude, degrees, CGCS2000 | 纬度（CGCS2000）"),
});
