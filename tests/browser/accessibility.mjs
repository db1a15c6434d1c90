// Every page of every role, filled, empty and with errors, light and dark: axe-core without a finding,
// valid HTML, titles that tell, tables with headers, no sideways scroll at 320 px, nothing cut on
// paper, a focus that shows. Then a queue by the Tab key.
import { playMatrix } from './matrix.mjs';
import { newVisit, openChromium } from './support/browser.mjs';
import { keyboardFindings } from './support/judges.mjs';
import { emptyWorld, filledWorld, roles } from './support/worlds.mjs';

const every = process.env.EVERY_COMBINATION === '1';

function expectNone(faults) {
  if (faults.length > 0) {
    const shown = [...new Set(faults)];
    throw new Error(`${shown.length} findings:\n${shown.slice(0, 100).join('\n')}`);
  }
}

async function keyboard(chromium, world) {
  const visit = await newVisit(chromium, world.url);
  const { page } = visit;
  await visit.context.addCookies(world.people.find((one) => one.role === 'collection_lead').cookies);
  const faults = [];
  const at = async (address, wanted) => {
    if (address) await page.goto(address);
    await page.evaluate(() => document.activeElement.blur());
    const findings = await keyboardFindings(page, wanted);
    faults.push(...findings.map((one) => `${page.url().replace(world.url, '')}: ${one}`));
  };
  await at('/taches', 'Ouvrir');
  await page.goto('/taches');
  const task = page.getByRole('link', { name: /^Ouvrir : Valider le cadrage/ }).first();
  await at(await task.getAttribute('href'), 'Valider le cadrage');
  await at('/projets', 'Filtrer');
  await visit.close();
  expectNone(faults);
}

export async function run(report) {
  const chromium = await openChromium();
  const worlds = [];
  try {
    worlds.push(...(await Promise.all([filledWorld(chromium), emptyWorld(chromium)])));
    await report.test('accessibility.keyboard', () => keyboard(chromium, worlds[0]));
    await report.test('accessibility.matrix', async () => {
      const { counts, faults } = await playMatrix(chromium, worlds, every);
      console.log(
        `        ${counts.pages} pages x ${roles.length} roles: ${counts.cases} of ${counts.of} combinations, ` +
          `${counts.judged} judged, the others word for word the same; forms sent badly: ` +
          `${counts.refused} refused, ${counts.taken} taken, ${counts.gone} no longer there`,
      );
      if (counts.refused < 50) faults.push(`only ${counts.refused} forms were refused`);
      expectNone(faults);
    });
  } finally {
    for (const world of worlds) await world.stop();
    await chromium.close();
  }
}
