import type { WriteStream } from 'node:tty';

const CLEAR_LINE = '\r\x1b[K';

export type Progress = {
  show(done: number, all: number): void;
  /** Another line, which must not run into the one that is written over. */
  write(line: string): void;
};

/** How far the pages are: on a terminal one line that is written over, elsewhere a line for each step. */
export function createProgress(out: Pick<WriteStream, 'isTTY' | 'write'>): Progress {
  const clear = out.isTTY ? CLEAR_LINE : '';
  return {
    // The cursor goes back to the line's start, so that what others write comes upon it and not behind it.
    show: (done, all) => out.write(`${clear}  Compiled ${done} of ${all} pages${out.isTTY ? '\r' : '\n'}`),
    write: (line) => out.write(`${clear}${line}\n`),
  };
}
