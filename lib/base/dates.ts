/** `Nov 21, 2026, 10:31 PM`, in Manila, where merchant and customer are. */
export function formatManila(ms: number): string {
  return new Intl.DateTimeFormat('en-PH', {
    timeZone: 'Asia/Manila',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(ms);
}
