// ./run test operations: what an operator puts around the product, started for real. nginx with our
// site, two processes on one PostgreSQL, a stop under load, the systemd unit.
//
//   node run.mjs OUT.json [SUITE…]
import { Report } from '../browser/support/report.mjs';

const suites = ['front', 'stopping', 'two_processes', 'unit'];
const [out, ...wanted] = process.argv.slice(2);
if (!out) {
  console.error(`node run.mjs OUT.json [${suites.join('|')}]`);
  process.exit(2);
}

const report = new Report('operations');
for (const name of suites.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  try {
    await (await import(`./${name}.mjs`)).run(report);
  } catch (error) {
    await report.test(`${name}.ran_to_its_end`, () => {
      throw error;
    });
  }
}
report.write(out);
process.exit(report.failed > 0 || report.tests.length === 0 ? 1 : 0);
