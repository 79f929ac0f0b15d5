import type { ServerResponse } from 'node:http';
import type { ProfileClaims, Reply } from '../maya/reply.ts';

type Seal = (claims: ProfileClaims) => Promise<string>;

/**
 * Makes a reply happen on a real connection, and resolves once it is over: `delivered` when the whole answer was handed to the
 * network while the caller was there, else `lost`.
 */
export function deliver(response: ServerResponse, reply: Reply, seal: Seal): Promise<'delivered' | 'lost'> {
  return new Promise((resolve) => {
    const { socket } = response;
    if (response.destroyed || !socket) return resolve('lost');
    const timer = setTimeout(() => {
      // Said before the caller can notice, as it may repeat the call at once.
      if (reply.kind === 'reset' || reply.kind === 'hang') resolve('lost');
      act(response, reply, seal).catch(() => response.destroy());
    }, reply.afterMs);
    // The caller's end of the connection is heard some turns before the response closes.
    const leave = () => resolve('lost');
    socket.once('end', leave);
    response.once('close', () => {
      clearTimeout(timer);
      socket.off('end', leave);
      resolve(response.writableFinished ? 'delivered' : 'lost');
    });
  });
}

async function act(response: ServerResponse, reply: Reply, seal: Seal): Promise<void> {
  switch (reply.kind) {
    case 'answer':
      response.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    case 'profile': {
      const body = JSON.stringify({ data: await seal(reply.claims) });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return;
    }
    case 'truncated': {
      const whole = Buffer.from(reply.body);
      response.writeHead(reply.status, { ...reply.headers, 'content-length': whole.length });
      response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => response.destroy());
      return;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      response.destroy();
  }
}
