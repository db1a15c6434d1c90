// The systemd unit: judged by systemd's own tools, and started where systemd runs the machine.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Skip } from '../browser/support/report.mjs';
import { Product, binary, root } from '../browser/support/product.mjs';

const EXPOSURE_MAX = 25; // tenths: systemd's scale goes from 0 (shut) to 100 (open)
const call = (...args) => spawnSync(args[0], args.slice(1), { encoding: 'utf8' });

// The unit with what exists here in place of what an installation brings.
function unitHere(folder, config) {
  const text = readFileSync(join(root, 'config/aiguillage.service'), 'utf8')
    .replace(/^ExecStart=\S+ --config \S+/m, `ExecStart=${binary} --config ${config}`)
    .replace(/^Documentation=.*\n/m, '')
    .replace(/^(User|Group)=aiguillage$/gm, '$1=root');
  const file = join(folder, 'aiguillage.service');
  writeFileSync(file, text);
  return file;
}

function testVerify(folder) {
  const done = call('systemd-analyze', 'verify', unitHere(folder, join(root, 'config/demo.conf')));
  const ours = done.stderr.split('\n').filter((line) => line.includes('aiguillage'));
  assert.deepEqual(ours, []);
  assert.equal(done.status, 0, done.stderr);
}

function testHardened(folder) {
  const file = unitHere(folder, join(root, 'config/demo.conf'));
  const done = call('systemd-analyze', 'security', '--offline=true',
    `--threshold=${EXPOSURE_MAX}`, '--no-pager', file);
  console.log(`        ${done.stdout.trim().split('\n').at(-1)}`);
  assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
}

function testStarted() {
  if (!existsSync('/run/systemd/system')) throw new Skip('systemd does not run this machine');
  if (!existsSync('/etc/systemd/system/aiguillage.service')) {
    throw new Skip('the package is not installed: ./run package');
  }
  assert.equal(call('systemctl', 'start', 'aiguillage').status, 0);
  assert.equal(call('systemctl', 'is-active', 'aiguillage').stdout.trim(), 'active');
  assert.equal(call('systemctl', 'stop', 'aiguillage').status, 0);
}

export async function run(report) {
  if (call('systemd-analyze', '--version').error) {
    return report.skip('unit', 'systemd-analyze is not installed');
  }
  const { folder } = await Product.make('unit');
  await report.test('unit.is_one_that_systemd_understands', () => testVerify(folder));
  await report.test('unit.leaves_the_process_little_to_reach', () => testHardened(folder));
  await report.test('unit.starts_and_stops', testStarted);
}
