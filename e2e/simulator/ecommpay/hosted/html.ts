/** HTML that is already safe to be put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (value: string | number | Html | readonly Html[]): string => {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(escaped).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
};

/** A template whose values are escaped, save for parts made by it. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return new Html(
    parts.map((part, at) => part + (at < values.length ? escaped(values[at] ?? '') : '')).join(''),
  );
}

export const NOTHING = new Html('');

export const pesos = (centavos: number): string =>
  `₱${(centavos / 100).toLocaleString('en-PH', { minimumFractionDigits: 2 })}`;

export type PageOptions = {
  title: string;
  /** Whose page it pretends to be. */
  place: 'Payment Page' | 'PayMaya';
};

/** A whole page. Works without scripts: there are none. */
export function document({ title, place }: PageOptions, main: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · simulated ${place}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/payment/page.css">
</head>
<body class="${place === 'PayMaya' ? 'wallet' : 'form'}">
<header><p>Simulated ${place}</p></header>
<main>
<h1>${title}</h1>
${main}
</main>
<footer><p>A pretend page on this machine. No real money, and not made by PayMaya or ECommPay.</p></footer>
</body>
</html>
`.text;
}
