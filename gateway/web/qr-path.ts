/** A QR code as the data of one SVG path (pure). */
import qrcode from "qrcode-generator";
import type { QrPath } from "./api.ts";

/** Light modules around the code; readers need them. */
const border = 4;

/** Error correction M, the smallest version that holds `text`. */
export function qrPath(text: string): QrPath {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const modules = Array.from({ length: count }, (_, n) => n);
  const path = modules.flatMap((row) =>
    modules.flatMap((column) => (code.isDark(row, column) ? [`M${column + border} ${row + border}h1v1h-1z`] : [])),
  );
  return { size: count + 2 * border, path: path.join("") };
}
