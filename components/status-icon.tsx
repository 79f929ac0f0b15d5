/** How a state looks: said in words beside it, so it is not read out. */
const LOOKS = {
  good: { ring: 'bg-good/15 text-good', path: 'M14 25l7 7 14-15' },
  bad: { ring: 'bg-bad/15 text-bad', path: 'M17 17l14 14M31 17L17 31' },
  waiting: { ring: 'bg-accent/15 text-accent', path: 'M24 14v11l7 4' },
  over: { ring: 'bg-line text-muted', path: 'M16 24h16' },
} as const;

export type Look = keyof typeof LOOKS;

export function StatusIcon({ look }: { look: Look }) {
  const { ring, path } = LOOKS[look];
  return (
    <span
      className={`mx-auto mb-3 grid size-16 place-items-center rounded-full ${ring} ${
        look === 'waiting' ? 'motion-safe:animate-pulse' : ''
      }`}
    >
      <svg
        viewBox="0 0 48 48"
        className="size-14"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.5"
        aria-hidden="true"
      >
        <path d={path} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </span>
  );
}
