// What must be true once a project has lived its whole life: DS, the public calendar, the register,
// the pipeline, the mails and the record all tell the same story.
import { motivation } from './story.mjs';
import { newVisit } from './support/browser.mjs';
import { waitFor } from './support/process.mjs';

function expectEqual(what, found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(
      `Expected ${what} to be ${JSON.stringify(expected)}, but it is ${JSON.stringify(found)}`,
    );
  }
}

async function dsHoldsTheDecision(world) {
  const dossier = () => world.peer.admin('GET', `dossiers/${world.dossier}`);
  await waitFor('DS to hold « accepte »', async () => (await dossier()).state === 'accepte');
  const told = await dossier();
  if (!told.motivation?.includes(motivation)) {
    throw new Error(`Expected our motivation in DS, but it holds « ${told.motivation} »`);
  }
  await waitFor(
    'nothing of this project to wait for DS',
    () => world.show().ds.every((row) => ['sent', 'skipped'].includes(row.status)),
    30_000,
    () => JSON.stringify(world.show().ds.map((row) => [row.topic, row.status, row.detail])),
  );
  const { mutations } = await world.peer.admin('GET', 'log?since=0');
  const decisions = mutations.filter(
    (one) => one.field === 'dossierAccepter' && one.dossier === world.dossier && one.ok,
  );
  expectEqual('the number of acceptances that DS received', decisions.length, 1);
}

async function publicCalendarNamesIt(world) {
  const visit = await newVisit(world.chromium, world.product.url);
  await visit.page.goto('/calendrier');
  const line = visit.page.getByRole('row').filter({ hasText: world.project.title });
  expectEqual('the lines of the public calendar with the training', await line.count(), 1);
  expectEqual(
    'the address beside it',
    await line.getByRole('link').getAttribute('href'),
    'https://mentor.exemple.invalid/parcours',
  );
  expectEqual('the faults of the public calendar', visit.faults, []);
  await visit.close();
}

async function registerNamesIt(world, page) {
  await page.goto(`/projets?q=${world.project.number}`);
  const line = page.getByRole('row').filter({ hasText: world.project.title });
  expectEqual('the lines of the register with the project', await line.count(), 1);
  if (!(await line.innerText()).includes('Au catalogue')) {
    throw new Error(
      `Expected « Au catalogue » in the register, but it says ${await line.innerText()}`,
    );
  }
}

// « 12 projets » in the caption of a list, whatever the page shows of them.
async function countOfList(page, address) {
  await page.goto(address);
  const caption = await page.locator('main table caption').first().textContent();
  return Number(caption.match(/\d+/)?.[0] ?? 0);
}

// Each figure of the pipeline leads to exactly as many projects.
export async function pipelineAgrees(page) {
  await page.goto('/pilotage');
  const figures = await page
    .locator('main a[href^="/projets"]')
    .evaluateAll((links) =>
      links
        .map((link) => ({ text: link.textContent.trim(), href: link.getAttribute('href') }))
        .filter(({ text }) => /^\d+(\s(projets?|en retard))?$/.test(text)),
    );
  if (figures.length === 0)
    throw new Error('Expected figures that lead to projects in the pipeline');
  const counts = new Map();
  for (const { text, href } of figures) {
    if (!counts.has(href)) counts.set(href, await countOfList(page, href));
    expectEqual(
      `the list behind the figure ${text} (${href})`,
      counts.get(href),
      parseInt(text, 10),
    );
  }
  return figures;
}

async function pipelineCountsIt(world, page) {
  const figures = await pipelineAgrees(page);
  const listed = world.product.json('project', 'list', '--state', 'in_catalogue').length;
  const shown = figures.find(
    ({ href }) => href.includes('etat=in_catalogue') && !/collection=|retard=/.test(href),
  );
  expectEqual('the pipeline’s figure for the catalogue', Number(shown?.text), listed);
}

function mailsCameOnce(world) {
  expectEqual('the mails that nobody expected', world.unexpectedMails(), []);
  const ids = world.mailbox.all().map((mail) => mail.id);
  expectEqual(
    'the mails received twice',
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
  const rows = world.show().mails;
  const unsent = rows.filter((row) => !['sent', 'skipped'].includes(row.status));
  expectEqual(
    'the mails of the record that did not leave',
    unsent.map((row) => row.topic),
    [],
  );
  expectEqual(
    'the number of mails in the record',
    rows.filter((row) => row.status === 'sent').length,
    world.mailsOfProject().length,
  );
}

// Once everything has left, another synchronisation changes nothing and writes to nobody.
async function oneMoreSyncIsSilent(world) {
  await world.product.stop();
  world.product.server = null;
  world.product.json('sync');
  const before = world.mailbox.all().length;
  const again = world.product.json('sync');
  for (const what of ['created', 'updated', 'quarantined', 'pushed', 'failed']) {
    expectEqual(`« ${what} » of one more sync`, again[what], 0);
  }
  expectEqual('the mails after one more sync', world.mailbox.all().length, before);
}

export async function checkEndings(world) {
  await dsHoldsTheDecision(world);
  await publicCalendarNamesIt(world);
  const page = await world.people.pilot.follow('/pilotage');
  await registerNamesIt(world, page);
  await pipelineCountsIt(world, page);
  mailsCameOnce(world);
  expectEqual('what verify finds', world.product.json('verify').broken, []);
  expectEqual(
    'the faults of the pages',
    Object.values(world.people).flatMap((one) => one.faults),
    [],
  );
  await oneMoreSyncIsSilent(world);
}
