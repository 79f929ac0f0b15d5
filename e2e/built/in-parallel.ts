/** Works through the jobs, `atOnce` of them at any moment. */
export async function inParallel<T>(
  jobs: readonly T[],
  atOnce: number,
  work: (job: T) => Promise<void>,
): Promise<void> {
  const queue = [...jobs];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(job);
    }),
  );
}
