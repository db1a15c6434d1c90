// The nginx site in front of the product: TLS, headers, slow and hostile visitors.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { pause, waitFor } from '../browser/support/process.mjs';
import { Product } from '../browser/support/product.mjs';
import { Nginx } from './nginx.mjs';
import { answersIn, exchange, open, statusOf, titleOf, visit } from './wire.mjs';

const PAGES = ['/', '/collections', '/calendrier', '/accessibilite', '/mentions-legales'];
const HIDDEN = '/donnees-personnelles'; // only the smuggled requests ask for it

function handshake(port, version) {
  return new Promise((resolve) => {
    const socket = connectTls({
      host: '127.0.0.1', port, rejectUnauthorized: false,
      minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0',
    });
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', () => resolve(null));
  });
}

async function testTls(nginx) {
  assert.equal(await handshake(nginx.secure, 'TLSv1.3'), 'TLSv1.3');
  assert.equal(await handshake(nginx.secure, 'TLSv1.2'), 'TLSv1.2');
  assert.equal(await handshake(nginx.secure, 'TLSv1.1'), null);
  const plain = await visit({ port: nginx.plain }, '/collections?q=a');
  assert.equal(plain.status, 301);
  assert.match(plain.body, /^Location: https:\/\/aap\.exemple\.invalid\/collections\?q=a\r$/m);
}

// The product's own answers keep their headers; what nginx answers by itself gets some too.
async function testHeaders(nginx) {
  const wanted = ['strict-transport-security', 'content-security-policy', 'x-content-type-options',
    'referrer-policy', 'cross-origin-resource-policy'];
  const tooLarge = 'POST /connexion HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n';
  const answers = {
    page: (await visit(nginx.for('127.0.0.2'), '/')).body,
    metrics: (await visit(nginx.for('127.0.0.2'), '/metrics')).body,
    tooLarge: await exchange(nginx.for('127.0.0.2'), tooLarge),
  };
  assert.equal(statusOf(answers.page), 200);
  assert.equal(statusOf(answers.metrics), 404);
  assert.equal(statusOf(answers.tooLarge), 413);
  for (const [what, answer] of Object.entries(answers)) {
    for (const name of wanted) {
      const found = answer.toLowerCase().split('\r\n').filter((line) => line.startsWith(`${name}:`));
      assert.equal(found.length, 1, `${what} has ${found.length} ${name}`);
    }
  }
  assert.doesNotMatch(answers.metrics, /nginx\/\d/, 'its version is nobody’s business');
}

// Ten addresses, twenty connections each: as many as the site lets in, and more than Aiguillage has
// threads. A third says half a request line, a third trickles a body, a third idles after a page.
function slowVisitors(nginx, log) {
  const sockets = [];
  for (let host = 10; host < 20; ++host) {
    for (let i = 0; i < 20; ++i) {
      const socket = open(nginx.for(`127.0.0.${host}`));
      const kind = i % 3;
      socket.on('secureConnect', () => {
        ++log.connected;
        if (kind === 0) socket.write('GET /collections HT');
        if (kind === 1) {
          socket.write('POST /connexion HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n' +
            'Content-Type: application/x-www-form-urlencoded\r\n\r\n');
        }
        if (kind === 2) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      });
      sockets.push(socket);
    }
  }
  const trickle = setInterval(() => {
    for (const [i, socket] of sockets.entries()) {
      if (i % 20 % 3 !== 2 && socket.writable) socket.write('a');
    }
  }, 1000);
  return () => {
    clearInterval(trickle);
    for (const socket of sockets) socket.destroy();
  };
}

async function worstWait(nginx, rounds) {
  let worst = 0;
  for (let i = 0; i < rounds; ++i) {
    const from = `127.0.1.${1 + (i % 200)}`;
    const seen = await visit(nginx.for(from), PAGES[i % PAGES.length]);
    assert.equal(seen.status, 200, seen.body.slice(0, 300));
    worst = Math.max(worst, seen.ms);
  }
  return worst;
}

// A figure of a busy machine says little: the best of three rounds of sixty visits is judged.
async function testSlowVisitors(nginx) {
  const log = { connected: 0 };
  const end = slowVisitors(nginx, log);
  try {
    await waitFor('200 slow visitors inside', () => log.connected >= 200, 20_000);
    await pause(1500);
    const waits = [];
    for (let i = 0; i < 3 && (waits.at(-1) ?? 1e9) >= 100; ++i) waits.push(await worstWait(nginx, 60));
    console.log(`        ${log.connected} slow visitors; worst wait of another one: ` +
      `${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    assert.ok(waits.at(-1) < 100, `another visitor waited ${waits.at(-1).toFixed(0)} ms`);
  } finally {
    end();
  }
}

// Each hides a second request in what one of the two may take for a body.
const hidden = `GET ${HIDDEN} HTTP/1.1\r\nHost: aap.exemple.invalid\r\n\r\n`;
const post = (headers, body, path = '/nulle-part') =>
  `POST ${path} HTTP/1.1\r\nHost: aap.exemple.invalid\r\n${headers}\r\n${body}`;
const chunks = `0\r\n\r\n${hidden}`;
export const probes = {
  unread_body: post(`Content-Length: ${hidden.length}\r\n`, hidden),
  unread_form: post(`Content-Length: ${hidden.length}\r\nContent-Type: text/plain\r\n`, hidden,
    '/connexion'),
  length_and_chunks: post(`Content-Length: ${chunks.length}\r\nTransfer-Encoding: chunked\r\n`,
    chunks),
  short_length_and_chunks: post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', chunks),
  two_lengths: post(`Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n`, hidden),
  two_codings: post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', chunks),
  spaced_coding: post(`Transfer-Encoding : chunked\r\nContent-Length: ${chunks.length}\r\n`, chunks),
  odd_coding: post(`Transfer-Encoding: xchunked\r\nContent-Length: ${chunks.length}\r\n`, chunks),
  negative_length: post('Content-Length: -1\r\n', hidden),
  signed_length: post(`Content-Length: +${hidden.length}\r\n`, hidden),
  letters_length: post('Content-Length: 5abc\r\n', hidden),
  huge_length: post('Content-Length: 99999999999999999999\r\n', hidden),
  get_with_body: `GET /nulle-part HTTP/1.1\r\nHost: a\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
};

// What the smuggled request would be answered must never come out.
async function hiddenTitle(product) {
  return titleOf((await visit({ port: product.port }, HIDDEN)).body);
}

async function testProbesAlone(product) {
  const title = await hiddenTitle(product);
  for (const [name, bytes] of Object.entries(probes)) {
    const answer = await exchange({ port: product.port }, bytes, 300);
    assert.ok(answersIn(answer) <= 1, `${name}: ${answersIn(answer)} answers`);
    assert.ok(!answer.includes(title), `${name}: the hidden request was answered`);
  }
}

// Attackers and visitors at once: every visitor gets the page they asked for.
async function testProbesBehindNginx(nginx, product) {
  const title = await hiddenTitle(product);
  const titles = {};
  for (const path of PAGES) titles[path] = titleOf((await visit({ port: product.port }, path)).body);
  assert.equal(new Set([...Object.values(titles), title]).size, PAGES.length + 1);
  let attacks = 0, visits = 0;
  const wrong = {}; // how many of each kind
  const until = Date.now() + 6000;
  const attack = async (host) => {
    for (let i = 0; Date.now() < until; ++i) {
      const [name, bytes] = Object.entries(probes)[i % Object.keys(probes).length];
      const answer = await exchange(nginx.for(`127.0.${2 + (i % 40)}.${host}`), bytes, 120);
      assert.ok(!answer.includes(title), `${name}: the hidden request was answered`);
      ++attacks;
    }
  };
  const look = async (host) => {
    for (let i = 0; Date.now() < until; ++i) {
      const path = PAGES[(i + host) % PAGES.length];
      const seen = await visit(nginx.for(`127.0.${100 + (i % 100)}.${host}`), path);
      ++visits;
      const title = titleOf(seen.body);
      if (seen.status === 200 && title === titles[path]) continue;
      const kind = `${seen.status} ${title}`;
      wrong[kind] = (wrong[kind] ?? 0) + 1;
    }
  };
  await Promise.all([1, 2, 3, 4].map(attack).concat([1, 2, 3, 4].map(look)));
  console.log(`        ${attacks} attacks, ${visits} visits`);
  assert.ok(attacks > 50 && visits > 100, `${attacks} attacks, ${visits} visits: too few to tell`);
  assert.deepEqual(wrong, {});
}

// Only asking for log-in links is rationed: somebody who reads thirty pages in a row is welcome.
async function testRations(nginx) {
  for (let i = 0; i < 30; ++i) {
    assert.equal((await visit(nginx.for('127.0.3.1'), PAGES[i % PAGES.length])).status, 200);
  }
  const ask = 'POST /connexion HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
  const statuses = [];
  for (let i = 0; i < 8; ++i) statuses.push(statusOf(await exchange(nginx.for('127.0.3.2'), ask)));
  assert.equal(statuses.filter((status) => status === 429).length, 2, statuses.join(' '));
}

// A single-use link is nobody's to read in a log; who answers an anonymous survey is not in it at all.
async function testLog(nginx) {
  await visit(nginx.for('127.0.0.4'), '/enquete/fedcba9876543210');
  await visit(nginx.for('127.0.0.3'), '/connexion/0123456789abcdef');
  const log = await waitFor('the visit in the log', () => {
    const text = readFileSync(join(nginx.folder, 'access.log'), 'utf8');
    return text.includes('/connexion/***') && text;
  });
  assert.doesNotMatch(log, /0123456789abcdef/);
  assert.doesNotMatch(log, /enquete|127\.0\.0\.4/);
}

export async function run(report) {
  if (spawnSync('nginx', ['-v']).error) return report.skip('front', 'nginx is not installed');
  const product = await Product.make('front', {
    PUBLIC_URL: 'https://aap.exemple.invalid', HTTP_TRUSTED_PROXY: '127.0.0.1',
  });
  await product.serve();
  const nginx = await Nginx.start(join(product.folder, 'nginx'), product.port);
  try {
    await nginx.server.until('nginx to answer', async () =>
      (await visit(nginx.for('127.0.0.1'), '/health')).status === 200);
    await report.test('front.tls_1_2_and_1_3_and_no_older', () => testTls(nginx));
    await report.test('front.headers_on_every_answer', () => testHeaders(nginx));
    await report.test('front.rations_log_in_links_not_pages', () => testRations(nginx));
    await report.test('front.log_keeps_links_secret', () => testLog(nginx));
    await report.test('front.slow_visitors_keep_nobody_waiting', () => testSlowVisitors(nginx));
    await report.test('front.smuggling_without_nginx', () => testProbesAlone(product));
    await report.test('front.smuggling_behind_nginx', () => testProbesBehindNginx(nginx, product));
  } finally {
    await nginx.stop();
    await product.stop();
  }
}
