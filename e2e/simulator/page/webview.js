import { byId, element } from './dom.js';

/**
 * The frame that the shop lives in. Each opening gets a frame of its own, as a webview that is closed is gone, and an entry
 * of its own in this page's history: Back steps through the frame's pages first and closes the webview at the first one.
 */

let opening = 0;
let onClosed = () => {};

const frame = () => byId('frame');

/** A frame without a past. Like the webview, it opens no tab, no window and no other app. */
function replaceFrame() {
  const fresh = element('iframe', { id: 'frame', title: 'Maya webview', allow: 'clipboard-write' });
  fresh.setAttribute('sandbox', 'allow-scripts allow-forms allow-same-origin');
  frame().replaceWith(fresh);
  return fresh;
}

export const isWebviewOpen = () => frame().hasAttribute('src');

export function openWebview(address) {
  opening += 1;
  history.pushState({ opening }, '');
  byId('webview').setAttribute('aria-busy', 'true');
  const fresh = replaceFrame();
  fresh.onload = () => byId('webview').setAttribute('aria-busy', 'false');
  fresh.src = address;
}

export function dropWebview() {
  if (isWebviewOpen()) replaceFrame();
}

/** `closed` runs when the customer has closed the webview. */
export function startWebview(closed) {
  onClosed = closed;
  byId('close').onclick = () => onClosed();
  byId('back').onclick = () => history.back();
  addEventListener('popstate', ({ state }) => {
    if (isWebviewOpen() && state?.opening !== opening) onClosed();
  });
}
