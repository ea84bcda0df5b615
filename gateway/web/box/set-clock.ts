/** Sets the box's clock with the system's own `date`; it needs the right to, which a daemon in a container has not. */
import { execFile } from "node:child_process";
import { WebError } from "../../runtime/errors.ts";

/** @param wallMs what the phone shows @throws WebError WEB_CLOCK */
export function setClock(wallMs: number): Promise<void> {
  const at = new Date(wallMs).toISOString();
  return new Promise((resolve, reject) => {
    execFile("date", ["-u", "-s", at], { timeout: 5_000 }, (error, _stdout, stderr) => {
      if (!error) resolve();
      else
        reject(
          new WebError(503, "WEB_CLOCK", { detail: stderr.trim().slice(0, 120) || error.message }, { cause: error }),
        );
    });
  });
}
