/** An address as a QR code of half blocks, two rows a line, for terminals and journals (pure). */
import qrcode from "qrcode-generator";

/** Dark on light on most terminals; the quiet border of four modules is part of it. */
export function qrText(text: string): string {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const border = 4;
  const dark = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < size && column < size && code.isDark(row, column);
  const lines: string[] = [];
  for (let row = -border; row < size + border; row += 2) {
    let line = "";
    for (let column = -border; column < size + border; column += 1) {
      const [upper, lower] = [dark(row, column), dark(row + 1, column)];
      // Light modules are drawn: terminals are dark.
      line += upper ? (lower ? " " : "▄") : lower ? "▀" : "█";
    }
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}
