// Chromium, watched: a console error, a failed resource, an exception or a breach of the content
// security policy anywhere in a visit is a fault of the page.
//
//   const chromium = await openChromium();
//   const visit = await newVisit(chromium, product.url);   // a person's own browser
//   … visit.page …
//   visit.faults                                           // [] when all is well
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { root } from './product.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export function openChromium() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}

// What the page of a failed step looked like, for who reads the report; the file's path.
export async function photograph(page, name) {
  const folder = join(root, 'build/browser/failures');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replace(/[^\w.-]+/g, '_')}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  return path;
}

export async function newVisit(browser, baseURL, options = {}) {
  const context = await browser.newContext({
    baseURL,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce', // a colour on its way to another is no colour to judge
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const faults = [];
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `CSP: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sourceFile}`,
      );
    });
  });
  const page = await context.newPage();
  const at = () => page.url().replace(baseURL, '');
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${at()}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${at()}: exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A navigation that another click replaced is no fault.
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
    faults.push(`${at()}: ${request.url()} ${request.failure()?.errorText}`);
  });
  return { context, page, faults, close: () => context.close() };
}
