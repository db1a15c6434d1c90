// ./run pictures: the screenshots of docs/pictures, made from the running demo.
//
//   node pictures.mjs [FOLDER]
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { newVisit, openChromium } from './support/browser.mjs';
import { Demo } from './support/demo.mjs';
import { root } from './support/product.mjs';

const folder = process.argv[2] ?? join(root, 'docs/pictures');
const limit = 200_000;

// Each role's first page, then the pages that decide whether the product is understood.
const firstPages = {
  program_admin: 'tasks-pilot',
  case_officer: 'tasks-case-officer',
  collection_lead: 'tasks-lead',
  reviewer: 'tasks-reviewer',
  project_holder: 'tasks-holder',
  designer: 'tasks-designer',
};

async function logIn(chromium, demo, role) {
  const visit = await newVisit(chromium, demo.url, { viewport: { width: 1120, height: 780 } });
  await visit.page.goto(demo.link(role));
  await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
  await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  return visit;
}

async function take(page, name, { address, full = false } = {}) {
  if (address) await page.goto(address);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: full, animations: 'disabled' });
  const { size } = statSync(path);
  console.log(
    `${name}.png  ${Math.round(size / 1000)} kB  ${page.url().replace(/^http:..[^/]+/, '')}`,
  );
  if (size > limit)
    throw new Error(`Expected ${name}.png under ${limit} bytes, but it has ${size}`);
}

async function takeOfLead(page) {
  const task = page.getByRole('link', { name: /^Ouvrir : Valider le cadrage/ }).first();
  const decision = await task.getAttribute('href');
  await take(page, 'decision', { address: decision });
  await take(page, 'project', { address: decision.replace(/\/actions\/.*/, '') });
}

async function takeAll(chromium, demo) {
  for (const [role, name] of Object.entries(firstPages)) {
    const visit = await logIn(chromium, demo, role);
    await take(visit.page, name, { address: '/taches' });
    if (role === 'collection_lead') await takeOfLead(visit.page);
    if (role === 'program_admin') {
      await visit.page.setViewportSize({ width: 1120, height: 1250 });
      await take(visit.page, 'pipeline', { address: '/pilotage' });
      await visit.page.setViewportSize({ width: 1120, height: 780 });
      await take(visit.page, 'register', { address: '/projets' });
      await take(visit.page, 'mails', { address: '/courriels' });
    }
    await visit.close();
  }
  const visit = await newVisit(chromium, demo.url, { viewport: { width: 1120, height: 780 } });
  await take(visit.page, 'home', { address: '/' });
  const call = await visit.page
    .getByRole('link', { name: 'Voir l’appel' })
    .first()
    .getAttribute('href');
  await take(visit.page, 'call', { address: call });
  await visit.close();
}

mkdirSync(folder, { recursive: true });
const demo = await Demo.start();
const chromium = await openChromium();
try {
  await takeAll(chromium, demo);
} finally {
  await chromium.close();
  await demo.stop();
}
