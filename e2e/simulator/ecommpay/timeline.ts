type Event = { at: number; order: number; run: () => void };

export type Timeline = ReturnType<typeof createTimeline>;

/** What will happen by itself, in order of time. Nothing happens before somebody asks what the time has brought. */
export function createTimeline() {
  const events: Event[] = [];
  let order = 0;
  return {
    add(at: number, run: () => void): void {
      order += 1;
      events.push({ at, order, run });
      events.sort((a, b) => a.at - b.at || a.order - b.order);
    },
    nextAt: (): number | undefined => events[0]?.at,
    /** The earliest event that is due. */
    take(now: number): Event | undefined {
      const [first] = events;
      return first && first.at <= now ? events.shift() : undefined;
    },
  };
}
