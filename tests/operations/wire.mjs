// Bytes on a socket, as a hostile or a slow visitor sends them.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

// to: {port, tls: certificate or undefined, from: local address}
export function open(to) {
  const options = { host: '127.0.0.1', port: to.port, localAddress: to.from };
  const socket = to.tls
    ? connectTls({ ...options, ca: to.tls, servername: 'aap.exemple.invalid' })
    : connectTcp(options);
  socket.on('error', () => {}); // closed on us: the test looks at what was answered
  return socket;
}

// Everything that comes back until the other end closes, or `quietMs` after the last byte.
export function exchange(to, bytes, quietMs = 1500) {
  return new Promise((resolve) => {
    const socket = open(to);
    let answer = '';
    let timer = setTimeout(end, 10_000);
    function end() {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    }
    socket.on(to.tls ? 'secureConnect' : 'connect', () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data.toString('utf8');
      clearTimeout(timer);
      timer = setTimeout(end, quietMs);
    });
    socket.on('close', end);
  });
}

export const answersIn = (text) => (text.match(/^HTTP\/1\.[01] \d{3}/gm) ?? []).length;
export const titleOf = (page) => /<title>([^<]*)<\/title>/.exec(page)?.[1] ?? '';
export const statusOf = (answer) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);

// A page asked and read whole on a connection of its own: {status, body, ms}.
export async function visit(to, path, headers = {}) {
  const started = performance.now();
  const lines = Object.entries({ Host: 'aap.exemple.invalid', Connection: 'close', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const body = await exchange(to, `GET ${path} HTTP/1.1\r\n${head}\r\n`);
  return { status: statusOf(body), body, ms: performance.now() - started };
}
