import { html, plainPage, plainPolicy } from './plain-page.ts';

/** Where a customer goes on to from the hand-over, or that it is not known yet. */
export type Onward =
  | { kind: 'go'; address: string }
  | { kind: 'post'; address: string; fields: Readonly<Record<string, string>> }
  | { kind: 'wait' }
  | { kind: 'gave_up' };

export type HandOverWords = {
  title: string;
  heading: string;
  text: string;
  /** Said while it goes on and on. */
  still: string;
  continue: string;
  back: string;
};

/** Looking in the background costs the customer nothing; loading the page anew does. */
const LOOK_EVERY_SECONDS = 1.5;
const RELOAD_EVERY_SECONDS = 4;

/**
 * The policy of one hand-over: forms only where the customer is being sent. Whoever takes the form may send it on to
 * others that nobody can know beforehand.
 */
export function handOverPolicy(onward: Onward, nonce: string): string {
  const forms = onward.kind === 'post' ? `https: ${new URL(onward.address).origin}` : "'none'";
  return plainPolicy(nonce, { forms, ancestors: "'none'" });
}

/**
 * The page that takes a customer on: by itself, and by a button where that fails or scripts are off. While it is not
 * known where to, it stands still and looks.
 *
 * @param back address of the order's page
 */
export function handOverPage(
  onward: Onward,
  words: HandOverWords,
  { back, lang, nonce }: { back: string; lang: string; nonce: string },
): string {
  const wait = {
    ask: null,
    everySeconds: LOOK_EVERY_SECONDS,
    reloadSeconds: RELOAD_EVERY_SECONDS,
    still: words.still,
  };
  return plainPage({
    lang,
    nonce,
    title: words.title,
    heading: words.heading,
    text: words.text,
    wait: onward.kind === 'wait' ? wait : undefined,
    head: onward.kind === 'go' ? `<meta http-equiv="refresh" content="0;url=${html(onward.address)}">\n` : '',
    ways: `${wayOf(onward, words.continue, nonce)}
<p><a class="quiet" href="${html(back)}">${html(words.back)}</a></p>`,
  });
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
