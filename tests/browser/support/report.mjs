// A list of tests that are run one after the other, printed as they end, and told as GoogleTest would.
//
//   const report = new Report('browser');
//   await report.test('life.seed_1', async () => { … throws or returns … });
//   report.skip('life.seed_2', 'DS_PEER_DIR is not set');
//   report.write('build/results/browser.json');     // report.failed says how many
import { writeFileSync } from 'node:fs';

// Thrown by a test that cannot run here: visible in the list and in the closing line.
export class Skip extends Error {}

// The sentence without the driver's list of attempts, then the places it came through.
function inWords(error) {
  const lines = `${error?.message ?? error}`.split('\n');
  const attempts = /^\s*(\x1b\[2m)?\s*-\s|^Call log:/;
  const places = (error?.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [...lines.filter((line) => !attempts.test(line)), ...places].join('\n');
}

export class Report {
  constructor(name) {
    this.name = name;
    this.tests = [];
  }

  async test(name, body) {
    const started = Date.now();
    const outcome = { result: 'COMPLETED' };
    try {
      await body();
    } catch (error) {
      if (error instanceof Skip) {
        outcome.result = 'SKIPPED';
        outcome.skipped = [{ message: error.message }];
      } else {
        outcome.failures = [{ failure: inWords(error) }];
      }
    }
    this.#add(name, (Date.now() - started) / 1000, outcome);
    return outcome.failures === undefined;
  }

  skip(name, message) {
    this.#add(name, 0, { result: 'SKIPPED', skipped: [{ message }] });
  }

  get failed() {
    return this.tests.filter((test) => test.failures !== undefined).length;
  }

  write(file) {
    const document = { testsuites: [{ name: this.name, testsuite: this.tests }] };
    writeFileSync(file, `${JSON.stringify(document, null, 1)}\n`);
  }

  #add(name, seconds, outcome) {
    const time = `${seconds.toFixed(3)}s`;
    this.tests.push({ name, status: 'RUN', time, ...outcome });
    const word = outcome.failures ? 'FAILED ' : outcome.skipped ? 'skipped' : 'ok     ';
    console.log(
      `${word} ${name}  ${time}${outcome.skipped ? `  ${outcome.skipped[0].message}` : ''}`,
    );
    for (const failure of outcome.failures ?? []) {
      console.log(failure.failure.replace(/^/gm, '        '));
    }
  }
}
