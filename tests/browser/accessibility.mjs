// Every page of every role, filled and empty: axe-core without a finding, valid HTML, no sideways
// scroll at 320 px, dark and light, keyboard, and hostile text shown as text.
import { dossierFile } from './support/dossier.mjs';
import { newVisit, openChromium, photograph } from './support/browser.mjs';
import { crawl } from './support/crawl.mjs';
import { Demo } from './support/demo.mjs';
import { axeFindings, htmlFindings, keyboardFindings, narrowFindings } from './support/judges.mjs';
import { Product } from './support/product.mjs';

const publicPages = [
  '/',
  '/connexion',
  '/calendrier',
  '/collections',
  '/accessibilite',
  '/mentions-legales',
  '/donnees-personnelles',
];
// A page that is not there and one that is not theirs are pages too.
const refusals = ['/nulle-part', '/personnes', '/projets/AIG-2020-9999'];

const roles = [
  'program_admin',
  'case_officer',
  'collection_lead',
  'reviewer',
  'committee_chair',
  'committee_member',
  'project_holder',
  'designer',
  'integrator',
  'auditor',
];

// Every role meets the same blank forms and print pages: one judgement a document is enough. What a
// page says of its visitor (name, links of their role, tokens) makes it another document.
const judged = new Set();
// A blank form or a legal notice is the same for all: once met, the next ones need not open it.
const blanks = new Map();
const sameForAll = /^\/(formulaires\/|accessibilite|mentions-legales|donnees-personnelles)/;

async function judge(page, found) {
  if (judged.has(found.html)) return [];
  judged.add(found.html);
  const findings = [...(await htmlFindings(found.html)), ...(await axeFindings(page))];
  await page.emulateMedia({ colorScheme: 'dark' });
  findings.push(...(await axeFindings(page, ['color-contrast'])).map((one) => `dark ${one}`));
  await page.emulateMedia({ colorScheme: 'light' });
  findings.push(...(await narrowFindings(page)));
  return findings;
}

// Refusals make the browser say « 404 » on its console: that is what was asked for here.
const refused = (fault) => /status of (403|404)/.test(fault);

async function judgeAll(visit, starts) {
  const faults = [];
  const seen = new Map(blanks);
  let pages = 0;
  for await (const found of crawl(visit.page, starts, { seen })) {
    pages += 1;
    for (const finding of await judge(visit.page, found))
      faults.push(`${found.address}: ${finding}`);
  }
  for (const [kind, times] of seen) {
    if (sameForAll.test(kind)) blanks.set(kind, times);
  }
  faults.push(...visit.faults.filter((fault) => !refused(fault)));
  if (pages < starts.length - refusals.length) faults.push(`only ${pages} pages were reached`);
  return faults;
}

function expectNone(faults) {
  if (faults.length > 0) {
    const shown = [...new Set(faults)];
    throw new Error(`${shown.length} findings:\n${shown.slice(0, 60).join('\n')}`);
  }
}

async function asVisitor(chromium, url, link, body) {
  const visit = await newVisit(chromium, url);
  try {
    if (link) {
      await visit.page.goto(link);
      await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
      await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
    }
    await body(visit);
  } catch (error) {
    const picture = await photograph(visit.page, `visit-${new URL(visit.page.url()).pathname}`);
    error.message += `\nLast page: ${picture}`;
    throw error;
  } finally {
    await visit.close();
  }
}

async function filledPages(report, chromium, demo) {
  const test = (name, link, starts) =>
    report.test(`accessibility.filled.${name}`, () =>
      asVisitor(chromium, demo.url, link, async (visit) =>
        expectNone(await judgeAll(visit, starts)),
      ),
    );
  await test('public', null, [...publicPages, '/nulle-part']);
  for (const [role, link] of demo.links) {
    await test(role, link, [
      '/taches',
      '/projets',
      '/pilotage',
      '/pilotage?appel=mentor-2025',
      '/pilotage/quarantaine',
      '/pilotage/echanges',
      '/pilotage/ecarts',
      '/compte',
      ...refusals,
    ]);
  }
}

async function keyboard(report, chromium, demo) {
  const lead = demo.link('collection_lead');
  await report.test('accessibility.keyboard', () =>
    asVisitor(chromium, demo.url, lead, async ({ page }) => {
      const faults = [];
      const at = async (address, wanted) => {
        if (address) await page.goto(address);
        await page.evaluate(() => document.activeElement.blur());
        const findings = await keyboardFindings(page, wanted);
        faults.push(...findings.map((one) => `${page.url().replace(demo.url, '')}: ${one}`));
      };
      await at('/taches', 'Ouvrir');
      await page.goto('/taches');
      await page
        .getByRole('link', { name: /^Ouvrir : Valider le cadrage/ })
        .first()
        .click();
      const form = page
        .locator('main form')
        .getByRole('button', { name: 'Valider le cadrage', exact: true });
      if ((await form.count()) === 0) {
        await page
          .getByRole('main')
          .getByRole('link', { name: 'Valider le cadrage', exact: true })
          .first()
          .click();
      }
      await at(null, 'Valider le cadrage');
      await at('/projets', 'Filtrer');
      expectNone(faults);
    }),
  );
}

async function emptyPages(report, chromium) {
  await report.test('accessibility.empty_call', async () => {
    const product = await Product.make('empty');
    const links = roles.map((role) => {
      const email = `${role}@exemple.invalid`;
      product.json('user', 'add', '--email', email, '--name', `Personne ${role}`, '--role', role);
      return [role, product.json('user', 'link', '--email', email).url];
    });
    product.json('call', 'add', '--id', 'vide', '--definition', 'mentor');
    await product.serve();
    const faults = [];
    try {
      for (const [role, link] of links) {
        await asVisitor(chromium, product.url, link, async (visit) => {
          const found = await judgeAll(visit, ['/taches', '/projets', '/pilotage', '/compte']);
          faults.push(...found.map((one) => `${role} ${one}`));
        });
      }
    } finally {
      await product.stop();
    }
    expectNone(faults);
  });
}

const canary =
  '"><img src=x onerror="window.canary=1"><script>window.canary=1</script>{{title}}{{{number}}}\'&';

async function hostileText(report, chromium) {
  await report.test('accessibility.hostile_text_stays_text', async () => {
    const product = await Product.make('hostile');
    const pilot = 'pilote@exemple.invalid';
    product.json('user', 'add', '--email', pilot, '--name', canary, '--role', 'program_admin');
    product.json('user', 'add', '--email', pilot, '--name', canary, '--role', 'case_officer');
    product.json('call', 'add', '--id', 'essai', '--definition', 'mentor');
    product.json(
      'import',
      '--call',
      'essai',
      dossierFile(product.folder, [canary], {
        objectives: canary,
        ministry: canary,
        referent: canary,
      }),
    );
    const { url } = product.json('user', 'link', '--email', pilot);
    await product.serve();
    const faults = [];
    let shown = 0;
    try {
      await asVisitor(chromium, product.url, url, async (visit) => {
        for await (const found of crawl(visit.page, [
          '/taches',
          '/projets',
          '/pilotage',
          '/pilotage/quarantaine',
          '/pilotage/echanges',
          '/pilotage/ecarts',
          '/appels',
          '/courriels',
          '/personnes',
        ])) {
          const state = await visit.page.evaluate(() => ({
            ran: window.canary !== undefined,
            made: document.querySelector('img[src="x"]') !== null,
            shown: document.body.innerText.includes('{{title}}'),
          }));
          if (state.ran || state.made)
            faults.push(`${found.address}: the text became part of the page`);
          if (state.shown) shown += 1;
        }
        faults.push(...visit.faults);
      });
    } finally {
      await product.stop();
    }
    if (shown < 3) faults.push(`the text was shown on ${shown} pages only`);
    expectNone(faults);
  });
}

export async function run(report) {
  const chromium = await openChromium();
  let demo;
  try {
    demo = await Demo.start();
    await filledPages(report, chromium, demo);
    await keyboard(report, chromium, demo);
    await demo.stop();
    demo = null;
    await emptyPages(report, chromium);
    await hostileText(report, chromium);
  } finally {
    await demo?.stop();
    await chromium.close();
  }
}
