/** @type {import('next').NextConfig} */
const config = {
  agentRules: false,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg'],
  // It is built in a folder of its own, with the project's packages beside it.
  turbopack: { root: '/' },
};

export default config;
