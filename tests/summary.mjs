// Reads every GoogleTest report of a folder; prints what failed, what was skipped and why, the ten
// slowest tests, and one plain closing line. Exits 1 when something failed or nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];

// GoogleTest's report leaves the reason of a skip out; what the program said has it, with its place:
// the nearest one below the test's first line, else (a fixture, the whole program) any it gave.
function reasonIn(log, test) {
  const said = [...log.matchAll(/^(\S+):(\d+): Skipped\n(.*)$/gm)];
  const here = said
    .filter(([, file, line]) => file === test.file && Number(line) >= test.line)
    .sort((a, b) => a[2] - b[2]);
  const elsewhere = said.filter(([, file]) => file === test.file);
  return (here[0] ?? elsewhere[0] ?? said[0])?.[3] ?? '';
}

function logOf(file) {
  try {
    return readFileSync(join(folder, file.replace('.json', '.log')), 'utf8');
  } catch {
    return '';
  }
}

const tests = readdirSync(folder).filter((file) => file.endsWith('.json')).flatMap((file) => {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const log = logOf(file);
  return report.testsuites.flatMap((suite) => suite.testsuite.map((test) => ({
    name: `${file.replace('.json', '')}: ${suite.name}.${test.name}`,
    seconds: parseFloat(test.time),
    failed: (test.failures ?? []).length > 0,
    skipped: test.result === 'SKIPPED' || test.status === 'NOTRUN',
    reason: test.skipped?.[0]?.message ?? reasonIn(log, test),
  })));
});

const failed = tests.filter((test) => test.failed);
const skipped = tests.filter((test) => test.skipped && !test.failed);
for (const test of skipped) console.log(`skipped  ${test.name}  ${test.reason.trim().split('\n').pop()}`);
for (const test of failed) console.log(`FAILED   ${test.name}`);
console.log('\nthe ten slowest:');
for (const test of [...tests].sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  console.log(`${test.seconds.toFixed(1).padStart(8)} s  ${test.name}`);
}
const passed = tests.length - failed.length - skipped.length;
console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exit(failed.length > 0 || passed === 0 ? 1 : 0);
