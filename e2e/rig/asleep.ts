import type { Rig } from './rig.ts';

/** A process that stands still where it passes a fault point, until it is woken. */
export function asleepAt(rig: Rig, point: string) {
  const arrived = Promise.withResolvers<void>();
  const awake = Promise.withResolvers<void>();
  const reach = (name: string) => {
    if (name !== point) return undefined;
    arrived.resolve();
    return awake.promise;
  };
  return { deps: { ...rig.deps, reach }, arrived: arrived.promise, wake: () => awake.resolve() };
}
