// Two `serve` on one PostgreSQL, as an operator runs them: made at once on an empty database, one
// killed in the midst, the database cut. What was answered is there, each mail left once.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { pause, waitFor } from '../browser/support/process.mjs';
import { dossierFile } from '../browser/support/dossier.mjs';
import { Product } from '../browser/support/product.mjs';
import { Postgres } from './postgres.mjs';

const OFFICER = 'instruction@exemple.invalid';
const PROJECTS = 60;

async function sides(postgres) {
  const shared = { DATABASE_URL: postgres.url };
  const one = await Product.make('two', shared);
  one.settings.SMTP_URL = `spool:${one.folder}/mails`;
  const other = await Product.make('two', shared);
  other.settings = { ...other.settings, DATA_DIR: one.settings.DATA_DIR,
    SMTP_URL: one.settings.SMTP_URL };
  return [one, other];
}

// A person logged in: pages asked and forms sent with the cookie of their session.
class Visitor {
  static async login(product, email) {
    const visitor = new Visitor();
    const { url } = product.json('user', 'link', '--email', email);
    const page = await fetch(url);
    const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const csrf = hidden(await page.text()).csrf;
    const done = await fetch(url, {
      method: 'POST', redirect: 'manual', headers: { cookie, origin: product.url },
      body: new URLSearchParams({ csrf }),
    });
    assert.equal(done.status, 303, await done.text());
    visitor.cookie = done.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    return visitor;
  }

  get(product, path) {
    return fetch(product.url + path, { redirect: 'manual', headers: { cookie: this.cookie } });
  }

  post(product, path, fields) {
    return fetch(product.url + path, {
      method: 'POST', redirect: 'manual', headers: { cookie: this.cookie, origin: product.url },
      body: new URLSearchParams(fields),
    });
  }
}

function hidden(page) {
  const fields = {};
  for (const [tag] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    if (name) fields[name] = /value="([^"]*)"/.exec(tag)?.[1] ?? '';
  }
  return fields;
}

// Until it is answered « done », asked again with the same key, as a person presses again.
async function decide(visitor, products, number, log) {
  const path = `/projets/${number}/actions/admissibility.start`;
  let fields = null;
  for (let i = 0; i < 300; ++i) {
    const product = products[(i + log.turn++) % products.length];
    try {
      if (fields === null) {
        const page = await visitor.get(product, path);
        if (page.status === 200) fields = { ...hidden(await page.text()), do: 'act' };
        else if (page.status === 503) log.moment.push(await page.text());
        else if (page.status === 409) return 'repeated'; // its answer was lost, the act was not
        else throw new Error(`unexpected ${page.status}: ${await page.text()}`);
      }
      if (fields !== null) {
        const answer = await visitor.post(product, path, fields);
        if (answer.status === 303) return 'done';
        if (answer.status !== 503) {
          throw new Error(`unexpected ${answer.status}: ${(await answer.text()).slice(0, 2000)}`);
        }
        log.moment.push(await answer.text());
      }
    } catch (error) {
      if (error.cause === undefined) throw error; // not the network's
      ++log.broken;
    }
    await pause(100);
  }
  throw new Error(`${number} was never decided`);
}

function spooled(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

async function testBothAtOnce(postgres) {
  const [one, other] = await sides(postgres);
  await Promise.all([one.serve(), other.serve()]); // both make the schema, one waits
  one.json('call', 'add', '--id', 'mentor-2026', '--definition', 'mentor');
  one.json('user', 'add', '--email', OFFICER, '--name', 'Olga', '--role', 'case_officer');
  const titles = Array.from({ length: PROJECTS }, (_, i) => `Projet ${i + 1}`);
  other.json('import', '--call', 'mentor-2026', dossierFile(one.folder, titles));
  const numbers = one.json('project', 'list').map((project) => project.number);
  assert.equal(numbers.length, PROJECTS);

  const visitor = await Visitor.login(one, OFFICER);
  assert.equal((await visitor.get(other, '/taches')).status, 200, 'a session of one is the other’s');

  const log = { turn: 0, broken: 0, moment: [] };
  const waiting = [...numbers];
  const worker = async () => {
    while (waiting.length > 0) await decide(visitor, [one, other], waiting.shift(), log);
  };
  const work = Promise.all(Array.from({ length: 6 }, worker));
  await waitFor('a third of the work', () => waiting.length < PROJECTS * 2 / 3);
  await other.server.stop('SIGKILL');
  await waitFor('more of the work', () => waiting.length < PROJECTS / 2);
  await postgres.cut();
  await pause(300);
  await postgres.resume();
  await other.serve();
  await work;
  for (const page of log.moment) assert.match(page, /un instant/i);

  const started = one.json('project', 'list').map((project) => project.number);
  for (const number of started) {
    const acts = one.json('project', 'show', number).journal
      .filter((row) => row.action === 'admissibility.start');
    assert.equal(acts.length, 1, `${number}: ${acts.length} acts`);
  }
  const verified = one.run('verify');
  assert.equal(verified.status, 0, verified.out);

  // A mail under way in the killed process may come a second time, under the same Message-ID; its
  // lease lasts longer than this test, so here each must have left once or wait for that.
  const folder = join(one.folder, 'mails');
  const mails = await waitFor('the mails to leave', () => {
    const found = spooled(folder).filter((mail) => mail.includes('AIG-'));
    return found.length >= PROJECTS && found;
  }, 30_000);
  const ids = mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1]);
  assert.equal(new Set(ids).size, ids.length, 'a mail left twice');
  console.log(`        ${PROJECTS} decisions, ${log.moment.length} pages said « un instant », ` +
    `${log.broken} connections broke, ${mails.length} mails`);
  await Promise.all([one.stop(), other.stop()]);
}

export async function run(report) {
  if (Postgres.missing) return report.skip('two_processes', Postgres.missing);
  const postgres = await Postgres.start();
  try {
    await report.test('two_processes.one_killed_the_database_cut', () => testBothAtOnce(postgres));
  } finally {
    await postgres.end();
  }
}
