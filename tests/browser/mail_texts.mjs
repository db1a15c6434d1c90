// A message of a call put in the pilot's own words: seen in the frame before it is saved, with and
// without JavaScript, tried on oneself, in force afterwards. Every page met is judged.
import { newVisit, openChromium } from './support/browser.mjs';
import { Demo } from './support/demo.mjs';
import { expect, judge } from './support/judges.mjs';

const message = '/appels/mentor-2025/courriels/admissible';

async function logIn(chromium, demo, options) {
  const visit = await newVisit(chromium, demo.url, options);
  await visit.page.goto(demo.link('program_admin'));
  await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
  await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  return visit;
}

const frame = (page) => page.frameLocator('iframe[name=apercu]');

async function seeAndSave(visit, faults) {
  const { page } = visit;
  await page.goto('/appels');
  await page.getByRole('link', { name: /^Textes des courriels/ }).first().click();
  await judge(visit, faults);
  await page.goto(message);
  await frame(page).getByText('Bonjour,').waitFor();
  const padding = await frame(page)
    .locator('body')
    .evaluate((body) => getComputedStyle(body).paddingTop);
  expect('the frame to keep the styles of the mail', padding === '24px', padding);
  await judge(visit, faults);
  const steps = await page.evaluate(() => history.length);
  const html = page.getByLabel('HTML', { exact: true });
  await html.fill('<p>Tout est là. <a href="{{url}}">Ouvrir</a></p>');
  await frame(page).getByText('Tout est là.').waitFor();
  await html.fill('<p>Tout est bien là. <a href="{{url}}">Ouvrir</a></p>');
  await frame(page).getByText('Tout est bien là.').waitFor();
  const after = await page.evaluate(() => history.length);
  expect('no step of history a preview', after === steps, `${after} after ${steps}`);
  await html.fill('<p>Non <script>alert(1)</script></p>');
  await frame(page).getByText('HTML, ligne 1').waitFor();
  await page.getByRole('button', { name: 'Enregistrer ce texte' }).click();
  await page.getByText('Ce texte ne peut pas être enregistré').waitFor();
  faults.push(...visit.faults.splice(0).filter((one) => !one.includes('422')));
  await page
    .getByLabel('HTML', { exact: true })
    .fill('<p>Tout est là. <a href="{{url}}">Ouvrir</a></p>');
  await page.getByRole('button', { name: 'M’envoyer un essai' }).click();
  await page.getByText('Un essai part à votre adresse').waitFor();
  await page.getByRole('button', { name: 'Enregistrer ce texte' }).click();
  await page.getByText('Ce texte est propre à').waitFor();
  await frame(page).getByText('Tout est là.').waitFor();
  visit.faults.splice(0, visit.faults.length, ...visit.faults.filter((one) => !one.includes('422')));
  await judge(visit, faults);
}

async function withoutScript(visit, faults) {
  const { page } = visit;
  await page.goto(message);
  await page.getByLabel('HTML', { exact: true }).fill('<p>Sans. <a href="{{url}}">Ouvrir</a></p>');
  await page.getByLabel('Aperçu sur le projet').press('Enter'); // looks, and never saves
  await frame(page).getByText('Sans.').waitFor();
  await page.getByRole('button', { name: 'Voir l’objet et le texte' }).click();
  await frame(page).getByText(/^Objet : /).waitFor();
  await page.getByRole('button', { name: 'Revenir au texte d’origine' }).click();
  await page.getByText('celui livré avec les règles').waitFor();
  faults.push(...visit.faults.splice(0));
}

export async function run(report) {
  const chromium = await openChromium();
  const demo = await Demo.start();
  const faults = [];
  try {
    await report.test('mail_texts.are_seen_tried_and_saved', async () => {
      const visit = await logIn(chromium, demo);
      await seeAndSave(visit, faults);
      await visit.close();
    });
    await report.test('mail_texts.need_no_script', async () => {
      const visit = await logIn(chromium, demo, { javaScriptEnabled: false });
      await withoutScript(visit, faults);
      await visit.close();
    });
    await report.test('mail_texts.pages_are_without_fault', () => {
      if (faults.length > 0) throw new Error(faults.join('\n'));
    });
  } finally {
    await demo.stop();
    await chromium.close();
  }
}
