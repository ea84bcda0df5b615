/** The binary of this machine, loaded once. */
import { loadBinary } from "./binary.ts";

export const { binary, status } = loadBinary();
