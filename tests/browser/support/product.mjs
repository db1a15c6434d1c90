// The product as an operator runs it: the release binary, a fresh data folder, a free port.
//
//   const product = await Product.make('life', { SMTP_URL: 'smtp://127.0.0.1:2525' });
//   product.json('user', 'add', '--email', …);      // any verb of the command line
//   await product.serve();                          // product.url
//   await product.stop();
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Server, freePort } from './process.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const binary = join(root, 'build/release/aiguillage');

export function workFolder(name) {
  const parent = join(root, 'build/browser');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `${name}-`));
}

export class Product {
  static async make(name, settings = {}) {
    if (!existsSync(binary)) {
      throw new Error(`Expected the release build at ${binary}: ./run build release`);
    }
    const product = new Product();
    product.folder = workFolder(name);
    product.port = await freePort();
    product.url = `http://127.0.0.1:${product.port}`;
    product.settings = {
      HTTP_PORT: String(product.port),
      PUBLIC_URL: product.url,
      DATA_DIR: join(product.folder, 'data'),
      WORKFLOWS_DIR: join(root, 'workflows/definitions'),
      DESK_GRACE_MINUTES: '0',
      MAIL_FROM: 'Aiguillage <ne-pas-repondre@exemple.invalid>',
      ...settings,
    };
    return product;
  }

  // Nothing of the caller's own AIGUILLAGE_ variables reaches the product.
  get environment() {
    const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('AIGUILLAGE_'));
    const ours = Object.entries(this.settings).map(([key, value]) => [`AIGUILLAGE_${key}`, value]);
    return Object.fromEntries([...kept, ...ours]);
  }

  run(...args) {
    const done = spawnSync(binary, args, {
      cwd: root,
      env: this.environment,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      timeout: 120_000,
    });
    return { status: done.status, out: done.stdout ?? '', error: done.stderr ?? '' };
  }

  // The JSON document of a verb that must succeed.
  json(...args) {
    const done = this.run(...args, '--json');
    if (done.status !== 0) {
      throw new Error(
        `Expected « ${args.join(' ')} » to succeed, but it answered ${done.status}:\n` +
          `${done.out}\n${done.error}`,
      );
    }
    return JSON.parse(done.out);
  }

  // Everybody, also who comes later, has chosen to get what is for their information at once: a story
  // does not wait for the full hour.
  newsAtOnce() {
    const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
db.execute("insert or ignore into mail_pace select id, 'news', 'now' from person")
db.execute("create trigger if not exists news_at_once after insert on person begin"
           " insert or ignore into mail_pace values (new.id, 'news', 'now'); end")
db.commit()`;
    const record = join(this.settings.DATA_DIR, 'aiguillage.db');
    const done = spawnSync('python3', ['-c', script, record], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`Expected the paces to be kept:\n${done.stderr}`);
  }

  async serve() {
    this.server = new Server(binary, ['serve'], { cwd: root, env: this.environment });
    await this.server.until('the pages to answer', async () => {
      const answer = await fetch(`${this.url}/health`).catch(() => null);
      return answer?.ok;
    });
    return this;
  }

  // A clean end is part of what is tested: exit code 0 on SIGTERM.
  async stop() {
    if (!this.server) return;
    const how = await this.server.stop();
    if (how !== 0) {
      throw new Error(
        `Expected a clean end, but the server ended with ${how}:\n${this.server.said}`,
      );
    }
  }
}
