import { PHASE_PRODUCTION_BUILD } from 'next/constants.js';
import createNextIntlPlugin from 'next-intl/plugin';
import { catalogueProblems } from './lib/runtime/messages/complete.ts';
import en from './lib/runtime/messages/en.json' with { type: 'json' };
import fil from './lib/runtime/messages/fil.json' with { type: 'json' };

const appHost =
  process.env.APP_URL && URL.canParse(process.env.APP_URL) ? [new URL(process.env.APP_URL).host] : [];

/** @type {import('next').NextConfig} */
const config = {
  agentRules: false,
  // The badge would stand in the phone, upon the shop's own words.
  devIndicators: false,
  poweredByHeader: false,
  // One-time ids and keys of private links stand in addresses: not even a developer's console gets them.
  logging: { incomingRequests: false },
  reactStrictMode: true,
  // No image optimizer: it would fetch and cache on behalf of anybody.
  images: { unoptimized: true },
  // An open page of an older build learns that it was updated instead of failing without a word.
  deploymentId: process.env.DEPLOYMENT_ID || undefined,
  experimental: {
    // On a slow network a style sheet of its own costs the first paint a whole round trip.
    inlineCss: true,
    serverActions: { bodySizeLimit: '16kb', allowedOrigins: appHost },
    agentFeedback: false,
  },
  // Types are checked by `npm run types`, tests and tools included.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'undici'],
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'Referrer-Policy', value: 'same-origin' },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        {
          key: 'Permissions-Policy',
          value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()',
        },
      ],
    },
  ],
};

const withMessages = createNextIntlPlugin('./lib/runtime/i18n.ts');

export default (phase) => {
  const problems = phase === PHASE_PRODUCTION_BUILD ? catalogueProblems(en, fil) : [];
  if (problems.length > 0)
    throw new Error(`lib/runtime/messages/fil.json and en.json differ:\n${problems.join('\n')}`);
  return withMessages(config);
};
