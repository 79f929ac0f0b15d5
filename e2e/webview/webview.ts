import { type HTMLElement, parse } from 'node-html-parser';
import { Agent, type Dispatcher, request } from 'undici';

/** A page as a webview without JavaScript has it. */
export type Page = {
  url: URL;
  status: number;
  /** Text of the level 1 heading. */
  heading: string;
  text: string;
  html: string;
  root: HTMLElement;
};

export type WebviewOptions = {
  /** The app's public origin: what the address bar and `Origin` say. */
  appUrl: string;
  /** Where requests really go, when that is another process behind the same public origin. */
  server?: string;
  /** Hears of every page and answer, e.g. to search them for secrets. */
  onBody?: (body: string) => void;
};

const MAX_REDIRECTS = 8;

/**
 * A customer's webview over plain HTTP: cookies, redirects and forms, no JavaScript. What works here works before
 * hydration, and hundreds of them fit into one test.
 */
export class Webview {
  readonly #options: WebviewOptions;
  readonly #cookies = new Map<string, string>();
  readonly #agent = new Agent({ connections: 100, headersTimeout: 120_000, bodyTimeout: 120_000 });
  page: Page | undefined;

  constructor(options: WebviewOptions) {
    this.#options = options;
  }

  get appUrl(): string {
    return this.#options.appUrl;
  }

  /** Value of the only cookie, as sent. */
  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The same customer's webview on another server process, with the same cookies. */
  on(server: string): Webview {
    const twin = new Webview({ ...this.#options, server });
    for (const [name, value] of this.#cookies) twin.#cookies.set(name, value);
    return twin;
  }

  /** Gives everything back, the page too: ten thousand of them are more than a process holds. */
  async close(): Promise<void> {
    this.page = undefined;
    if (!this.#agent.closed) await this.#agent.close();
  }

  /** Follows an address as a navigation would, redirects included. */
  async open(
    address: string,
    init: { method?: 'GET' | 'POST'; body?: string; type?: string } = {},
  ): Promise<Page> {
    let url = new URL(address, this.page?.url ?? this.#options.appUrl);
    let { method = 'GET', body, type } = init;
    for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
      const answer = await this.send(method, url, body, type);
      const location = answer.headers.location;
      const text = await answer.body.text();
      this.#options.onBody?.(text);
      if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
        url = new URL(location, url);
        if (answer.statusCode === 303 || method === 'GET') {
          method = 'GET';
          body = undefined;
          type = undefined;
        }
        continue;
      }
      this.page = readPage(url, answer.statusCode, text);
      return this.page;
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects from ${address}`);
  }

  /** One request, no redirects followed. A header of `more` that is empty is left out. */
  async send(
    method: Dispatcher.HttpMethod,
    url: URL,
    body?: string,
    type?: string,
    more: Record<string, string> = {},
  ): Promise<Dispatcher.ResponseData> {
    const app = new URL(this.#options.appUrl);
    const elsewhere = this.#isElsewhere(url);
    const server = new URL(elsewhere ? url.origin : (this.#options.server ?? url.origin));
    const headers: Record<string, string> = {
      accept: 'text/html',
      host: elsewhere ? url.host : app.host,
      'sec-fetch-dest': 'document',
      ...more,
    };
    if (this.#cookies.size > 0 && !elsewhere) headers.cookie = this.cookieHeader;
    if (method !== 'GET' && method !== 'HEAD' && headers.origin === undefined)
      headers.origin = elsewhere ? (this.page?.url ?? app).origin : app.origin;
    for (const [name, value] of Object.entries(headers)) if (value === '') delete headers[name];
    if (type !== undefined) headers['content-type'] = type;
    const answer = await request(new URL(url.pathname + url.search, server), {
      method,
      headers,
      dispatcher: this.#agent,
      ...(body === undefined ? {} : { body }),
    });
    if (!elsewhere) for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(cookie);
    return answer;
  }

  /** Another site than the app: it gets no cookie of the app's. */
  #isElsewhere(url: URL): boolean {
    const { appUrl, server } = this.#options;
    return url.origin !== new URL(appUrl).origin && url.origin !== (server && new URL(server).origin);
  }

  /** Where the link of this text leads. */
  link(label: string | RegExp): string | undefined {
    const matches = (text: string) => (typeof label === 'string' ? text === label : label.test(text));
    return this.page?.root
      .querySelectorAll('a')
      .find((link) => matches(link.textContent.trim()))
      ?.getAttribute('href');
  }

  /** The form whose button reads `label` (or is named so for a screen reader). */
  form(label: string | RegExp): HTMLElement {
    const matches = (text: string | undefined) =>
      text !== undefined && (typeof label === 'string' ? text.trim() === label : label.test(text));
    const form = this.page?.root
      .querySelectorAll('form')
      .find((candidate) =>
        candidate
          .querySelectorAll('button')
          .some((button) => matches(button.textContent) || matches(button.getAttribute('aria-label'))),
      );
    if (!form) throw new Error(`no form with a button ${String(label)} on "${this.page?.heading}"`);
    return form;
  }

  has(label: string | RegExp): boolean {
    try {
      this.form(label);
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a form as a browser without JavaScript does. */
  async submit(label: string | RegExp, values: Record<string, string> = {}): Promise<Page> {
    return this.open(...this.prepare(label, values));
  }

  /** What {@link submit} would send: for sending it more than once. */
  prepare(
    label: string | RegExp,
    values: Record<string, string> = {},
  ): [address: string, init: { method: 'POST'; body: string; type: string }] {
    const form = this.form(label);
    const fields = new Map<string, string>();
    for (const input of form.querySelectorAll('input, select, textarea')) {
      const name = input.getAttribute('name');
      const isLeftOut = input.getAttribute('type') === 'radio' && !input.hasAttribute('checked');
      if (name && !isLeftOut) fields.set(name, valueIn(input));
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    const action = form.getAttribute('action') || this.page?.url.href || '/';
    const address = new URL(action, this.page?.url).href;
    if (form.getAttribute('enctype') !== 'multipart/form-data')
      return [
        address,
        {
          method: 'POST',
          body: new URLSearchParams([...fields]).toString(),
          type: 'application/x-www-form-urlencoded',
        },
      ];
    const boundary = `----webview${Math.random().toString(16).slice(2)}`;
    const parts = [...fields].map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return [
      address,
      {
        method: 'POST',
        body: `${parts.join('')}--${boundary}--\r\n`,
        type: `multipart/form-data; boundary=${boundary}`,
      },
    ];
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const gone = value === '' || attributes.some((attribute) => /max-age=0/i.test(attribute));
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** What a field holds before anybody touches it. */
function valueIn(input: HTMLElement): string {
  if (input.tagName !== 'SELECT') return input.getAttribute('value') ?? '';
  const option = input.querySelector('option[selected]') ?? input.querySelector('option');
  return option?.getAttribute('value') ?? option?.textContent ?? '';
}

function readPage(url: URL, status: number, html: string): Page {
  const root = parse(html);
  const main = root.querySelector('main') ?? root;
  return {
    url,
    status,
    html,
    root,
    heading: root.querySelector('h1')?.textContent.trim() ?? '',
    text: main.structuredText,
  };
}
