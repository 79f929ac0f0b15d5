import { treeOf } from '../signature/json-tree.ts';
import type { Redirect, Scenario } from './scenario.ts';

const common = { group: 'redirect', touches: ['gate-sale'], calls: 1 } as const;

const to = (url: string) => (usual: Redirect) => [{ ...usual, url }];

/** A sale over Gate: where the customer is sent. All of them are truly signed. */
export const redirectScenarios = [
  {
    ...common,
    name: 'redirect-get',
    title: 'Redirect by GET',
    what: 'The usual one: redirect_data with GET and an empty body, and the app sends the customer to its address unchanged.',
  },
  {
    ...common,
    name: 'redirect-post',
    title: 'Redirect by POST',
    what: 'redirect_data wants a POST with members in its body; the app renders a form that sends itself.',
    redirects: (usual, { token }) => [
      {
        url: usual.url.slice(0, usual.url.indexOf('?')),
        method: 'POST',
        body: treeOf({ t: token, lang: 'en' }),
      },
    ],
  },
  {
    ...common,
    name: 'redirect-twice',
    title: 'Two redirects',
    what: 'A second callback with another address follows after a second; both lead to the wallet, and the newest wins.',
    redirects: (usual) => [usual, { ...usual, url: `${usual.url}&again=1` }],
  },
  {
    ...common,
    name: 'redirect-never',
    title: 'No redirect',
    what: 'No callback says where to go; the app gives up waiting after a minute, and the payment is declined automatically after the limit time.',
    redirects: () => [],
  },
  {
    ...common,
    name: 'redirect-empty-list',
    title: 'Redirect with a list for a body',
    what: 'As usual, but the empty body is [] and not {}.',
    redirects: (usual) => [{ ...usual, body: [] }],
  },
  {
    ...common,
    name: 'redirect-http',
    title: 'Redirect without https',
    what: 'The address is of another host and not https; the app sends nobody there.',
    redirects: to('http://pay.example/Pay.aspx?tokenid=3f511c2d'),
  },
  {
    ...common,
    name: 'redirect-private',
    title: 'Redirect to a private address',
    what: 'The address is https://192.168.0.10/; the app sends nobody there.',
    redirects: to('https://192.168.0.10/Pay.aspx?tokenid=3f511c2d'),
  },
  {
    ...common,
    name: 'redirect-metadata',
    title: 'Redirect to a link-local address',
    what: 'The address is https://[fe80::1]/; the app sends nobody there.',
    redirects: to('https://[fe80::1]/Pay.aspx'),
  },
  {
    ...common,
    name: 'redirect-credentials',
    title: 'Redirect with a name and password',
    what: 'The address carries a name and a password before its host; the app sends nobody there.',
    redirects: to('https://shop.example:pass@pay.example/Pay.aspx'),
  },
  {
    ...common,
    name: 'redirect-script',
    title: 'Redirect to a script',
    what: 'The address is javascript:…; the app sends nobody there.',
    redirects: to('javascript:alert(document.domain)'),
  },
  {
    ...common,
    name: 'redirect-nested-body',
    title: 'Redirect with a nested body',
    what: 'A POST whose body has an object in it, which no form can send; the app sends nobody there.',
    redirects: (usual) => [{ ...usual, method: 'POST', body: treeOf({ a: { b: 'c' } }) }],
  },
  {
    ...common,
    name: 'redirect-put',
    title: 'Redirect by PUT',
    what: 'The method is PUT, which no browser can be sent by; the app sends nobody there.',
    redirects: (usual) => [{ ...usual, method: 'PUT' }],
  },
] as const satisfies readonly Scenario[];
