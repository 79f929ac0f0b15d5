/** Rows as text, in columns named by the first row's keys. */
export function table(lines: Record<string, string | number>[]): string {
  const columns = Object.keys(lines[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...lines.map((line) => String(line[column] ?? '').length)),
  );
  const format = (cells: (string | number)[]) =>
    cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join('  ');
  return [format(columns), ...lines.map((line) => format(columns.map((column) => line[column] ?? '')))].join(
    '\n',
  );
}
