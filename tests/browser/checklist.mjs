// A request for changes, from the lead's first key to the lead's next decision: what is typed is kept
// on the way, the holder answers point by point, messages pass both ways. Every page met is judged.
import { newVisit, openChromium } from './support/browser.mjs';
import { Demo } from './support/demo.mjs';
import { expect, judge } from './support/judges.mjs';

async function logIn(chromium, demo, link, options) {
  const visit = await newVisit(chromium, demo.url, options);
  await visit.page.goto(link);
  await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
  await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  return visit;
}

// The lead asks for two points; the page is left in the middle and found again.
async function ask(visit, faults) {
  const { page } = visit;
  const first = page.getByRole('link', { name: /^Ouvrir : Valider le cadrage/ }).first();
  const address = (await first.getAttribute('href')).replace(/\/actions\/.*/, '');
  const request = `${address}/actions/framing.change`;
  await page.goto(request);
  const asked = page.getByLabel('Changement attendu').first();
  const part = page.getByLabel('Partie concernée').first();
  await part.selectOption({ label: 'Objectifs pédagogiques' });
  await asked.fill('Un verbe d’action par objectif.');
  await page.getByText(/^Brouillon enregistré à \d+ h \d\d/).waitFor();
  await judge(visit, faults);
  await page.goto(request);
  await page.getByText('Nous avons retrouvé votre brouillon').waitFor();
  expect('the typed point to be found again', (await asked.inputValue()) !== '');
  await judge(visit, faults);
  await page.getByRole('button', { name: 'Ajouter un point' }).click();
  await page.getByLabel('Changement attendu').nth(1).fill('Relire l’orthographe.');
  await page.getByRole('button', { name: 'Demander des changements', exact: true }).click();
  await page.getByText('c’est fait').waitFor();
  return address;
}

async function answer(visit, address, faults) {
  const { page } = visit;
  await page.goto(address);
  await page.getByRole('heading', { name: /2.points restent sur 2/ }).waitFor();
  await judge(visit, faults);
  await page.goto(`${address}?onglet=echanges`);
  await page.getByLabel('Votre message').fill('Je reprends cela cette semaine.');
  await page.getByRole('button', { name: 'Envoyer le message' }).click();
  await page.getByText('Je reprends cela cette semaine.').waitFor();
  expect('no internal box', (await page.getByLabel('Votre note interne').count()) === 0);
  await judge(visit, faults);
  await page.goto(`${address}?onglet=dates`);
  await judge(visit, faults);
  await page.goto(`${address}/actions/resubmit`);
  await page.getByLabel('C’est fait').first().check();
  await page.getByLabel('Votre réponse').first().fill('Repris.');
  await page.getByLabel(/^Ce que vous avez complété/).fill('Voir les réponses.');
  await page.getByText(/^Brouillon enregistré à/).waitFor();
  await judge(visit, faults);
  await page.getByRole('button', { name: /^Signaler que le cadrage est repris/ }).click();
  await page.getByText('c’est fait').waitFor();
}

async function readBack(visit, address, faults) {
  const { page } = visit;
  await page.goto(`${address}/actions/framing.validate`);
  await page.getByText('Réponse : Repris.').waitFor();
  await page.getByText(/1.point reste sur 2/).waitFor();
  await judge(visit, faults);
  await page.goto(`${address}?onglet=echanges`);
  await page.getByLabel('Votre note interne').fill('À suivre.');
  await page.getByRole('button', { name: 'Enregistrer la note interne' }).click();
  await page.getByText('note interne', { exact: true }).waitFor();
  await judge(visit, faults);
}

export async function run(report) {
  const chromium = await openChromium();
  const demo = await Demo.start();
  try {
    await report.test('checklist.asked_answered_and_read_back', async () => {
      const faults = [];
      const lead = await logIn(chromium, demo, demo.link('collection_lead'));
      const address = await ask(lead, faults);
      const number = address.replace('/projets/', '');
      const told = demo.product.json('project', 'show', number).mails;
      const holder = told.find((mail) => mail.topic === 'acknowledgement' && !mail.copy).address;
      const link = demo.product.json('user', 'link', '--email', holder).url;
      const narrow = { viewport: { width: 360, height: 780 } };
      const visit = await logIn(chromium, demo, link, narrow);
      await answer(visit, address, faults);
      await readBack(lead, address, faults);
      const shown = [...new Set(faults)];
      expect('no finding', shown.length === 0, shown.slice(0, 40).join('\n'));
    });
  } finally {
    await chromium.close();
    await demo.stop();
  }
}
