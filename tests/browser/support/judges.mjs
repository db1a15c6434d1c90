// Who judges a page: axe-core in the browser, html-validate on the source, and a ruler.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { HtmlValidate } from 'html-validate';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What axe finds, a line each: rule, and where.
export async function axeFindings(page, only) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    async ([runOnly]) => {
      const result = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
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
