// Who judges a page: axe-core in the browser, html-validate on the source, and a ruler.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { HtmlValidate } from 'html-validate';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
  'RGAAv4',
];

// What axe finds, a line each: rule, and where.
export async function axeFindings(page, only) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    async ([runOnly]) => {
      const result = await window.axe.run(document, {
        runOnly,
        resultTypes: ['violations'],
        preload: false, // style sheets fetched again serve none of the rules asked for
      });
      return result.violations.flatMap((one) =>
        one.nodes.map(
          (node) =>
            `${one.id}: ${node.target.join(' ')}: ${node.any.map((any) => any.message)[0] ?? one.help}`,
        ),
      );
    },
    [only ? { type: 'rule', values: only } : { type: 'tag', values: tags }],
  );
  return found;
}

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  // A button of a form submits it: the default is what is meant.
  rules: { 'no-implicit-button-type': 'off' },
});

export async function htmlFindings(html) {
  const report = await validator.validateString(html);
  return report.results
    .flatMap((result) => result.messages)
    .map((one) => `html ${one.line}:${one.column} ${one.ruleId}: ${one.message}`);
}

// What sticks out at 320 px, the narrowest screen of WCAG 1.4.10.
export async function narrowFindings(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  let wide = [];
  if (width > 320) {
    wide = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter(
          (node) =>
            node.getBoundingClientRect().right > 321 && !node.closest('.scroll, .visually-hidden'),
        )
        .slice(0, 3)
        .map((node) => `${node.tagName.toLowerCase()}.${node.className}`),
    );
  }
  await page.setViewportSize(before);
  return width > 320 ? [`320 px: the page is ${width} px wide (${wide.join(', ')})`] : [];
}

// Tab through the page: every stop shows where one is; the wanted control is among them.
export async function keyboardFindings(page, wanted, limit = 120) {
  const findings = [];
  let reached = wanted === null;
  for (let i = 0; i < limit; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((name) => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const style = getComputedStyle(node);
      const ring =
        (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) ||
        style.boxShadow !== 'none';
      const box = node.getBoundingClientRect();
      const words = (
        node.getAttribute('aria-label') ||
        node.textContent ||
        node.value ||
        node.name ||
        ''
      )
        .replace(/\s+/g, ' ')
        .trim();
      return {
        words,
        ring,
        seen: box.width > 0 && box.height > 0,
        wanted: name !== null && words.startsWith(name),
      };
    }, wanted);
    if (stop === null) break;
    if (!stop.ring || !stop.seen) findings.push(`keyboard: no visible focus on « ${stop.words} »`);
    reached ||= stop.wanted;
  }
  if (!reached) findings.push(`keyboard: « ${wanted} » is not reached`);
  return findings;
}

// On an A4 sheet: no navigation, nothing wider than the paper, nothing left inside a scrolling frame.
export async function printFindings(page) {
  const before = page.viewportSize();
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 718, height: 1000 });
  const findings = await page.evaluate(() => {
    const said = [];
    const name = (node) => `${node.tagName.toLowerCase()}.${node.className}`;
    const shown = (node) => node.getClientRects().length > 0;
    for (const node of document.querySelectorAll('nav, body > header, body > footer, .skip, button'))
      if (shown(node)) said.push(`${name(node)} is printed`);
    const wide = document.documentElement.scrollWidth;
    if (wide > 718) said.push(`the page is ${wide} px wide, the sheet 718`);
    for (const node of document.querySelectorAll('main *')) {
      if (!shown(node) || node.closest('svg, input, .visually-hidden')) continue; // a line is one line
      const { overflowX, overflowY } = getComputedStyle(node);
      if (overflowX !== 'visible' && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0)
        said.push(`${name(node)} is cut at the side`);
      if (overflowY !== 'visible' && node.scrollHeight > node.clientHeight + 1 && node.clientHeight > 0)
        said.push(`${name(node)} is cut below`);
    }
    return [...new Set(said)].slice(0, 5);
  });
  await page.emulateMedia({ media: null });
  await page.setViewportSize(before);
  return findings.map((one) => `print: ${one}`);
}

// Whatever can take the focus looks otherwise when it has it.
export async function focusFindings(page) {
  await page.keyboard.press('Tab'); // from here on the browser takes us for somebody at a keyboard
  const findings = await page.evaluate(() => {
    const focusable =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const look = (node) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(node);
      return `${outlineStyle === 'none' ? '' : outlineWidth + outlineColor} ${boxShadow}`;
    };
    const said = [];
    for (const node of document.querySelectorAll(focusable)) {
      if (node.disabled || !node.checkVisibility({ checkVisibilityCSS: true })) continue;
      document.activeElement?.blur();
      const without = look(node);
      node.focus({ preventScroll: true });
      const where = `${node.tagName.toLowerCase()}#${node.id} « ${node.textContent.trim().slice(0, 40)} »`;
      if (document.activeElement !== node) said.push(`${where} does not take the focus`);
      else if (look(node) === without) said.push(`${where} looks the same with the focus`);
    }
    document.activeElement?.blur();
    return [...new Set(said)].slice(0, 5);
  });
  return findings.map((one) => `focus: ${one}`);
}

// Tables say what they hold, and what their rows and columns are.
export async function tableFindings(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('table:not([role=presentation])')].flatMap((table, i) => {
      const said = [];
      if (!table.caption?.textContent.trim()) said.push(`table ${i + 1} has no caption`);
      if (!table.querySelector('thead th[scope=col]')) said.push(`table ${i + 1} heads no column`);
      if (table.querySelector('tbody tr') && !table.querySelector('tbody th[scope=row]'))
        said.push(`table ${i + 1} heads no row`);
      return said;
    }),
  );
}

// A refused form says so in its title, at its top with links, and at each field.
export async function refusalFindings(page) {
  return page.evaluate(() => {
    const said = [];
    const alerts = [...document.querySelectorAll('main [role=alert]')];
    if (alerts.length === 0) said.push('nothing tells of the error');
    if (!/^Erreur\s: /.test(document.title)) said.push(`the title is « ${document.title} »`);
    const byId = (id) => document.getElementById(id);
    for (const link of document.querySelectorAll('main [role=alert] a[href^="#"]'))
      if (!byId(decodeURIComponent(link.hash.slice(1)))) said.push(`${link.hash} leads nowhere`);
    for (const error of document.querySelectorAll('main form .error')) {
      const tied = error.id && document.querySelector(`[aria-describedby~="${CSS.escape(error.id)}"]`);
      if (!tied) said.push(`« ${error.textContent.trim()} » is tied to no field`);
    }
    for (const field of document.querySelectorAll('[aria-invalid=true]')) {
      const words = (field.getAttribute('aria-describedby') ?? '').split(' ').map(byId);
      if (!words.some((one) => one)) said.push(`${field.name} does not say what is wrong`);
      if (words.some((one) => one === null)) said.push(`${field.name} is described by nothing`);
    }
    if (!document.querySelector('main form [aria-invalid=true], main form .field-bad, main form [aria-describedby]'))
      said.push('no field is marked');
    return said.map((one) => `errors: ${one}`);
  });
}

export function expect(what, holds, found = '') {
  if (!holds) throw new Error(`Expected ${what}${found ? `, but found: ${found}` : ''}`);
}

// What is wrong with the page a visit is on, and what its console said meanwhile.
export async function judge(visit, faults) {
  const { page } = visit;
  const at = page.url().replace(/^http:..[^/]+/, '');
  const html = await (await page.request.get(page.url())).text();
  const findings = [
    ...(await htmlFindings(html)),
    ...(await axeFindings(page)),
    ...(await narrowFindings(page)),
  ];
  faults.push(...findings.map((one) => `${at}: ${one}`), ...visit.faults.splice(0));
}
