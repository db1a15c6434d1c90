// Every page x role x {filled, empty, with errors} x {light, dark}. Which pages there are, and to whom
// they open, the product's own table says: one that nobody could reach fails here by its name.
// Every day each page, and every two of those that can meet; all of them with EVERY_COMBINATION.
import { newVisit, photograph } from './support/browser.mjs';
import { Atlas, formsOf } from './support/atlas.mjs';
import * as judges from './support/judges.mjs';
import { everyPair } from './support/pairwise.mjs';

const schemes = ['light', 'dark'];
const workers = 3;
export const canary =
  '"><img src=x onerror="window.canary=1"><script>window.canary=1</script>{{title}}{{{number}}}\'&';

const pathOf = (page) => page.split('?')[0];

// What each person of a world can open: [{ state, role, page, route, addresses }, …].
export async function explore(world, atlas) {
  const sights = [];
  const faults = [];
  const met = new Set();
  const shared = new Map(); // the address of a page that others met first: the same words are judged once
  for (const person of world.people) {
    const found = await atlas.walk(person, world.url, world.more);
    const routes = new Set([...found.elsewhere, ...[...found.values()].map(([one]) => one.route)]);
    for (const route of routes) met.add(route);
    for (const [page, pages] of found) {
      const known = pages.findIndex(({ address }) => address === shared.get(page));
      if (known > 0) pages.unshift(...pages.splice(known, 1));
      else if (known < 0 && !shared.has(page)) shared.set(page, pages[0].address);
      sights.push({ state: world.name, role: person.role, page, route: pages[0].route, pages, world });
    }
    for (const route of atlas.gets()) {
      const due = world.name === 'filled' && !isFile(route) && atlas.opensTo(route, person.role);
      if (due && !routes.has(route.pattern))
        faults.push(`${route.pattern} was not reached by ${person.role}`);
    }
    faults.push(...titleFaults(found).map((one) => `${world.name} ${person.role} ${one}`));
  }
  for (const route of atlas.gets()) {
    if (world.name === 'filled' && !isFile(route) && route.rule !== 'meters' && !met.has(route.pattern))
      faults.push(`${route.pattern} was reached by nobody`);
  }
  return { sights, faults };
}

// No two addresses bear one title: it alone tells them apart in a row of tabs. A list filtered
// otherwise, and the wording that a token or a task brings along, is the same page.
function titleFaults(found) {
  const owners = new Map();
  const faults = [];
  for (const [page, pages] of found) {
    for (const { address, html } of pages) {
      const title = html.match(/<title>([^<]*)<\/title>/)?.[1] ?? '';
      const same = page.endsWith('…') || page.includes('{token}') ? page : address.split('?tache')[0];
      const owner = owners.get(title) ?? same.replace('?…', '');
      owners.set(title, owner);
      if (!/^\S.* – Aiguillage$/.test(title) && !isMail(page))
        faults.push(`${address}: the title is « ${title} »`);
      if (owner !== same.replace('?…', '') && !isMail(page))
        faults.push(`${address}: its title « ${title} » is that of ${owner}`);
    }
  }
  return faults;
}

// A mail as it will look, alone in its frame.
const isMail = (page) => /\/(corps|apercu)(\?.*)?$/.test(page);

// The forms that people can send, each by whom and from where; what has a button only is no form.
export function badPosts(sights, atlas) {
  const posts = new Map();
  const bare = new Set();
  for (const { world, role, pages } of sights.filter((one) => one.state === 'filled')) {
    for (const { address, html } of pages) {
      for (const form of formsOf(html)) {
        const { page, route } = atlas.placeOf(form.action || address, 'POST');
        if (form.bare) bare.add(route);
        else {
          const key = `${role} ${page}`;
          if (!posts.has(key))
            posts.set(key, { world, role, page: `POST ${page}`, route: `POST ${route}`, forms: [] });
          posts.get(key).forms.push({ address, action: form.action });
        }
      }
    }
  }
  const posted = new Set([...posts.values()].map((one) => one.route));
  const faults = atlas.routes
    .filter(({ method, pattern }) => method === 'POST' && !posted.has(`POST ${pattern}`))
    .filter(({ pattern }) => !bare.has(pattern) && !reachedByScript(pattern))
    .map(({ pattern }) => `no page has a form for POST ${pattern}`);
  return { posts: [...posts.values()], faults };
}

// Drafts are kept by a button of the form itself (« do ») or by the script, and a preview is asked for by
// a button of another's form.
const reachedByScript = (pattern) => /\/(brouillon|apercu)$/.test(pattern);

// Files, drawings and what programs read, which are no pages.
const isFile = ({ pattern }) => /\.\w+$/.test(pattern) || /^\/(fichiers|api)\//.test(pattern);

export function casesOf(sights, posts) {
  const states = ['missing', 'hostile'];
  const wrong = states.flatMap((state) => posts.map((post) => ({ ...post, state })));
  return [...sights, ...wrong].flatMap((one) => schemes.map((scheme) => ({ ...one, scheme })));
}

// What the same template makes of one form or another is looked at with all combinations.
const byForm = new Set(['/formulaires/{form}', '/projets/{number}/documents/{form}/{version}']);
export function everyday(all) {
  const named = all.map((one) => ({ ...one, page: byForm.has(one.route) ? one.route : one.page }));
  return everyPair(
    named,
    [
      ['route', 'state'],
      ['route', 'scheme'],
      ['role', 'state'],
      ['role', 'scheme'],
      ['state', 'scheme'],
    ],
    ['page'],
  );
}

// Leaves everything out, or writes the hostile text wherever something can be written.
function fillBadly([action, hostile]) {
  const form = [...document.querySelectorAll('main form[method=post]')].find(
    (one) =>
      one.getAttribute('action') === action &&
      one.querySelector('input:not([type=hidden]), select, textarea'),
  );
  if (!form) return false;
  for (const field of form.elements) {
    if (field.type === 'hidden' || field.tagName === 'BUTTON' || field.type === 'file') continue;
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else {
      if (hostile) field.type !== 'textarea' && (field.type = 'text');
      field.removeAttribute('maxlength');
      field.value = hostile;
    }
  }
  form.noValidate = true;
  const buttons = [...form.elements].filter((one) => one.type === 'submit');
  form.requestSubmit(
    // « Vérifier d’abord » refuses as the act does, and what is let through changes nothing.
    buttons.find((one) => ['rehearse', 'check'].includes(one.value)) ??
      buttons.find((one) => one.name !== 'do' && !one.hasAttribute('formtarget')) ??
      buttons[0],
  );
  return true;
}

// The answer to a form sent badly; nothing when what was done before left no such form.
async function post(page, { forms, state }) {
  for (const { address, action } of forms) {
    await page.goto(address);
    const gone = page.waitForEvent('framenavigated', { timeout: 10_000 }).catch(() => null);
    const answer = page
      .waitForResponse((one) => one.request().isNavigationRequest() && one.request().method() === 'POST', {
        timeout: 10_000,
      })
      .catch(() => null);
    if (!(await page.evaluate(fillBadly, [action, state === 'hostile' ? canary : '']))) continue;
    const response = await answer;
    await gone;
    await page.waitForLoadState();
    if (!response) throw new Error(`${action} did not answer`);
    return response;
  }
  return null;
}

// What is asked of a page and not of a mail: its styles can be nowhere else, it has one part only.
const ofPages = /no-inline-style|^landmark-one-main|^page-has-heading-one|^region/;

class Matrix {
  constructor(chromium) {
    this.chromium = chromium;
    this.judged = new Set();
    this.documents = new Set();
    this.sent = new Set();
    this.faults = [];
    this.counts = { cases: 0, judged: 0, refused: 0, taken: 0, gone: 0 };
  }

  // The same words under the same scheme are judged once; each person's frame too.
  isNew(one, html) {
    const main = html
      .match(/<main[\s\S]*<\/main>/)?.[0]
      .replace(/value="[0-9a-f]{32,}"/g, '')
      .replace(/\/[0-9a-f]{32,}/g, '');
    const frame = `${one.scheme} ${one.role}`;
    const words = `${one.scheme} ${main ?? html}`;
    if (this.judged.has(words) && this.judged.has(frame)) return false;
    this.judged.add(words).add(frame);
    return true;
  }

  async judge(page, one, html, status) {
    if (!this.isNew(one, html)) return [];
    this.counts.judged += 1;
    const findings = await judges.axeFindings(page);
    if (status === 422) findings.push(...(await judges.refusalFindings(page)));
    const hurt = await page.evaluate(
      () => window.canary !== undefined || document.querySelector('img[src="x"]') !== null,
    );
    if (hurt) findings.push('the hostile text became part of the page');
    const words = html.match(/<main[\s\S]*<\/main>/)?.[0] ?? html;
    if (this.documents.has(words)) return findings;
    this.documents.add(words);
    findings.push(...(await judges.htmlFindings(html)), ...(await judges.tableFindings(page)));
    findings.push(...(await judges.narrowFindings(page)), ...(await judges.printFindings(page)));
    await page.emulateMedia({ colorScheme: one.scheme });
    findings.push(...(await judges.focusFindings(page)));
    return findings;
  }

  async one(page, one) {
    this.counts.cases += 1;
    await page.emulateMedia({ colorScheme: one.scheme });
    let response;
    if (one.forms) {
      response = await post(page, one);
      if (!response) {
        this.counts.gone += 1;
        return;
      }
      this.counts[response.status() >= 400 ? 'refused' : 'taken'] += 1;
      this.sent.add(one.page);
    } else if (one.pages[0].sandboxed) {
      // A mail: no script runs where it is shown, ours neither; it is looked at as the post has it.
      const [{ html }] = one.pages;
      await page.goto('about:blank');
      await page.setContent(html);
      const findings = await this.judge(page, one, html, 200);
      for (const finding of findings.filter((f) => !ofPages.test(f))) this.say(one, page, finding);
      return;
    } else {
      response = await page.goto(one.pages[0].address);
    }
    const html = response.status() >= 300 && response.status() < 400 ? await page.content() : await response.text();
    if (response.status() >= 500) this.say(one, page, `it answered ${response.status()}`);
    for (const finding of await this.judge(page, one, html, response.status()))
      this.say(one, page, finding);
  }

  say(one, page, finding) {
    this.faults.push({ where: `${one.page} (${one.state}, ${one.role}, ${one.scheme}, ${new URL(page.url()).pathname})`, finding });
  }

  async play(cases) {
    const left = [...cases].sort((a, b) => `${a.state}${a.role}`.localeCompare(`${b.state}${b.role}`));
    const next = async () => {
      let visit = null;
      let whose = '';
      for (let one = left.shift(); one; one = left.shift()) {
        if (whose !== `${one.world.name} ${one.role}`) {
          if (visit?.of !== one.world.url) {
            await visit?.close();
            visit = { ...(await newVisit(this.chromium, one.world.url)), of: one.world.url };
          }
          await visit.context.clearCookies(); // the next person at the same desk
          await visit.context.addCookies(one.world.people.find((p) => p.role === one.role).cookies);
          whose = `${one.world.name} ${one.role}`;
        }
        try {
          await this.one(visit.page, one);
        } catch (error) {
          this.say(one, visit.page, `${error.message.split('\n')[0]} ${await photograph(visit.page, one.page)}`);
        }
        for (const fault of visit.faults.splice(0))
          if (!/status of 4\d\d/.test(fault)) this.say(one, visit.page, fault);
      }
      await visit?.close();
    };
    await Promise.all(Array.from({ length: workers }, next));
  }
}

// Judges the worlds; gives what was counted and what was found, a line each with where.
export async function playMatrix(chromium, worlds, every) {
  const atlas = Atlas.of(worlds[0].product);
  const told = await Promise.all(worlds.map((world) => explore(world, atlas)));
  const sights = told.flatMap((one) => one.sights);
  const { posts, faults } = badPosts(sights, atlas);
  const all = casesOf(sights, posts);
  const cases = every ? all : everyday(all);
  const matrix = new Matrix(chromium);
  await matrix.play(cases.filter((one) => !one.forms));
  // What people send changes the record: one after the other, so that each form is there once.
  await matrix.play(cases.filter((one) => one.state === 'missing'));
  await matrix.play(cases.filter((one) => one.state === 'hostile'));
  const unsent = cases.filter((one) => one.forms && !matrix.sent.has(one.page));
  faults.push(...[...new Set(unsent.map((one) => one.page))].map((page) => `${page} could never be sent`));
  const lines = new Map();
  for (const { where, finding } of matrix.faults) lines.set(finding, [...(lines.get(finding) ?? []), where]);
  return {
    counts: { pages: new Set(all.map((one) => pathOf(one.page))).size, of: all.length, ...matrix.counts },
    faults: [
      ...told.flatMap((one) => one.faults),
      ...faults,
      ...[...lines].map(([finding, where]) => `${finding}\n  ${where.length} x, first ${where[0]}`),
    ],
  };
}
