import { createLog, type Log } from '#lib/base/log.ts';

/** A log that keeps its lines, for tests that look at them. */
export function makeTestLog(): { log: Log; lines: Record<string, unknown>[]; text(): string } {
  const raw: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog(
    (line) => {
      raw.push(line);
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
    () => 0,
  );
  return { log, lines, text: () => raw.join('\n') };
}
