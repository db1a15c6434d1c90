// Child processes that end with us: servers started for a test, and what they said.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// A signal alone would end us without that « exit », and leave the servers behind.
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
]) {
  process.on(signal, () => process.exit(code));
}

export class Server {
  // `command` is run at once; its output is kept (`said`) for the sentence of a failure.
  constructor(command, args, options = {}) {
    this.said = '';
    this.ended = null;
    this.child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this.child);
    this.child.stdout.on('data', (data) => this.#hear(data));
    this.child.stderr.on('data', (data) => this.#hear(data));
    this.exit = new Promise((resolve) => {
      this.child.on('error', (error) => this.#end(resolve, String(error)));
      this.child.on('exit', (code, signal) => this.#end(resolve, code ?? signal));
    });
  }

  // The first thing `look` finds truthy, asked again until then; ends with a sentence otherwise.
  async until(what, look, timeoutMs = 20_000) {
    return waitFor(
      what,
      async () => {
        const found = await look(this.said);
        if (!found && this.ended !== null) {
          throw new Error(`Expected ${what}, but it ended (${this.ended}):\n${this.said}`);
        }
        return found;
      },
      timeoutMs,
      () => this.said.slice(-2000),
    );
  }

  async stop(signal = 'SIGTERM') {
    if (this.ended !== null) return this.ended;
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.exit;
    clearTimeout(late);
    return this.ended;
  }

  #hear(data) {
    this.said = (this.said + data.toString('utf8')).slice(-200_000);
  }

  #end(resolve, how) {
    this.ended = how;
    running.delete(this.child);
    resolve(how);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks `look` until it answers something truthy; the wait is for the world, never for luck.
export async function waitFor(what, look, timeoutMs = 20_000, context = () => '') {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) {
      throw new Error(`Expected ${what} within ${timeoutMs / 1000} s. ${context()}`);
    }
    await pause(100);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
