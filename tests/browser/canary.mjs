// Everything that people type is hostile: one project is lived through with the same hostile text in
// every field, file name, person's name, call's title and rewritten mail; then every page of every
// role and every mail is opened. Nothing of it may run, become part of a page, or make the browser
// report a breach of the content security policy.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as story from './story.mjs';
import { newVisit, openChromium, photograph } from './support/browser.mjs';
import { crawl } from './support/crawl.mjs';
import { dossierFile } from './support/dossier.mjs';
import { FormFiller } from './support/form_filler.mjs';
import { readMail } from './support/mailbox.mjs';
import { Product, root } from './support/product.mjs';

// {{…}}: it must not become a template either; it is what tells that a page shows the text.
const mark = '{{canari}}';
const canary =
  `"><img src=x onerror="window.canary=1"><script>window.canary=1</script>${mark}{{{number}}}\'&`;

const looksHostile = (page) =>
  page.evaluate(
    (text) => ({
      ran: window.canary !== undefined,
      made: document.querySelector('img[src="x"]') !== null,
      shown: document.documentElement.innerHTML.includes(text),
    }),
    mark,
  );

class World {
  static async open(chromium) {
    const world = new World();
    world.chromium = chromium;
    world.product = await Product.make('canary', { DESK_GRACE_MINUTES: '10' });
    const { product } = world;
    product.settings.SMTP_URL = `spool:${product.folder}/mails`;
    world.people = { ...story.people, holder: { email: 'porteur21000000@exemple.invalid' } };
    world.visits = {};
    world.faults = [];
    world.met = new Set();
    world.filler = new FormFiller(
      join(root, 'workflows/definitions'),
      'mentor',
      product.folder,
      { hostile: canary },
    );
    for (const [name, { email, role, scope, siret }] of Object.entries(story.people)) {
      if (!role) continue;
      const options = [...(scope ? ['--scope', scope] : []), ...(siret ? ['--siret', siret] : [])];
      product.json('user', 'add', '--email', email, '--name', canary, '--role', role, ...options);
      world.people[name].name = canary;
    }
    product.json('user', 'add', '--email', 'a@exemple.invalid', '--name', canary, '--role', 'auditor');
    world.people.auditor = { email: 'a@exemple.invalid' };
    product.json('call', 'add', '--id', 'essai', '--definition', 'mentor');
    const hostile = { objectives: canary, ministry: canary, referent: canary };
    product.json('import', '--call', 'essai', dossierFile(product.folder, [canary, ''], hostile));
    world.number = product.json('project', 'list')[0].number;
    await product.serve();
    return world;
  }

  // The browser of a person, logged in.
  async as(name) {
    if (this.visits[name]) return this.visits[name].page;
    const visit = await newVisit(this.chromium, this.product.url);
    this.visits[name] = visit;
    const { url } = this.product.json('user', 'link', '--email', this.people[name].email);
    await visit.page.goto(url);
    await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
    await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
    return visit.page;
  }

  async act({ who, click, form, answers }) {
    const page = await this.as(who);
    const { actions } = this.product.json('project', 'show', this.number);
    const action = actions.find((one) => one.label === click);
    if (!action) throw new Error(`Expected « ${click} » among ${actions.map((one) => one.label)}`);
    await page.goto(`/projets/${this.number}/actions/${action.id}`);
    if (form) await this.filler.fill(page, form, answers);
    await page.locator('main form').getByRole('button', { name: click, exact: true }).last().click();
    await page.waitForLoadState();
    const alert = page.getByRole('main').getByRole('alert');
    if ((await alert.count()) > 0) throw new Error(`${click}: ${await alert.first().innerText()}`);
  }

  // What an administrator may write: a call's title, a mail put otherwise.
  async administer() {
    const page = await this.as('pilot');
    await page.goto('/appels');
    const call = page
      .locator('main details')
      .filter({ has: page.locator('[name=title]') })
      .first();
    await call.locator('summary').first().click();
    await call.locator('[name=title]').fill(canary);
    await call.getByRole('button', { name: 'Enregistrer cet appel' }).click();
    await page.goto('/courriels?etat=pending&genre=mail');
    const mails = page.locator('main a[href^="/courriels/"]');
    const href = await mails.first().getAttribute('href');
    await page.goto(`${href}/recrire`);
    await page.locator('[name=subject]').fill(canary);
    await page.locator('[name=text]').fill(canary);
    await page.locator('main form button').last().click();
    await page.waitForLoadState();
  }

  // Beside the forms of the rails: a message, a note, a sitting of the committee.
  async write() {
    const page = await this.as('case');
    for (const button of ['Envoyer le message', 'Enregistrer la note interne']) {
      await page.goto(`/projets/${this.number}?onglet=echanges`);
      const form = page.locator('main form', { has: page.getByRole('button', { name: button }) });
      await form.locator('[name=texte]').fill(canary);
      await form.getByRole('button', { name: button }).click();
      await page.waitForLoadState();
    }
    const chair = await this.as('chair');
    await chair.goto('/comite');
    await chair.locator('main [name=date]').fill('2027-03-02');
    await chair.locator('main [name=note]').fill(canary);
    await chair.getByRole('button', { name: 'Créer la séance' }).click();
    await chair.waitForLoadState();
  }

  async look(page, where) {
    const found = await looksHostile(page);
    if (found.ran) this.faults.push(`${where}: the text ran`);
    if (found.made) this.faults.push(`${where}: the text became part of the page`);
    return found.shown;
  }

  async everyPageOf(name, starts) {
    const told = { visited: 0, opened: 0, shown: 0 };
    const page = await this.as(name);
    const seen = new Map(blanks);
    const isNew = (html) => this.isNew(html) || told.opened < 3; // with this reader's menu
    for await (const { address, kind, opened } of crawl(page, starts, { seen, isNew })) {
      if (sameForAll.test(kind)) blanks.set(kind, 1);
      told.visited += 1;
      if (!opened) continue;
      told.opened += 1;
      if (await this.look(page, `${name} ${address}`)) told.shown += 1;
    }
    return told;
  }

  // The same words, but for the menu and the tokens of forms, do in every browser what they did in one.
  isNew(html) {
    const words = html
      .replace(/<header class="top">[\s\S]*?<\/header>/, '')
      .replace(/value="[0-9a-f]{32,}"/g, '');
    if (this.met.has(words)) return false;
    this.met.add(words);
    return true;
  }

  // As the office sees them here, then as the post has them, in a page without our policy.
  async everyMail() {
    const page = await this.as('case');
    const ids = this.product.json('project', 'show', this.number).mails.map((one) => one.id);
    for (const id of ids) {
      await page.goto(`/courriels/${id}`);
      await this.look(page, `mail ${id}`);
      const body = await page.goto(`/courriels/${id}/corps`);
      if (body.ok()) await this.look(page, `body of mail ${id}`);
    }
    return ids.length;
  }

  async everyMailSent() {
    const late = new Date(Date.now() + 3 * 86_400_000).toISOString();
    this.product.run('deliver', '--once', '--at', late);
    const folder = join(this.product.folder, 'mails');
    const mails = readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.eml'));
    const context = await this.chromium.newContext({ offline: true });
    const page = await context.newPage();
    let shown = 0;
    for (const file of mails) {
      await page.setContent(readMail(readFileSync(join(folder, file))).html);
      if (await this.look(page, file)) shown += 1;
    }
    await context.close();
    return { mails: mails.length, shown };
  }

  async close() {
    for (const visit of Object.values(this.visits)) await visit.close();
    await this.product.stop();
  }
}

// A blank form is the same for all: once met, the next ones need not open it.
const blanks = new Map();
const sameForAll = /^\/(formulaires\/|accessibilite|mentions-legales|donnees-personnelles)/;

// Three browsers at a time: each mostly waits for its own pages.
async function together(items, work) {
  const left = [...items];
  const next = async () => {
    for (let one = left.shift(); one; one = left.shift()) await work(one);
  };
  await Promise.all([next(), next(), next()]);
}

const starts = {
  pilot: ['/taches', '/projets', '/pilotage', '/courriels', '/personnes', '/appels', '/compte'],
  chair: ['/taches', '/comite'],
  case: ['/taches', '/pilotage/quarantaine', '/pilotage/echanges', '/pilotage/ecarts'],
};
const tabs = ['', ...['documents', 'journal', 'courriels', 'fichiers', 'echanges', 'dates']].map((tab) =>
  tab ? `?onglet=${tab}` : '',
);

async function liveHostilely(world) {
  const { selection, validation, decision, making, publishing } = story;
  const [start, accept] = selection; // whose mails wait for their grace to be over
  const life = [start, accept, ...validation, ...decision, ...making, ...publishing];
  for (const step of life) {
    if (step === validation[0]) {
      await world.administer();
      await world.write();
    }
    try {
      await world.act(step);
    } catch (error) {
      const seen = await photograph(await world.as(step.who), `canary-${step.form}`);
      error.message = `${step.who}, « ${step.click} »: ${error.message}\n${seen}`;
      throw error;
    }
  }
}

export async function run(report) {
  await report.test('canary.nothing_typed_ever_runs', async () => {
    const chromium = await openChromium();
    const world = await World.open(chromium);
    const told = [];
    try {
      await liveHostilely(world);
      const sum = { visited: 0, opened: 0, shown: 0 };
      const own = tabs.map((tab) => `/projets/${world.number}${tab}`);
      const names = Object.keys(world.people);
      await together(names, async (name) => {
        const seen = await world.everyPageOf(name, [...(starts[name] ?? ['/taches']), ...own]);
        for (const [what, count] of Object.entries(seen)) sum[what] += count;
      });
      const here = await world.everyMail();
      const breaches = Object.values(world.visits).flatMap((one) => one.faults);
      await world.close();
      const sent = await world.everyMailSent();
      const { visited, opened, shown } = sum;
      told.push(`${visited} pages, ${opened} opened, ${shown} show the text; ${here} mails here, ${sent.mails} sent`);
      console.log(`        ${told[0]}; ${breaches.length} console errors and policy breaches`);
      world.faults.push(...breaches);
      // Otherwise the text went nowhere, and nothing was proved.
      if (shown < 100) world.faults.push(`the text was shown on ${shown} pages only`);
      if (sent.shown < 20) world.faults.push(`the text was in ${sent.shown} mails only`);
    } finally {
      await chromium.close();
      await world.product.stop();
    }
    if (world.faults.length > 0) {
      const faults = [...new Set(world.faults)];
      throw new Error(`${faults.length} faults:\n${faults.slice(0, 40).join('\n')}`);
    }
  });
}
