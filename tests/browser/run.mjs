// ./run test browser: all browser suites in turn, one line a test, a report for the closing line.
//
//   node run.mjs OUT.json [SUITE…]
import { Report } from './support/report.mjs';

const suites = [
  'life_of_a_project',
  'added_state',
  'checklist',
  'mail_texts',
  'accessibility',
  'canary',
];
const [out, ...wanted] = process.argv.slice(2);
if (!out) {
  console.error(`node run.mjs OUT.json [${suites.join('|')}]`);
  process.exit(2);
}

const report = new Report('browser');
async function play(name) {
  try {
    const suite = await import(`./${name}.mjs`);
    await suite.run(report);
  } catch (error) {
    await report.test(`${name}.ran_to_its_end`, () => {
      throw error;
    });
  }
}

// Side by side: the lives wait for the world, the judges of accessibility keep one core busy.
await Promise.all(
  suites.filter((one) => wanted.length === 0 || wanted.includes(one)).map((name) => play(name)),
);
report.write(out);
process.exit(report.failed > 0 || report.tests.length === 0 ? 1 : 0);
