import { connect } from 'node:net';

const CHUNK = 'x'.repeat(4_096);

/**
 * Posts a body that says nothing of its size and goes on for as long as it is taken, up to `bytes`.
 *
 * @returns what was answered, and how much of the body had been handed to the connection by then
 */
export function pourInto(address: URL, bytes: number): Promise<{ answer: string; sent: number }> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    let sent = 0;
    let answer = '';
    let over = false;
    socket.on('data', (data) => {
      answer += data.toString();
      socket.destroy();
    });
    // Writing into a connection that the server has closed is what is meant to happen here.
    socket.on('error', () => {});
    socket.on('close', () => {
      over = true;
      resolve({ answer, sent });
    });
    socket.write(
      `POST ${address.pathname} HTTP/1.1\r\nHost: ${address.host}\r\nContent-Type: application/json\r\n` +
        'Transfer-Encoding: chunked\r\n\r\n',
    );
    const pump = () => {
      if (over || sent > bytes) return;
      sent += CHUNK.length;
      socket.write(`${CHUNK.length.toString(16)}\r\n${CHUNK}\r\n`, () => setImmediate(pump));
    };
    pump();
  });
}
