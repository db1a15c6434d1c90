// A PostgreSQL of this test's own, in a temporary folder, on a Unix socket only.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Server } from '../browser/support/process.mjs';

const versions = '/usr/lib/postgresql';
const isRoot = process.getuid() === 0;

// The newest that Debian installed; its programs are not in the PATH.
function programs() {
  if (!existsSync(versions)) return null;
  const folders = readdirSync(versions).sort((a, b) => b - a).map((one) => join(versions, one, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

// root gives way to the package's own user: the server refuses to run as root.
const asServant = (command, args) =>
  isRoot ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]]
    : [command, args];

export class Postgres {
  static get missing() {
    return programs() ? '' : 'PostgreSQL is not installed';
  }

  static async start() {
    const postgres = new Postgres();
    postgres.folder = mkdtempSync(join(tmpdir(), 'aiguillage-pg-'));
    if (isRoot) execFileSync('chown', ['postgres', postgres.folder]);
    const [command, args] = asServant(join(programs(), 'initdb'), [
      `--pgdata=${postgres.folder}/data`, '--username=aiguillage', '--auth=trust',
      '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync',
    ]);
    execFileSync(command, args, { stdio: 'ignore', cwd: '/' });
    await postgres.resume();
    return postgres;
  }

  get url() {
    return `postgresql://aiguillage@/postgres?host=${this.folder}`;
  }

  async resume() {
    const [command, args] = asServant(join(programs(), 'postgres'), [
      '-D', join(this.folder, 'data'), '-c', 'listen_addresses=',
      '-c', `unix_socket_directories=${this.folder}`,
    ]);
    this.server = new Server(command, args, { cwd: '/' });
    await this.server.until('PostgreSQL to be ready', () => {
      try {
        execFileSync(join(programs(), 'pg_isready'), ['-q', '-h', this.folder]);
        return true;
      } catch {
        return false;
      }
    });
  }

  // As a power cut does: nobody's transaction is ended first.
  cut() {
    return this.server.stop('SIGQUIT');
  }

  async end() {
    await this.server.stop('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
