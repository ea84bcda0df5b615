/** The functions of index.ts in plain TypeScript: the oracle of the tests, and what runs where the binary does not load. */
export { letterbox } from "./reference/letterbox.ts";
