// config/nginx.conf as it is shipped, with this test's ports, certificate and folder in it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Server, freePort } from '../browser/support/process.mjs';
import { root } from '../browser/support/product.mjs';

function certificate(folder) {
  const key = join(folder, 'key.pem');
  const chain = join(folder, 'fullchain.pem');
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', chain,
    '-subj', '/CN=aap.exemple.invalid', '-addext', 'subjectAltName=DNS:aap.exemple.invalid',
  ], { stdio: 'ignore' });
  return { key, chain };
}

function replaceAll(text, pairs) {
  for (const [what, by] of pairs) {
    if (!new RegExp(what.source, 'm').test(text)) throw new Error(`Expected ${what} in config/nginx.conf`);
    text = text.replace(new RegExp(what.source, 'gm'), by);
  }
  return text;
}

export class Nginx {
  // `backend`: the port that Aiguillage serves on.
  static async start(folder, backend) {
    const nginx = new Nginx();
    mkdirSync(folder, { recursive: true });
    nginx.plain = await freePort();
    nginx.secure = await freePort();
    const { key, chain } = certificate(folder);
    nginx.certificate = readFileSync(chain);
    const site = replaceAll(readFileSync(join(root, 'config/nginx.conf'), 'utf8'), [
      [/^ *listen \[::\].*\n/, ''],
      [/listen 80;/, `listen 127.0.0.1:${nginx.plain};`],
      [/listen 443 /, `listen 127.0.0.1:${nginx.secure} `],
      [/server 127\.0\.0\.1:8080;/, `server 127.0.0.1:${backend};`],
      [/\/etc\/ssl\/aiguillage\/fullchain\.pem/, chain],
      [/\/etc\/ssl\/aiguillage\/key\.pem/, key],
      [/\/var\/log\/nginx\/aiguillage\.log/, join(folder, 'access.log')],
    ]);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const main = [
      process.getuid() === 0 ? 'user root;' : '',
      `pid ${join(folder, 'nginx.pid')};`,
      `error_log ${join(folder, 'error.log')} warn;`,
      'worker_processes 1;',
      'events { worker_connections 2048; }',
      'http {',
      ...temporary.map((name) => `${name}_temp_path ${join(folder, name)};`),
      site,
      '}',
    ];
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, main.join('\n'));
    const judged = spawnSync('nginx', ['-t', '-p', folder, '-c', file], { encoding: 'utf8' });
    if (judged.status !== 0) throw new Error(`nginx refuses the site:\n${judged.stderr}`);
    nginx.server = new Server('nginx', ['-p', folder, '-c', file, '-g', 'daemon off;']);
    nginx.folder = folder;
    return nginx;
  }

  // Where a visitor of that address goes.
  for(from) {
    return { port: this.secure, tls: this.certificate, from };
  }

  stop() {
    return this.server.stop('SIGTERM');
  }
}
