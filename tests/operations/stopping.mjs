// SIGTERM while visitors dawdle: what is under way is answered, and it is over within ten seconds.
import assert from 'node:assert/strict';

import { pause } from '../browser/support/process.mjs';
import { Product } from '../browser/support/product.mjs';
import { exchange, open, statusOf } from './wire.mjs';

const body = 'email=personne%40exemple.invalid';
const head = (length) =>
  'POST /connexion HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' +
  `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;

async function testUnderLoad() {
  const product = await Product.make('stopping');
  await product.serve();
  const to = { port: product.port };
  const idle = Array.from({ length: 30 }, () => open(to));
  for (const socket of idle) socket.write('GET / HT');
  // Ends its body two seconds after the signal: this one is answered.
  const late = open(to);
  let answer = '';
  late.on('data', (data) => (answer += data));
  late.write(head(body.length) + body.slice(0, 5));
  // Never ends it: this one is cut.
  const never = open(to);
  never.write(head(5000) + 'a');
  await pause(500);
  const started = performance.now();
  product.server.child.kill('SIGTERM');
  await pause(2000);
  late.write(body.slice(5));
  const code = await product.server.exit;
  const seconds = (performance.now() - started) / 1000;
  for (const socket of [...idle, late, never]) socket.destroy();
  console.log(`        ended after ${seconds.toFixed(1)} s`);
  assert.equal(code, 0, product.server.said.slice(-2000));
  assert.ok(seconds < 10, `${seconds} s`);
  assert.ok(statusOf(answer) > 0, 'what was under way is answered');
  assert.match(product.server.said, /"event":"stopping"/);
  assert.match(product.server.said, /"event":"stopped"/);
}

// Démarches Simplifiées that never answers: its reading is cut, the next process takes it up.
async function testWhileDsHangs() {
  const { createServer } = await import('node:net');
  let asked = 0;
  const silent = createServer(() => ++asked).listen(0, '127.0.0.1');
  await pause(50);
  const product = await Product.make('stopping', {
    DS_ENDPOINT: `http://127.0.0.1:${silent.address().port}/api/v2/graphql`,
    DS_TOKEN: 'x', DS_DEMARCHE: '98765', DS_INSTRUCTEUR: 'a@exemple.invalid',
  });
  await product.serve();
  await product.server.until('DS to be asked', () => asked > 0);
  const started = performance.now();
  product.server.child.kill('SIGTERM');
  const code = await product.server.exit;
  const seconds = (performance.now() - started) / 1000;
  silent.close();
  console.log(`        ended after ${seconds.toFixed(1)} s`);
  assert.equal(code, 0);
  assert.ok(seconds < 10, `${seconds} s`);
  const verified = product.run('verify');
  assert.equal(verified.status, 0, verified.out);
}

export async function run(report) {
  await report.test('stopping.answers_what_is_under_way_and_is_gone', testUnderLoad);
  await report.test('stopping.cuts_an_exchange_that_hangs', testWhileDsHangs);
}
