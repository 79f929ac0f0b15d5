/** Where a customer goes on to from the hand-over, or that it is not known yet. */
export type Onward =
  | { kind: 'go'; address: string }
  | { kind: 'post'; address: string; fields: Readonly<Record<string, string>> }
  | { kind: 'wait' }
  | { kind: 'gave_up' };

export type HandOverWords = { title: string; heading: string; text: string; continue: string; back: string };

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}',
  'body{background:light-dark(#faf7f2,#171412);color:light-dark(#241d18,#f3ece4)}',
  'main{max-width:26rem;padding:1.5rem;text-align:center}h1{font-size:1.5rem;line-height:1.25}',
  'a,button{display:inline-flex;min-height:44px;align-items:center;justify-content:center;box-sizing:border-box;width:100%}',
  'a,button{border:0;border-radius:12px;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}',
  'a,button{background:light-dark(#97400f,#f0a373);color:light-dark(#fff,#2a1305)}',
  'a.quiet{background:none;color:inherit;text-decoration:underline}',
].join('');

/** How soon a page that waits looks again. */
const LOOK_EVERY_SECONDS = 1;

const html = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * The policy of one hand-over: nothing but its own style and script, and forms only where the customer is being sent.
 * Whoever takes the form may send it on to others that nobody can know beforehand.
 */
export function handOverPolicy(onward: Onward, nonce: string): string {
  const forms = onward.kind === 'post' ? `https: ${new URL(onward.address).origin}` : "'none'";
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `form-action ${forms}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The page that takes a customer on: by itself, and by a button where that fails or scripts are off.
 *
 * @param back address of the order's page
 */
export function handOverPage(
  onward: Onward,
  words: HandOverWords,
  { back, lang, nonce }: { back: string; lang: string; nonce: string },
): string {
  return `<!doctype html>
<html lang="${html(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${html(words.title)}</title>
${refreshOf(onward)}<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${html(words.heading)}</h1>
<p role="status">${html(words.text)}</p>
${wayOf(onward, words.continue, nonce)}
<p><a class="quiet" href="${html(back)}">${html(words.back)}</a></p>
</main>
</body>
</html>
`;
}

function refreshOf(onward: Onward): string {
  if (onward.kind === 'go') return `<meta http-equiv="refresh" content="0;url=${html(onward.address)}">\n`;
  return onward.kind === 'wait' ? `<meta http-equiv="refresh" content="${LOOK_EVERY_SECONDS}">\n` : '';
}

function wayOf(onward: Onward, label: string, nonce: string): string {
  if (onward.kind === 'go') return `<p><a href="${html(onward.address)}">${html(label)}</a></p>`;
  if (onward.kind !== 'post') return '';
  const inputs = Object.entries(onward.fields).map(
    ([name, value]) => `<input type="hidden" name="${html(name)}" value="${html(value)}">`,
  );
  // Not `form.submit()`: a field may be called so.
  return `<form id="onward" method="post" action="${html(onward.address)}">${inputs.join('')}
<button type="submit">${html(label)}</button></form>
<script nonce="${nonce}">HTMLFormElement.prototype.submit.call(document.getElementById('onward'))</script>`;
}
