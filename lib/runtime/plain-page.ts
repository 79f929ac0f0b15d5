const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center}',
  'body{background:light-dark(#faf7f2,#171412);color:light-dark(#241d18,#f3ece4)}',
  'main{box-sizing:border-box;max-width:min(26rem,100%);padding:24px;text-align:center;overflow-wrap:anywhere}',
  'h1{font-size:min(1.5rem,10vw);line-height:1.25}p{text-wrap:pretty}',
  'a,button{display:inline-flex;min-height:44px;align-items:center;justify-content:center;box-sizing:border-box;width:100%}',
  'a,button{border:0;border-radius:12px;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}',
  'a,button{background:light-dark(#97400f,#f0a373);color:light-dark(#fff,#2a1305)}',
  'a.quiet{background:none;color:inherit;text-decoration:underline}',
].join('');

/** A page that waits for something and goes on by itself. */
export type Wait = {
  /** Asked in the background, so that the page stands still until there is news; `null` for the page's own address. */
  ask: string | null;
  everySeconds: number;
  /** How often the page is loaded anew where scripts are off. */
  reloadSeconds: number;
  /** Said after a while, so that whoever listens knows that it still goes on. */
  still: string;
};

export type PlainPage = {
  lang: string;
  title: string;
  heading: string;
  text: string;
  nonce: string;
  wait?: Wait | undefined;
  /** What stands in the head beside that, and below the text. HTML. */
  head?: string | undefined;
  ways: string;
};

/** An answer that carries this header with {@link WAITING} brings no news yet. */
export const WAIT_HEADER = 'X-Onward';
export const WAITING = 'wait';

/** Text as HTML. */
export const html = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Nothing but the page's own style and script, which asks nobody but us. */
export const plainPolicy = (nonce: string, more: { forms: string; ancestors: string }): string =>
  [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `form-action ${more.forms}`,
    "base-uri 'none'",
    `frame-ancestors ${more.ancestors}`,
  ].join('; ');

/** A small page made without React: for moments in which the shop's own pages cannot be. */
export function plainPage({ lang, title, heading, text, nonce, wait, head = '', ways }: PlainPage): string {
  return `<!doctype html>
<html lang="${html(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${html(`${heading} · ${title}`)}</title>
${head}${wait ? `<noscript><meta http-equiv="refresh" content="${wait.reloadSeconds}"></noscript>\n` : ''}<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${html(heading)}</h1>
<p role="status" id="said"${wait ? ` data-still="${html(wait.still)}"` : ''}>${html(text)}</p>
${ways}
</main>
${wait ? `<script nonce="${nonce}">${scriptOf(wait)}</script>\n` : ''}</body>
</html>
`;
}

/** Sooner would be read out over what is being said. */
const STILL_AFTER_SECONDS = 8;

const scriptOf = ({ ask, everySeconds }: Wait) => `
const ask=${ask === null ? 'location.href' : JSON.stringify(ask)},here=location.href.split('#')[0];
const look=()=>fetch(ask,{cache:'no-store'}).then(a=>a.ok&&a.headers.get('${WAIT_HEADER}')!=='${WAITING}').catch(()=>false)
.then(news=>news?location.replace(here):setTimeout(look,${everySeconds * 1_000}));
setTimeout(look,${everySeconds * 1_000});
setTimeout(()=>{const p=document.getElementById('said');p.textContent=p.dataset.still},${STILL_AFTER_SECONDS * 1_000});
`;
