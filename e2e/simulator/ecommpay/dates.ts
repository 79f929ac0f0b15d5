/** As in callbacks: `2027-01-15T00:00:00+0000`. */
export const callbackDate = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+0000`;

/** As in the Data API: `2027-01-15 08:00:00` in that zone. Throws a `RangeError` where there is no such zone. */
export function dataDate(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
