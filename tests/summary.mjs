// Reads every GoogleTest report of a folder; prints what failed, what was skipped and why, the ten
// slowest tests, and one plain closing line. Exits 1 when something failed or nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const tests = readdirSync(folder).filter((file) => file.endsWith('.json')).flatMap((file) => {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return report.testsuites.flatMap((suite) => suite.testsuite.map((test) => ({
    name: `${file.replace('.json', '')}: ${suite.name}.${test.name}`,
    seconds: parseFloat(test.time),
    failed: (test.failures ?? []).length > 0,
    skipped: test.result === 'SKIPPED' || test.status === 'NOTRUN',
    reason: test.skipped?.[0]?.message ?? '',
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
