import { DatabaseSync } from 'node:sqlite';

/**
 * Loaded into a server process before everything else (`node --import`): SIGUSR2 fills the disk under its SQLite, the
 * next one makes room again. The store may not grow by a single page then, which SQLite answers as it does a full disk.
 */
const MORE_THAN_ENOUGH = 1_073_741_823;
const opened = new Set<DatabaseSync>();
const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function remember(this: DatabaseSync, sql: string) {
  opened.add(this);
  return exec.call(this, sql);
};

let isFull = false;
process.on('SIGUSR2', () => {
  isFull = !isFull;
  // Below the present size, SQLite takes the present size.
  for (const database of opened)
    exec.call(database, `pragma max_page_count = ${isFull ? 1 : MORE_THAN_ENOUGH}`);
});
