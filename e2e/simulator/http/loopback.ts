import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** A foreign page could otherwise reach the simulator through a name of its own that leads to this machine. */
export const isLoopbackHost = (request: IncomingMessage): boolean =>
  LOOPBACK_HOST.test(request.headers.host ?? '');

/** Whether a page of another origin is behind this request. Programs send no Origin. */
export const isForeignPage = (request: IncomingMessage): boolean => {
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== `http://${host}`;
};
